"""Form-encoded bodies (`application/x-www-form-urlencoded`), whose brackets make them documents.

`data[price]=1` is `{"data": {"price": "1"}}`, `data[tags][]=a&data[tags][]=b` a list, and
`items[][sku]=a&items[][sku]=b` a list of objects, each of which ends where a key comes again.
Every value is a text. It is how Ruby on Rails reads forms, and how Customer.io's clients for Ruby
and its examples for curl write them.
"""

import re
from urllib.parse import parse_qsl

from footfall.domain.limits import MAX_DEPTH
from footfall.domain.values import JsonObject, JsonValue
from footfall.errors import PermanentError

MAX_FORM_FIELDS = 10_000

_NAME = re.compile(r"(?P<first>[^\[]*)(?P<steps>(?:\[[^\[\]]*\])*)")
_STEP = re.compile(r"\[([^\[\]]*)\]")
_EACH = ""
"""The step `[]`: a further element of a list."""


class InvalidFormError(PermanentError):
    """The text is no form that makes a document."""


def parse_form(text: str) -> JsonObject:
    """Return the document that a form makes; of a name that comes twice, the last value.

    A name whose brackets do not match is a name as it stands.

    Raises:
        InvalidFormError: when a name is both a text and an object, or an object and a list, when
            the document were nested too deeply, or the text is no UTF-8 or has too many fields.
    """
    try:
        fields = parse_qsl(
            text, keep_blank_values=True, errors="strict", max_num_fields=MAX_FORM_FIELDS
        )
    except UnicodeDecodeError:
        raise InvalidFormError("the form is not UTF-8") from None
    except ValueError:
        raise InvalidFormError(f"the form has more than {MAX_FORM_FIELDS} fields") from None
    document: dict[str, JsonValue] = {}
    for name, value in fields:
        _put(document, _steps(name), value)
    return document


def _steps(name: str) -> list[str]:
    match = _NAME.fullmatch(name)
    if match is None or not match["first"]:
        return [name]
    steps = [match["first"], *_STEP.findall(match["steps"])]
    if len(steps) > MAX_DEPTH:
        raise InvalidFormError(f"the form is nested deeper than {MAX_DEPTH} levels")
    return steps


def _put(container: dict[str, JsonValue], steps: list[str], value: str) -> None:
    """Put the value where the steps lead, and make the containers on the way there."""
    step, *rest = steps
    if not rest:
        if isinstance(container.get(step, ""), dict | list):
            raise _contradiction(step)
        container[step] = value
    elif rest[0] == _EACH:
        elements = container.setdefault(step, [])
        if not isinstance(elements, list):
            raise _contradiction(step)
        _append(elements, rest[1:], value)
    else:
        inner = container.setdefault(step, {})
        if not isinstance(inner, dict):
            raise _contradiction(step)
        _put(inner, rest, value)


def _append(elements: list[JsonValue], steps: list[str], value: str) -> None:
    """Add to a list: a text, or a member of its last object unless that has the member already."""
    if not steps:
        elements.append(value)
        return
    if steps[0] == _EACH:
        raise InvalidFormError("a list in the form has lists as its elements")
    last = elements[-1] if elements else None
    if not isinstance(last, dict) or _has(last, steps):
        last = {}
        elements.append(last)
    _put(last, steps, value)


def _has(element: JsonValue, steps: list[str]) -> bool:
    """Tell whether the member is there already, so that it begins the next element."""
    for step in steps:
        if step == _EACH:
            return False  # one more for the list
        if not isinstance(element, dict) or step not in element:
            return False
        element = element[step]
    return True


def _contradiction(step: str) -> InvalidFormError:
    return InvalidFormError(f"the field {step[:50]!r} has values that do not go together")
