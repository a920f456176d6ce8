"""The reader of envelopes: what travels from ingest to process, and to the dead letters."""

from collections.abc import Mapping
from datetime import UTC, datetime

from bench.fuzzing.inputs.mutations import near
from bench.fuzzing.parsers.parser import Parser
from footfall.domain.envelope import (
    UnreadableEventError,
    read_instruction,
    split_envelope,
    to_envelope,
)
from footfall.domain.identifiers import Identifier, IdentifierKind
from footfall.domain.instructions import Deletion, Merge
from footfall.domain.strict_json import dump_json
from footfall.domain.values import JsonValue
from tests.contracts.redo_documents import EVENT_ID, STORE, documented_event

_NOW = datetime(2026, 4, 2, 12, 30, tzinfo=UTC)
_JANE = Identifier(IdentifierKind.EMAIL, "jane@example.com")
_FIVE = Identifier(IdentifierKind.ID, "5")
_EXAMPLES: list[JsonValue] = [
    to_envelope([documented_event()]),
    to_envelope([Merge(EVENT_ID, STORE, _NOW, "customerio", _JANE, _FIVE)]),
    to_envelope([Deletion(EVENT_ID, STORE, _NOW, "customerio", _FIVE)]),
]


def _envelope(document: JsonValue) -> bool:
    try:
        for one in split_envelope(document):
            dump_json(to_envelope([read_instruction(one)])).encode()
    except UnreadableEventError:
        return False
    return True


ENVELOPE_PARSERS: Mapping[str, Parser] = {"envelopes": Parser(near(_EXAMPLES), _envelope)}
