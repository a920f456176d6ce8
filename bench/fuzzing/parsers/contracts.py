"""The readers of every wire contract, from the document in the body to the events that it means."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from itertools import count
from typing import cast

from hypothesis import strategies as st

from bench.fuzzing.inputs import examples
from bench.fuzzing.inputs.json_values import TEXTS
from bench.fuzzing.inputs.mutations import near
from bench.fuzzing.parsers.accepted import check_readable
from bench.fuzzing.parsers.parser import Parser
from footfall.contracts import klaviyo, redo, yotpo
from footfall.contracts.customerio_calls import CallType
from footfall.contracts.customerio_events import Occasion
from footfall.contracts.customerio_identifiers import identifier_in_path
from footfall.contracts.customerio_operations import read_batch, read_operation
from footfall.contracts.customerio_pipelines import Sender, read_call
from footfall.contracts.customerio_track import (
    read_anonymous_event,
    read_device,
    read_event,
    read_identify,
    read_merge,
)
from footfall.contracts.klaviyo_events import to_event, to_statement
from footfall.contracts.klaviyo_occurrences import Telling
from footfall.contracts.klaviyo_revisions import read_revision
from footfall.domain.faults import Fault, FaultyDocumentError
from footfall.domain.identifiers import Identifier, IdentifierKind
from footfall.domain.instructions import Instruction
from footfall.domain.limits import MAX_BODY_BYTES
from footfall.domain.stores import Scope
from footfall.domain.strict_json import dump_json
from footfall.domain.values import JsonValue

_NOW = datetime(2026, 4, 2, 12, 30, tzinfo=UTC)
_STORE = "64e5a8a1af49a89df37e4ee7"
_ID = "019d4e2b-3c00-7a1b-8c2d-3e4f5a6b7c8d"
_JANE = Identifier(IdentifierKind.EMAIL, "jane@example.com")
_OCCASION = Occasion(_ID, _STORE, _NOW)
_REVISIONS = [
    revision
    for text in ("2022-10-17", "2023-06-15", "2024-10-15", "2025-04-15", "2026-07-15.pre")
    if (revision := read_revision(text)) is not None
]


def _redo_event(document: JsonValue) -> Sequence[Instruction]:
    request = redo.read_event(document, now=_NOW)
    return [redo.to_event(request, store_id=_STORE, event_id=_ID, now=_NOW, unique_id=None)]


def _redo_bulk(document: JsonValue) -> Sequence[Instruction]:
    return [event for one in redo.read_bulk(document) for event in _redo_event(one)]


def _redo_customer(document: JsonValue) -> Sequence[Instruction]:
    redo.profile_fields(redo.read_customer(document))
    return ()


def _klaviyo(
    read: Callable[..., Telling | Sequence[Telling]],
) -> Callable[[JsonValue], Sequence[Instruction]]:
    def told(document: JsonValue) -> Sequence[Instruction]:
        events: list[Instruction] = []
        for revision in _REVISIONS:
            found = read(document, now=_NOW, revision=revision)
            tellings = [found] if isinstance(found, Telling) else found
            events += [to_event(one, store_id=_STORE, event_id=_ID, now=_NOW) for one in tellings]
        return events

    return told


def _klaviyo_profile(document: JsonValue) -> Sequence[Instruction]:
    person = klaviyo.read_profile_update(document, now=_NOW, revision=_REVISIONS[-1])
    return [to_statement(person, store_id=_STORE, event_id=_ID, now=_NOW)]


def _track_operations(document: JsonValue) -> Sequence[Instruction]:
    accepted: list[Instruction] = []
    for one in read_batch(document):
        with suppress(FaultyDocumentError):
            accepted.append(read_operation(one, tuple(Scope), _OCCASION))
    return accepted


def _track_path(text: str) -> Sequence[Instruction]:
    return [read_identify({}, identifier_in_path(text), _OCCASION)]


def _pipelines(sent: tuple[CallType, JsonValue]) -> Sequence[Instruction]:
    call_type, document = sent
    ids = (f"00000000-0000-7000-8000-{number:012d}" for number in count())
    return read_call(call_type, document, Sender(_STORE, _NOW, ids, may_write_customers=True))


def _yotpo(document: JsonValue) -> Sequence[Instruction]:
    custom = yotpo.read_custom_event(document, now=_NOW)
    return [yotpo.to_event(custom, store_id=_STORE, event_id=_ID, now=_NOW)]


def _parser(
    inputs: st.SearchStrategy[JsonValue] | st.SearchStrategy[tuple[CallType, JsonValue]],
    read: Callable[..., Sequence[Instruction]],
) -> Parser:
    def take(sent: object) -> bool:
        if len(dump_json(sent).encode()) > MAX_BODY_BYTES:
            return False  # it gets no further than to the reader of bodies
        try:
            accepted = read(sent)
        except FaultyDocumentError as refusal:
            return _is_refused(refusal.faults)
        if accepted:
            check_readable(accepted)
        return True

    return Parser(inputs, take)


def _is_refused(faults: Sequence[Fault]) -> bool:
    """Return False, which is what it means; fail unless there are faults, and they can be told."""
    assert faults, "a document is refused for nothing"
    for fault in faults:
        f"{fault.pointer} {fault.detail}".encode()
    return False


_CALLS: st.SearchStrategy[tuple[CallType, JsonValue]] = st.sampled_from(CallType).flatmap(
    lambda call_type: st.tuples(
        st.just(call_type),
        near(
            [
                examples.PIPELINES_CALLS[call_type],
                *(examples.PIPELINES_EVENTS_OF_PEOPLE if call_type is CallType.TRACK else ()),
            ]
        ),
    )
)

CONTRACTS: Mapping[str, Parser] = {
    "redo: event": _parser(near(examples.REDO_EVENTS), _redo_event),
    "redo: bulk": _parser(near(examples.REDO_BULKS), _redo_bulk),
    "redo: customer": _parser(near(examples.REDO_CUSTOMERS), _redo_customer),
    "klaviyo: event": _parser(near(examples.KLAVIYO_EVENTS), _klaviyo(klaviyo.read_event)),
    "klaviyo: bulk job": _parser(near(examples.KLAVIYO_JOBS), _klaviyo(klaviyo.read_job)),
    "klaviyo: client events": _parser(near(examples.KLAVIYO_ENTRIES), _klaviyo(klaviyo.read_entry)),
    "klaviyo: client profile": _parser(near(examples.KLAVIYO_PROFILES), _klaviyo_profile),
    "track: identify": _parser(
        near(examples.TRACK_PEOPLE), lambda document: [read_identify(document, _JANE, _OCCASION)]
    ),
    "track: event": _parser(
        near(examples.TRACK_EVENTS), lambda document: [read_event(document, _JANE, _OCCASION)]
    ),
    "track: anonymous event": _parser(
        near(examples.TRACK_EVENTS), lambda document: [read_anonymous_event(document, _OCCASION)]
    ),
    "track: device": _parser(
        near(examples.TRACK_DEVICES), lambda document: [read_device(document, _JANE, _OCCASION)]
    ),
    "track: merge": _parser(
        near(examples.TRACK_MERGES), lambda document: [read_merge(document, _OCCASION)]
    ),
    "track: batch": _parser(near(examples.TRACK_BATCHES), _track_operations),
    "track: person in the path": _parser(cast("st.SearchStrategy[JsonValue]", TEXTS), _track_path),
    "pipelines: call": _parser(_CALLS, _pipelines),
    "yotpo: event": _parser(near(examples.YOTPO_EVENTS), _yotpo),
}
