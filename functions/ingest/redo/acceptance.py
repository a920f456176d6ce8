"""Which events of a request are accepted, and what is wrong with the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from footfall.contracts.redo import EventRequest, read_events, to_event
from footfall.domain.events import Event
from footfall.domain.faults import MAX_LISTED_FAULTS, Fault
from footfall.domain.values import JsonValue
from ingest.reception import Reception


@dataclass(frozen=True)
class Acceptance:
    """What became of each document of a request: an event, or its faults."""

    fates: Sequence[Event | Sequence[Fault]]

    @cached_property
    def events(self) -> Sequence[Event]:
        """The accepted events."""
        return [fate for fate in self.fates if isinstance(fate, Event)]

    def is_refused(self, *, partially: bool) -> bool:
        """Tell whether nothing is queued: one bad event refuses all, unless a part will do."""
        return not self.events or (len(self.events) < len(self.fates) and not partially)


def accept(
    documents: Sequence[JsonValue], reception: Reception, idempotency_key: str | None
) -> Acceptance:
    """Judge each document by itself; the faults of one are cut to its share of the list.

    Args:
        idempotency_key: the caller's name for the request, or None.
    """
    share = MAX_LISTED_FAULTS // len(documents)
    fates: list[Event | Sequence[Fault]] = []
    ids = reception.new_ids(len(documents))
    requests = read_events(documents, now=reception.now)
    for index, (event_id, request) in enumerate(zip(ids, requests, strict=True)):
        if isinstance(request, EventRequest):
            event = to_event(
                request,
                store_id=reception.store_id,
                event_id=event_id,
                now=reception.now,
                unique_id=None if idempotency_key is None else f"{idempotency_key}:{index}",
            )
            fates.append(event)
        else:
            fates.append(request[:share])
    return Acceptance(fates)
