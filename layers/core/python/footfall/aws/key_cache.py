"""The API keys that this process looked up itself, as they were a minute ago at most.

API Gateway remembers what the authorizer said of a key; where no authorizer can see the key, this
takes its place. Only keys that exist are remembered, so that a new one opens at once.
"""

import time
from dataclasses import dataclass

from footfall.aws.api_keys import ApiKey, find_api_key
from footfall.domain.stores import is_api_key, key_hash

_SECONDS_TO_TRUST = 60.0
_MAX_KEYS = 1_000


@dataclass(frozen=True, slots=True)
class _Known:
    key: ApiKey
    until: float


_known: dict[str, _Known] = {}


def known_api_key(api_key: str) -> ApiKey | None:
    """Return what is kept of a key, revoked or not; None when nobody was ever given it."""
    if not is_api_key(api_key):
        return None
    fingerprint = key_hash(api_key)
    known = _known.get(fingerprint)
    if known is not None and time.monotonic() < known.until:
        return known.key
    _known.pop(fingerprint, None)
    key = find_api_key(fingerprint)
    if key is not None:
        _remember(key)
    return key


def forget_api_keys() -> None:
    """Forget every key."""
    _known.clear()


def _remember(key: ApiKey) -> None:
    if len(_known) >= _MAX_KEYS:
        del _known[next(iter(_known))]
    _known[key.hash] = _Known(key, time.monotonic() + _SECONDS_TO_TRUST)
