"""All parsers, by name."""

from collections.abc import Mapping

from bench.fuzzing.parsers.contracts import CONTRACTS
from bench.fuzzing.parsers.definitions import DEFINITION_PARSERS
from bench.fuzzing.parsers.envelopes import ENVELOPE_PARSERS
from bench.fuzzing.parsers.parser import Parser
from bench.fuzzing.parsers.requests import REQUEST_PARSERS
from bench.fuzzing.parsers.rows import ROW_PARSERS
from bench.fuzzing.parsers.texts import TEXT_PARSERS

PARSERS: Mapping[str, Parser] = {
    **TEXT_PARSERS,
    **CONTRACTS,
    **DEFINITION_PARSERS,
    **ENVELOPE_PARSERS,
    **ROW_PARSERS,
    **REQUEST_PARSERS,
}
