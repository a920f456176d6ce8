"""The reader of the segment language; what it accepts can be stored, read again and asked."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from bench.fuzzing.inputs.examples import PREVIEWS, REDO_EVENTS, SEGMENTS
from bench.fuzzing.inputs.mutations import near, spoilt_of
from bench.fuzzing.parsers.parser import Parser
from footfall.contracts.previews import read_preview
from footfall.contracts.redo import read_event, to_event
from footfall.contracts.segments import read_segment
from footfall.domain.customers import Customer, FieldValue
from footfall.domain.events import Event
from footfall.domain.faults import FaultyDocumentError
from footfall.domain.strict_json import dump_json, parse_json
from footfall.domain.values import JsonValue
from footfall.segments.definitions import Node
from footfall.segments.history import Question, question_faults
from footfall.segments.reading import read_definition
from footfall.segments.segment import canonical_text
from query.reasons import reason_document
from tests.definition_documents import DEFINITIONS

_NOW = datetime(2026, 4, 2, 12, 30, tzinfo=UTC)
_STORE = "64e5a8a1af49a89df37e4ee7"
_ID = "019d4e2b-3c00-7a1b-8c2d-3e4f5a6b7c8d"


def _history() -> tuple[Customer, Sequence[Event]]:
    """Return a customer, and the events of an hour before now."""
    fields: dict[str, FieldValue] = {}
    events: list[Event] = []
    for number, document in enumerate(REDO_EVENTS):
        request = read_event(document, now=_NOW)
        instant = _NOW - timedelta(hours=1, minutes=number)
        events.append(to_event(request, store_id=_STORE, event_id=_ID, now=instant, unique_id=None))
        for path, value in request.customer.profile.items():
            fields[path] = FieldValue(value, instant, _ID)
    return Customer(_STORE, "64e5a8a1af49a89df37e4ee7", _NOW, fields), events


_CUSTOMER, _EVENTS = _history()


def _segment(document: JsonValue) -> Node:
    return read_segment(document)[1]


def _preview(document: JsonValue) -> Node:
    return read_preview(document)[0]


def _parser(inputs: st.SearchStrategy[JsonValue], read: Callable[[JsonValue], Node]) -> Parser:
    def take(document: JsonValue) -> bool:
        try:
            definition = read(document)
        except FaultyDocumentError:
            return False
        _check(definition)
        return True

    return Parser(inputs, take)


def _check(definition: Node) -> None:
    """Fail unless the definition survives the table, and can be asked of a customer."""
    text = canonical_text(definition)
    assert canonical_text(read_definition(parse_json(text))) == text
    if not question_faults(definition, {}):
        verdict = Question(definition, {}).answer(_EVENTS, _CUSTOMER, _NOW)
        dump_json([reason_document(one) for one in verdict.reasons]).encode()


DEFINITION_PARSERS: Mapping[str, Parser] = {
    "segments: PUT": _parser(near(SEGMENTS), _segment),
    "segments: preview": _parser(near(PREVIEWS), _preview),
    "segments: definition": _parser(DEFINITIONS | spoilt_of(DEFINITIONS), read_definition),
}
