"""JSON without surprises: exact numbers, no duplicate keys, no NaN; and back to text.

Jiter reads it, as it is the one quick parser that keeps decimals and tells of duplicate keys;
msgspec writes it, as it is the one quick writer that knows decimals.
"""

from typing import cast

import jiter
import msgspec

from footfall.domain.values import JsonValue
from footfall.errors import PermanentError

_MAX_PROBLEM_CHARACTERS = 80
"""Of what is wrong; it may quote a key, which can be as long as the document."""

_TOO_MANY_DIGITS = "a number has too many digits"
_PLAIN_WORDS = {
    "number out of range": _TOO_MANY_DIGITS,
    'Internal error: "InvalidOperation': _TOO_MANY_DIGITS,  # an exponent that is no decimal's
    "recursion limit exceeded": "the document is nested too deeply",
    "lone leading surrogate in hex escape": "the document holds a lone surrogate",
    "unexpected end of hex escape": "the document holds a lone surrogate",
}
"""What jiter says, by how it begins, where its words mean little to whoever wrote the document."""

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_ENCODER = msgspec.json.Encoder(decimal_format="number")


class InvalidJsonError(PermanentError):
    """The text is no JSON document that Footfall takes; the message says where and why."""


def parse_json(text: str) -> JsonValue:
    """Return the document; integers as `int`, every other number as `Decimal`.

    Raises:
        InvalidJsonError: for malformed text, duplicate keys, NaN and infinities, text nested beyond
            what any event may hold, and lone surrogates, which have no UTF-8 form.
    """
    try:
        content = text.encode().removeprefix(_BYTE_ORDER_MARK)
        document = jiter.from_json(
            content,
            allow_inf_nan=False,
            cache_mode="keys",  # the same in every event of a bulk, which its values are not
            catch_duplicate_keys=True,
            float_mode="decimal",
        )
    except UnicodeEncodeError:
        raise InvalidJsonError("the document holds a lone surrogate") from None
    except ValueError as error:
        raise InvalidJsonError(_in_plain_words(str(error))) from None
    return cast("JsonValue", document)


def dump_json(value: object) -> str:
    """Return compact JSON text; decimals keep every digit.

    Raises:
        UnicodeEncodeError: for lone surrogates.
    """
    return _ENCODER.encode(value).decode()


def dump_indented_json(value: object) -> str:
    """Return JSON text that people read: indented, a member a line."""
    return msgspec.json.format(dump_json(value), indent=2)


def _in_plain_words(error: str) -> str:
    problem, _, place = error.removeprefix("Detected ").rpartition(" at line ")
    for beginning, words in _PLAIN_WORDS.items():
        if problem.startswith(beginning):
            problem = words
    line, _, column = place.partition(" column ")
    return f"{problem[:_MAX_PROBLEM_CHARACTERS]}: line {line}, column {column}"
