"""Which events of a request are accepted, and what is wrong with the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from footfall.contracts.redo import read_event, to_event
from footfall.domain.events import Event
from footfall.domain.faults import MAX_LISTED_FAULTS, Fault, FaultyDocumentError
from footfall.domain.values import JsonValue


@dataclass(frozen=True, slots=True)
class Reception:
    """The circumstances under which a request came in.

    Attributes:
        store_id: the store of the caller's key.
        now: when.
        event_ids: one for each event; ascending, so that a timeline keeps the order of a request.
        idempotency_key: the caller's name for the request, or None.
    """

    store_id: str
    now: datetime
    event_ids: Sequence[str]
    idempotency_key: str | None


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What became of each document of a request: an event, or its faults."""

    fates: Sequence[Event | Sequence[Fault]]

    @property
    def events(self) -> Sequence[Event]:
        """The accepted events."""
        return [fate for fate in self.fates if isinstance(fate, Event)]

    def is_refused(self, *, partially: bool) -> bool:
        """Tell whether nothing is queued: one bad event refuses all, unless a part will do."""
        return not self.events or (len(self.events) < len(self.fates) and not partially)


def accept(documents: Sequence[JsonValue], reception: Reception) -> Acceptance:
    """Judge each document by itself; the faults of one are cut to its share of the list."""
    share = MAX_LISTED_FAULTS // len(documents)
    return Acceptance(
        [_judge(document, index, reception, share) for index, document in enumerate(documents)]
    )


def _judge(
    document: JsonValue, index: int, reception: Reception, share: int
) -> Event | Sequence[Fault]:
    try:
        request = read_event(document, now=reception.now)
    except FaultyDocumentError as error:
        return error.faults[:share]
    key = reception.idempotency_key
    return to_event(
        request,
        store_id=reception.store_id,
        event_id=reception.event_ids[index],
        now=reception.now,
        unique_id=None if key is None else f"{key}:{index}",
    )
