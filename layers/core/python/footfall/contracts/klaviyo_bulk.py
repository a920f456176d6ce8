"""What Klaviyo's contract, and Footfall's, ask of the events that stand in one request."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from footfall.contracts.klaviyo_occurrences import Telling
from footfall.domain.faults import MAX_LISTED_FAULTS, Fault, FaultyDocumentError
from footfall.domain.limits import MAX_BODY_BYTES, MAX_CUSTOMER_BYTES
from footfall.domain.strict_json import dump_json
from footfall.domain.values import JsonValue

if TYPE_CHECKING:
    from footfall.domain.identifiers import Identifier

MAX_EVENTS = 1_000
"""Of a request, over all its profiles (Klaviyo's reference)."""

_MAX_REPEATED_BYTES = 4 * MAX_BODY_BYTES
_TOO_MANY = f"Must have at most {MAX_EVENTS} events, over all profiles."
_TOO_REPETITIVE = (
    "Says too much of its profiles: each event is stored with what is said of its profile, "
    f"which must be {_MAX_REPEATED_BYTES} bytes as JSON at most in a request."
)
_REPEATED = "Stands twice in the request for the same profile and metric; nothing of it is stored."


def share_of_faults(entries: JsonValue, pointer: str) -> int:
    """Return how many faults of each event of a request are listed.

    The events are counted before they are read: millions fit a body, and the faults of as many do
    not fit the memory of the process.

    Args:
        entries: what the request lists, each with its `events`; nothing of it has been checked.
        pointer: where the request lists them.

    Raises:
        FaultyDocumentError: when they have too many events.
    """
    count = sum(_events_in(one) for one in entries) if isinstance(entries, list) else 0
    if count > MAX_EVENTS:
        raise FaultyDocumentError([Fault(pointer, _TOO_MANY)])
    return MAX_LISTED_FAULTS // max(1, count)


def value_at(document: JsonValue, *names: str) -> JsonValue:
    """Return what stands in a document where these names lead; None if they lead nowhere."""
    for name in names:
        if not isinstance(document, dict):
            return None
        document = document.get(name)
    return document


def check_together(tellings: Sequence[Telling], pointer: str) -> None:
    """Refuse events that cannot stand in one request.

    Args:
        tellings: all events of the request.
        pointer: where the request lists them.

    Raises:
        FaultyDocumentError: with every fault; none of the events counts then.
    """
    faults = [
        *([Fault(pointer, _TOO_MANY)] if len(tellings) > MAX_EVENTS else []),
        *([Fault(pointer, _TOO_REPETITIVE)] if _is_too_repetitive(tellings) else []),
        *_repeated(tellings),
    ]
    if faults:
        raise FaultyDocumentError(faults[:MAX_LISTED_FAULTS])


def _events_in(entry: JsonValue) -> int:
    """Return how many events an entry has; of a list too long by itself, as many as it may have."""
    events = value_at(entry, "attributes", "events", "data")
    return min(len(events), MAX_EVENTS) if isinstance(events, list) else 0


def _is_too_repetitive(tellings: Sequence[Telling]) -> bool:
    if len(tellings) * MAX_CUSTOMER_BYTES <= _MAX_REPEATED_BYTES:  # sooner told
        return False
    sizes: dict[int, int] = {}
    total = 0
    for telling in tellings:
        fields = telling.person.fields
        if id(fields) not in sizes:
            sizes[id(fields)] = len(dump_json(fields).encode())
        total += sizes[id(fields)]
    return total > _MAX_REPEATED_BYTES


def _repeated(tellings: Sequence[Telling]) -> list[Fault]:
    """Return a fault for each unique id that its profile and metric have had before.

    Profiles are the same when they share an identifier.
    """
    seen: set[tuple[Identifier, str, str]] = set()
    faults: list[Fault] = []
    for telling in tellings:
        occurrence = telling.occurrence
        unique_id = occurrence.get("unique_id")
        if unique_id is None:
            continue
        keys = {
            (identifier, occurrence["metric"], unique_id)
            for identifier in telling.person.identifiers
        }
        if keys & seen:
            faults.append(Fault(f"{telling.pointer}/unique_id", _REPEATED))
        seen |= keys
    return faults
