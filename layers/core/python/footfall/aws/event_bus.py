"""The event bus: what others may hear of, put there at least once.

EventBridge takes ten entries a call and may fail some of them. These are put again, a few times
with growing pauses; after those that are left nothing more is put, as the order is to be kept as
far as EventBridge keeps any.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from footfall.aws.attempts import attempts
from footfall.aws.clients import events, translated_errors
from footfall.domain.strict_json import dump_json
from footfall.domain.values import JsonObject
from footfall.errors import PermanentError, TransientError
from footfall.settings import Setting, read_setting

if TYPE_CHECKING:
    from types_boto3_events.type_defs import (
        PutEventsRequestEntryTypeDef,
        PutEventsResultEntryTypeDef,
    )

SOURCE = "footfall"

MAX_ENTRY_BYTES = 250_000
"""Of one entry and of all entries of a call. EventBridge takes 1 MB, some of its targets 256 KB."""

LOWEST_INTEGER, HIGHEST_INTEGER = -(2**63), 2**63 - 1
"""What EventBridge takes as an integer."""

_MAX_ENTRIES = 10
_TIME_BYTES = 14
_ATTEMPTS = 6
_PERMANENT_CODES = frozenset({"InvalidArgument", "MalformedDetail"})


class DetailType(StrEnum):
    """What an entry tells of."""

    SEGMENT_ENTERED = "segment.entered"
    SEGMENT_EXITED = "segment.exited"
    EVENT_STORED = "event.stored"


@dataclass(frozen=True, slots=True)
class BusEntry:
    """What one entry says.

    Attributes:
        at: the instant that the entry carries as its time.
        detail: JSON text.
    """

    detail_type: DetailType
    at: datetime
    detail: str

    @classmethod
    def of(cls, detail_type: DetailType, at: datetime, detail: JsonObject) -> "BusEntry":
        """Return the entry that says this."""
        return cls(detail_type, at, dump_json(detail))

    @property
    def size(self) -> int:
        """Return the bytes that EventBridge counts."""
        return (
            _TIME_BYTES
            + len(SOURCE.encode())
            + len(self.detail_type.encode())
            + len(self.detail.encode())
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a sequence of entries.

    Attributes:
        done: how many, from the first on, need not come again.
        refused: of these, why EventBridge will never take one, by its place in the sequence.
        stopped_by: what kept the rest from being put, if there is a rest.
    """

    done: int
    refused: Mapping[int, str]
    stopped_by: TransientError | None = None


class _LeftError(TransientError):
    """Entries of a call are left.

    Attributes:
        first: the place of the first of them.
    """

    def __init__(self, first: int, reason: str) -> None:
        super().__init__(reason)
        self.first = first


_Run = Mapping[int, BusEntry]
"""Entries of one call, by their place, in order."""


def put_entries(entries: Sequence[BusEntry]) -> Outcome:
    """Put the entries onto the bus, in their order, until some of them cannot be put now."""
    refused: dict[int, str] = {}
    for run in _runs(entries):
        try:
            _put(run, refused)
        except _LeftError as error:
            settled = {place: why for place, why in refused.items() if place < error.first}
            return Outcome(error.first, settled, error)
    return Outcome(len(entries), refused)


def _runs(entries: Sequence[BusEntry]) -> Iterator[_Run]:
    run: dict[int, BusEntry] = {}
    room = MAX_ENTRY_BYTES
    for place, entry in enumerate(entries):
        if run and (len(run) == _MAX_ENTRIES or entry.size > room):
            yield run
            run = {}
            room = MAX_ENTRY_BYTES
        run[place] = entry
        room -= entry.size
    if run:
        yield run


def _put(run: _Run, refused: dict[int, str]) -> None:
    """Put the entries of a call; one that is refused whole is halved until the bad stand alone."""
    try:
        _put_unguarded(run, refused)
    except PermanentError as error:
        places = list(run)
        if len(places) == 1:
            refused[places[0]] = str(error)
            return
        middle = len(places) // 2
        for half in (places[:middle], places[middle:]):
            _put({place: run[place] for place in half}, refused)


def _put_unguarded(run: _Run, refused: dict[int, str]) -> None:
    pending = dict(run)
    code = ""
    for _ in attempts(_ATTEMPTS):
        for place, result in zip(list(pending), _call(pending), strict=True):
            code = result.get("ErrorCode", "")
            if code in _PERMANENT_CODES:
                refused[place] = f"events.PutEvents: {code}"
            if not code or code in _PERMANENT_CODES:
                del pending[place]
        if not pending:
            return
    raise _LeftError(min(pending), f"events.PutEvents: entries were left: {code}")


def _call(run: _Run) -> "Sequence[PutEventsResultEntryTypeDef]":
    bus = read_setting(Setting.EVENT_BUS_NAME)
    try:
        with translated_errors("events.PutEvents"):
            response = events().put_events(
                Entries=[_to_request(bus, entry) for entry in run.values()]
            )
    except TransientError as error:
        raise _LeftError(min(run), str(error)) from error
    return response["Entries"]


def _to_request(bus: str, entry: BusEntry) -> "PutEventsRequestEntryTypeDef":
    return {
        "EventBusName": bus,
        "Source": SOURCE,
        "DetailType": entry.detail_type,
        "Time": entry.at,
        "Detail": entry.detail,
        "Resources": [],
    }
