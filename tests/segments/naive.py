"""The segment language once more, as plainly as its page says it, to compare the engine with.

Every answer is computed from the whole history, over plain JSON: nothing is kept, indexed or
remembered, so that the page can be checked against this file line by line.
"""

import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

from footfall.domain.customers import Customer
from footfall.domain.events import Event
from footfall.domain.timestamps import from_microseconds, parse_timestamp, to_microseconds

Document: TypeAlias = Mapping[str, Any]
"""A definition, or a part of one, as strict JSON has it."""

_UNITS = {
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(hours=24),
    "w": timedelta(hours=7 * 24),
}
_ORDERS: Mapping[str, Callable[[Any, Any], bool]] = {
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}
_COMPLEMENTS = {
    "ne": "eq",
    "not_in": "in",
    "not_contains": "contains",
    "not_exists": "exists",
    "not_within_last": "within_last",
}


def is_member(
    definition: Document,
    history: Sequence[Event],
    customer: Customer | None,
    now: datetime,
    others: Mapping[str, Document],
) -> bool:
    """Tell whether the definition is true of the customer at `now`.

    Args:
        history: the events on the customer's timeline, in any order.
        customer: the profile at `now`; None when nobody has said anything about the customer.
        others: the definitions of the store's segments, by id.
    """

    def holds(node: Document) -> bool:
        return is_member(node, history, customer, now, others)

    if "all" in definition:
        return all(holds(child) for child in definition["all"])
    if "any" in definition:
        return any(holds(child) for child in definition["any"])
    if "not" in definition:
        return not holds(definition["not"])
    if "segment" in definition:
        other = others.get(definition["segment"])
        return other is not None and holds(other)
    if "attribute" in definition:
        return _passes(definition, _attribute_values(customer, definition["attribute"]), now)
    return _did(definition, history, now)


def flip_instants(  # noqa: PLR0913, PLR0917  # all that an answer depends on, and the time between
    definition: Document,
    history: Sequence[Event],
    customer: Customer | None,
    start: datetime,
    end: datetime,
    others: Mapping[str, Document],
) -> list[datetime]:
    """Return every instant after `start`, up to `end`, at which the answer becomes another one."""
    durations = {
        duration // timedelta(microseconds=1)
        for document in (definition, *others.values())
        for duration in _durations(document)
    }
    instants = {to_microseconds(event.event_timestamp) for event in history}
    instants |= {to_microseconds(date) for date in _dates_of(customer)}
    instants |= {
        instant + moved
        for instant in set(instants)
        for duration in durations
        for moved in (duration, -duration)
    }

    def answer(microseconds: int) -> bool:
        now = from_microseconds(microseconds)
        return is_member(definition, history, customer, now, others)

    return [
        from_microseconds(instant)
        for instant in sorted(instants)
        if to_microseconds(start) < instant <= to_microseconds(end)
        and answer(instant) != answer(instant - 1)
    ]


def _did(behaviour: Document, history: Sequence[Event], now: datetime) -> bool:
    matching = [
        event
        for event in history
        if _is_named(event.event_name, behaviour["event"])
        and _is_within(event.event_timestamp, behaviour.get("within"), now)
        and _matches(behaviour.get("where"), event, now)
    ]
    if "sum" in behaviour:
        path = behaviour["sum"]["of"]
        total = sum((_addend(event, path) for event in matching), start=Fraction(0))
        return _compares(total, behaviour["sum"])
    return _compares(Fraction(len(matching)), behaviour.get("count", {"gte": 1}))


def _compares(amount: Fraction, comparison: Document) -> bool:
    if "between" in comparison:
        lower, upper = map(Fraction, comparison["between"])
        return lower <= amount <= upper
    if "eq" in comparison:
        return amount == Fraction(comparison["eq"])
    return all(
        order(amount, Fraction(comparison[name]))
        for name, order in _ORDERS.items()
        if name in comparison
    )


def _is_named(name: str, wanted: Any) -> bool:  # noqa: ANN401  # JSON
    if isinstance(wanted, str):
        return name == wanted
    if "any_of" in wanted:
        return name in wanted["any_of"]
    pattern = "".join(
        {"*": ".*", r"\*": r"\*"}.get(part, re.escape(part))
        for part in re.split(r"(\\\*|\*)", wanted["like"])
    )
    return re.fullmatch(pattern, name, re.DOTALL) is not None


def _is_within(instant: datetime, window: Document | None, now: datetime) -> bool:
    if instant > now:
        return False
    if window is None:
        return True
    if "last" in window:
        return now - _duration(window["last"]) < instant
    return not (
        ("from" in window and instant < _date(window["from"]))
        or ("to" in window and instant >= _date(window["to"]))
    )


def _matches(where: Document | None, event: Event, now: datetime) -> bool:
    if where is None:
        return True
    if "all" in where:
        return all(_matches(part, event, now) for part in where["all"])
    if "any" in where:
        return any(_matches(part, event, now) for part in where["any"])
    if "not" in where:
        return not _matches(where["not"], event, now)
    return _passes(where, _property_values(event, where["property"]), now)


