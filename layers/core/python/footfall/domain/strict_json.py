"""JSON without surprises: exact numbers, no duplicate keys, no NaN; and back to text."""

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import NoReturn, cast

import simplejson

from footfall.domain.values import JsonValue
from footfall.errors import PermanentError

_MAX_KEY_CHARACTERS = 50
"""Of a key in a message; a key can be as long as the document."""

_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")

_ENCODER = simplejson.JSONEncoder(
    use_decimal=True,
    separators=(",", ":"),
    ensure_ascii=False,
    # Nothing is written that was not read or built: there are no circles, and no named tuples to
    # look for behind every value. It halves the time.
    check_circular=False,
    namedtuple_as_object=False,
)


class InvalidJsonError(PermanentError):
    """The text is no JSON document that Footfall takes; the message says where and why."""


def parse_json(text: str) -> JsonValue:
    """Return the document; integers as `int`, every other number as `Decimal`.

    Raises:
        InvalidJsonError: for malformed text, duplicate keys, NaN and infinities, text nested beyond
            what any event may hold, and lone surrogates, which have no UTF-8 form.
    """
    try:
        document = _DECODER.decode(text)
        text.encode()
        if _SURROGATE_ESCAPE.search(text):
            dump_json(document).encode()
    except RecursionError:
        raise InvalidJsonError("the document is nested too deeply") from None
    except UnicodeEncodeError:
        raise InvalidJsonError("the document holds a lone surrogate") from None
    except simplejson.JSONDecodeError as error:
        problem = error.msg.replace(" %r", "")  # simplejson leaves it unfilled
        raise InvalidJsonError(f"{problem}: line {error.lineno}, column {error.colno}") from None
    except (ValueError, InvalidOperation):
        raise InvalidJsonError("a number has too many digits") from None
    return cast("JsonValue", document)


def dump_json(value: object) -> str:
    """Return compact JSON text; decimals keep every digit."""
    return _ENCODER.encode(value)


def _object_of_unique_keys(pairs: Sequence[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    members = dict(pairs)
    if len(members) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                start = key[:_MAX_KEY_CHARACTERS]
                raise InvalidJsonError(f"the key {start!r} stands twice in one object")
            seen.add(key)
    return members


def _refuse_constant(constant: str) -> NoReturn:
    raise InvalidJsonError(f"{constant} is not a JSON number")


_DECODER = simplejson.JSONDecoder(
    parse_float=Decimal,
    parse_int=int,
    parse_constant=_refuse_constant,
    object_pairs_hook=_object_of_unique_keys,
)
