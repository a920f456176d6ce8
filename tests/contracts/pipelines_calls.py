"""Calls of the Pipelines API as its clients write them, and what they are read as."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from footfall.contracts.customerio_calls import CallType
from footfall.contracts.customerio_pipelines import Sender, read_call
from footfall.domain.events import Event
from footfall.domain.faults import FaultyDocumentError
from footfall.domain.instructions import Instruction

NOW = datetime(2026, 4, 2, 12, tzinfo=UTC)
STORE = "64e5a8a1af49a89df37e4ee7"

COMMON: Mapping[str, object] = {
    "messageId": "ajs-f8ca1e4de5024d9430b3928bd8ac6b96",
    "timestamp": "2026-04-01T19:11:01.249Z",
    "sentAt": "2026-04-01T19:11:01.169Z",
    "originalTimestamp": "2026-04-01T19:11:01.152Z",
    "context": {"library": {"name": "analytics.js", "version": "2.11.1"}, "ip": "108.0.78.21"},
    "integrations": {"All": True},
    "_metadata": {"bundled": []},
}
"""What every SDK adds to every call."""


def ids() -> Iterator[str]:
    """Yield event ids, ascending for ever."""
    number = 0
    while True:
        yield f"00000000-0000-7000-8000-{number:012d}"
        number += 1


def instructions_of(
    call_type: CallType, call: object, *, may_write_customers: bool = True
) -> list[Instruction]:
    """Return what a call means."""
    sender = Sender(STORE, NOW, ids(), may_write_customers)
    return list(read_call(call_type, call, sender))  # type: ignore[arg-type]  # any JSON


def event_of(call_type: CallType, **call: object) -> Event:
    """Return the one event that a call means."""
    (event,) = instructions_of(call_type, call)
    assert isinstance(event, Event)
    return event


def faults_of(call_type: CallType, call: object, **sender: bool) -> dict[str, str]:
    """Return what is wrong with a call: pointer to detail."""
    try:
        instructions_of(call_type, call, **sender)
    except FaultyDocumentError as error:
        return {fault.pointer: fault.detail for fault in error.faults}
    return {}
