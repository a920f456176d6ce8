"""Stores and their API keys: ids, scopes, and what is derived from them."""

import hashlib
import re
from enum import StrEnum

from footfall.errors import PermanentError

_STORE_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
KEY_PREFIX = "footfall_"
"""Starts every API key, so that secret scanners can find a leaked one."""

PUBLIC_KEY_PREFIX = f"{KEY_PREFIX}public_"
"""Starts a key that may stand in pages and URLs, as it can do no more than send events."""

API_KEY_PATTERN = f"{KEY_PREFIX}(public_)?[A-Za-z0-9_-]{{43}}"
"""What every API key looks like: after its prefix come 32 random bytes in URL-safe base64."""

_API_KEY = re.compile(API_KEY_PATTERN)


class Scope(StrEnum):
    """What an API key may do (Redo's names)."""

    CUSTOMER_EVENTS_WRITE = "customer_events_write"
    CUSTOMERS_READ = "customers_read"
    CUSTOMERS_WRITE = "customers_write"
    SEGMENTS_WRITE = "segments_write"


PUBLIC_SCOPES = frozenset({Scope.CUSTOMER_EVENTS_WRITE})
"""What a public key may do, always and only."""


def check_store_id(store_id: str) -> str:
    """Return the id unchanged.

    Raises:
        PermanentError: when it is not 1 to 64 letters, digits, `_` or `-`.
    """
    if _STORE_ID.fullmatch(store_id) is None:
        raise PermanentError("a store id is 1 to 64 letters, digits, '_' or '-'")
    return store_id


def key_hash(api_key: str) -> str:
    """Return the SHA-256 of an API key: what the Keys table knows it by.

    The key holds 256 random bits, so a slow hash would add nothing.
    """
    return hashlib.sha256(api_key.encode()).hexdigest()


def is_api_key(text: str) -> bool:
    """Tell whether the text looks like an API key; what does not is worth no look-up."""
    return _API_KEY.fullmatch(text) is not None


def is_public_key(api_key: str) -> bool:
    """Tell whether the key is meant to be seen: it may be sent where secrets must not."""
    return api_key.startswith(PUBLIC_KEY_PREFIX)


def usage_key(store_id: str) -> str:
    """Return the value of the store's API Gateway key, which its requests are throttled by.

    It is no credential (the gateway takes it from the authorizer), and a function of the store, so
    that it needs no look-up and outlives every rotation of the store's API keys. API Gateway wants
    20 to 128 alphanumeric characters.
    """
    return hashlib.sha256(f"footfall usage {store_id}".encode()).hexdigest()[:40]
