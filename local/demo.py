"""The demo store and its key: made by the first run, found again by the next ones."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cli.api_keys import create_key
from cli.cloud import Cloud
from cli.stores import create_store
from footfall.aws.api_keys import find_api_key
from footfall.domain.stores import Scope, key_hash
from footfall.domain.strict_json import dump_json, parse_json

_STORE_ID = "demo"
_STORE_NAME = "Demo store"
_KEY_LABEL = "make run"


@dataclass(frozen=True, slots=True)
class Demo:
    """A store to send events to, and the key that opens it."""

    store_id: str
    api_key: str


def prepare_demo(cloud: Cloud, file: Path) -> Demo:
    """Return the demo store with the key that the file remembers, or with a new one.

    The file alone knows the key: the cloud keeps its hash. And the cloud may have lost that, if its
    last run ended before MiniStack could save.
    """
    store = create_store(cloud, _STORE_NAME, _STORE_ID)
    api_key = _remembered_key(file)
    if api_key is None or find_api_key(key_hash(api_key)) is None:
        api_key = create_key(cloud, store.store_id, _KEY_LABEL, frozenset(Scope))
        file.touch(mode=0o600)
        file.write_text(dump_json({"apiKey": api_key}) + "\n")
    return Demo(store.store_id, api_key)


def _remembered_key(file: Path) -> str | None:
    with suppress(FileNotFoundError):
        match parse_json(file.read_text()):
            case {"apiKey": str(api_key)}:
                return api_key
    return None
