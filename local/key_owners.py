"""Whose API key a request brings: what AWS learns from the authorizer, and MiniStack does not."""

import threading
import time
from collections.abc import Callable

from footfall.aws.api_keys import ApiKey, KeyStatus, find_api_key
from footfall.domain.stores import key_hash

_SECONDS_REMEMBERED = 2
"""As long as the gateway of this stage remembers what its authorizer has said."""


class KeyOwners:
    """The stores of the API keys, each remembered for as long as the gateway remembers it.

    Args:
        find: looks an API key up by its hash.
    """

    def __init__(
        self,
        find: Callable[[str], ApiKey | None] = find_api_key,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._find = find
        self._clock = clock
        self._known: dict[str, tuple[float, str]] = {}
        self._looking = threading.Lock()

    def store_of(self, api_key: str) -> str | None:
        """Return the store of the key; None for a key that opens nothing, never remembered."""
        hashed = key_hash(api_key)
        with self._looking:  # who comes at the same time finds what the first one has found
            seen_at, store_id = self._known.get(hashed, (0.0, None))
            if store_id is not None and self._clock() - seen_at < _SECONDS_REMEMBERED:
                return store_id
            key = self._find(hashed)
            if key is None or key.status is not KeyStatus.ACTIVE:
                self._known.pop(hashed, None)
                return None
            self._known[hashed] = (self._clock(), key.store_id)
            return key.store_id
