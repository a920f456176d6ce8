"""What tests ask of the customers whom an SDK has told of."""

from tests.e2e.polling import eventually
from tests.e2e.store import Json, Store

_STATEMENT = "$identify"
"""The name under which the calls stand that only say who somebody is."""


def deeds(store: Store, count: int, **identifier: str) -> list[Json]:
    """Wait until a customer has done so many things, and return them, newest first."""

    def all_deeds() -> list[Json] | None:
        timeline = store.timeline(store.customer(**identifier)["id"])
        found = [event for event in timeline if event["eventName"] != _STATEMENT]
        return found if len(found) >= count else None

    return eventually(all_deeds)
