"""The demo store and its keys: made by the first run, found again by the next ones."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cli.api_keys import create_key, create_public_key
from cli.cloud import Cloud
from cli.stores import create_store
from footfall.aws.api_keys import find_api_key
from footfall.domain.stores import Scope, key_hash
from footfall.domain.strict_json import dump_json, parse_json

_STORE_ID = "demo"
_STORE_NAME = "Demo store"
_KEY_LABEL = "make run"
_PUBLIC_KEY_LABEL = "make run, public"
_API_KEY = "apiKey"
_PUBLIC_KEY = "publicKey"


@dataclass(frozen=True, slots=True)
class Demo:
    """A store to send events to, and the keys that open it.

    Attributes:
        api_key: may do everything.
        public_key: may only send events, as pages and apps do.
    """

    store_id: str
    api_key: str
    public_key: str


def prepare_demo(cloud: Cloud, file: Path) -> Demo:
    """Return the demo store with the keys that the file remembers, or with new ones.

    The file alone knows the keys: the cloud keeps their hashes. And the cloud may have lost those,
    if its last run ended before MiniStack could save.
    """
    store = create_store(cloud, _STORE_NAME, _STORE_ID)
    remembered = _remembered_keys(file)
    demo = Demo(
        store.store_id,
        remembered.get(_API_KEY) or create_key(cloud, store.store_id, _KEY_LABEL, frozenset(Scope)),
        remembered.get(_PUBLIC_KEY) or create_public_key(cloud, store.store_id, _PUBLIC_KEY_LABEL),
    )
    file.touch(mode=0o600)
    file.write_text(dump_json({_API_KEY: demo.api_key, _PUBLIC_KEY: demo.public_key}) + "\n")
    return demo


def _remembered_keys(file: Path) -> dict[str, str]:
    """Return the keys in the file that the cloud still knows."""
    with suppress(FileNotFoundError):
        members = parse_json(file.read_text())
        if isinstance(members, dict):
            return {
                name: api_key
                for name, api_key in members.items()
                if isinstance(api_key, str) and find_api_key(key_hash(api_key))
            }
    return {}