def _passes(test: Document, values: Sequence[object], now: datetime) -> bool:
    """Tell whether some value makes the operator true; a complement negates that whole answer."""
    name = test["op"]
    if name in _COMPLEMENTS:
        return not _passes({**test, "op": _COMPLEMENTS[name]}, values, now)
    return any(_is_true(test, value, now) for value in values)


def _is_true(test: Document, value: object, now: datetime) -> bool:
    match test["op"]:
        case "exists":
            return True
        case "eq":
            return _is_equal(value, test["value"], test)
        case "in":
            return any(_is_equal(value, literal, test) for literal in test["value"])
        case "contains" | "starts_with" | "ends_with":
            return isinstance(value, str) and _has_text(test, value)
        case "within_last" | "within_next":
            return _is_near(test, _to_date(value), now)
        case _:
            return _is_ordered(test, value)


def _is_near(test: Document, date: datetime | None, now: datetime) -> bool:
    if date is None:
        return False
    duration, passed = _duration(test["value"]), now - date
    if test["op"] == "within_last":
        return timedelta(0) <= passed < duration
    return -duration <= passed < timedelta(0)


def _is_equal(value: object, literal: object, test: Document) -> bool:
    date, literal_date = _to_date(value), _to_date(literal)
    if date is not None and literal_date is not None:
        return date == literal_date
    if isinstance(value, str) and isinstance(literal, str):
        return _folded(value, test) == _folded(literal, test)
    if isinstance(value, bool) or isinstance(literal, bool):
        return isinstance(value, bool) and isinstance(literal, bool) and value == literal
    return _is_number(value) and _is_number(literal) and value == literal


def _has_text(test: Document, value: str) -> bool:
    value, text = _folded(value, test), _folded(test["value"], test)
    if test["op"] == "contains":
        return text in value
    return value.startswith(text) if test["op"] == "starts_with" else value.endswith(text)


def _folded(text: str, test: Document) -> str:
    return text.casefold() if test.get("ignoreCase", False) else text


def _is_ordered(test: Document, value: object) -> bool:
    if test["op"] == "between":
        lower, upper = test["value"]
        return _is_beyond(operator.ge, value, lower) and _is_beyond(operator.le, value, upper)
    return _is_beyond(_ORDERS[test["op"]], value, test["value"])


def _is_beyond(order: Callable[[Any, Any], bool], value: object, bound: object) -> bool:
    if _is_number(value) and _is_number(bound):
        return order(value, bound)
    date, bound_date = _to_date(value), _to_date(bound)
    return date is not None and bound_date is not None and order(date, bound_date)


def _is_number(value: object) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _to_date(value: object) -> datetime | None:
    if isinstance(value, datetime):
        return value
    return parse_timestamp(value) if isinstance(value, str) else None


def _date(text: str) -> datetime:
    date = parse_timestamp(text)
    assert date is not None
    return date


def _duration(text: str) -> timedelta:
    return int(text[:-1]) * _UNITS[text[-1]]


def _attribute_values(customer: Customer | None, path: str) -> Sequence[object]:
    if customer is None:
        return []
    if path == "createdAt":
        return [customer.created_at]
    return [customer.fields[path].value] if path in customer.fields else []


def _property_values(event: Event, path: str) -> Sequence[object]:
    """Return what stands at the path: one value or none, or some where `[]` quantifies."""
    plain = {
        "value": event.value,
        "valueCurrency": event.value_currency,
        "source": event.source,
        "uniqueId": event.unique_id,
    }
    if path in plain:
        return [] if plain[path] is None else [plain[path]]
    group, _, key = path.partition(".")
    if group != "data" or not key:
        return []
    return [event.data[key]] if key in event.data else list(_steps(event.data, key.split(".")))


def _steps(value: object, steps: Sequence[str]) -> Iterator[object]:
    if not steps:
        yield value
        return
    step, *rest = steps
    key = step.removesuffix("[]")
    if not isinstance(value, Mapping) or key not in value:
        return
    if step == key:
        yield from _steps(value[key], rest)
    elif isinstance(value[key], Sequence) and not isinstance(value[key], str):
        for element in value[key]:
            yield from _steps(element, rest)


def _addend(event: Event, path: str) -> Fraction:
    """Return what the event adds to a sum: every number that the path leads to."""
    numbers = [value for value in _property_values(event, path) if _is_number(value)]
    return sum((Fraction(str(number)) for number in numbers), start=Fraction(0))


def _durations(part: object) -> Iterator[timedelta]:
    """Yield every duration in a document: of windows, and of operators relative to now."""
    if isinstance(part, Mapping):
        if "last" in part:
            yield _duration(part["last"])
        elif part.get("op") in {"within_last", "not_within_last", "within_next"}:
            yield _duration(part["value"])
        for member in part.values():
            yield from _durations(member)
    elif isinstance(part, list | tuple):
        for member in part:
            yield from _durations(member)


def _dates_of(customer: Customer | None) -> Iterator[datetime]:
    if customer is not None:
        yield customer.created_at
        dates = (_to_date(field.value) for field in customer.fields.values())
        yield from (date for date in dates if date is not None)
