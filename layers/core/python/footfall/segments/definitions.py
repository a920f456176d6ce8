"""Definitions: the conditions of the segment language, as they are written down.

Each class is one shape of JSON; its fields have the names of the language. A definition comes from
strict JSON, so its numbers are exact; no value is ever turned into one of another type.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from decimal import Decimal
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PlainValidator,
    StringConstraints,
    Tag,
    model_validator,
)
from pydantic_core import PydanticCustomError

from footfall.domain.limits import MAX_NAME_CHARACTERS
from footfall.domain.numbers import is_number
from footfall.domain.timestamps import parse_timestamp
from footfall.segments.durations import parse_duration

MAX_CHILDREN = 50
MAX_COUNT = 1_000
MAX_LISTED_VALUES = 1_000
TAG_MARK = "\0"
"""Starts the tag of every union, so that a reader of pydantic's errors can tell it from a field."""

SEGMENT_ID = r"^[A-Za-z0-9_-]{1,64}$"

Number: TypeAlias = int | Decimal
Scalar: TypeAlias = str | int | Decimal | bool

_PAIR = 2
_PLAIN_ATTRIBUTES = frozenset({"email", "phoneNumber", "firstName", "lastName", "createdAt"})
_PLAIN_PROPERTIES = frozenset({"value", "valueCurrency", "source", "uniqueId"})
_DATA = "data"
_ATTRIBUTE_GROUPS = frozenset({"location", "customFields"})


def _fault(detail: str) -> PydanticCustomError:
    return PydanticCustomError("fault", "{detail}", {"detail": detail})


def _is_instant(value: object) -> bool:
    return isinstance(value, str) and parse_timestamp(value) is not None


def _scalar(value: object) -> object:
    if not isinstance(value, str | int | Decimal):
        raise _fault("Must be a string, a number or a boolean.")
    return value


def _number(value: object) -> object:
    if not is_number(value):
        raise _fault("Must be a number.")
    return value


def _number_or_instant(value: object) -> object:
    if not (is_number(value) or _is_instant(value)):
        raise _fault("Must be a number, or a date as an RFC 3339 timestamp.")
    return value


def _pair(value: object) -> tuple[object, object]:
    bounds = list(value) if isinstance(value, list | tuple) else []
    if len(bounds) != _PAIR or not (all(map(is_number, bounds)) or all(map(_is_instant, bounds))):
        raise _fault("Must be an array of two numbers, or of two dates: the lower, the upper.")
    return bounds[0], bounds[1]


def _pair_of_numbers(value: object) -> object:
    bounds = _pair(value)
    if not all(map(is_number, bounds)):
        raise _fault("Must be an array of two numbers: the lower, the upper.")
    return bounds


def _duration(text: str) -> str:
    if parse_duration(text) is None:
        raise _fault("Must be a duration such as 15m, 6h, 30d or 2w, of at most 3,650 days.")
    return text


def _instant(text: str) -> str:
    if not _is_instant(text):
        raise _fault("Must be an RFC 3339 timestamp, such as 2026-04-02T12:00:00Z.")
    return text


def _not_null(value: object) -> object:
    if value is None:
        raise _fault("Must not be null; leave it out instead.")
    return value


def _property(path: str) -> str:
    group, _, name = path.partition(".")
    if not (path in _PLAIN_PROPERTIES or (group == _DATA and name)):
        raise _fault("Must be `value`, `valueCurrency`, `source`, `uniqueId` or `data.<property>`.")
    return path


def _known_by(*keys: str, default: str | None = None) -> Discriminator:
    """Tell the shapes of a union apart by the key that only one of them has."""

    def kind(value: object) -> Hashable:
        names = value if isinstance(value, Mapping) else getattr(value, "__dict__", ())
        found = next((key for key in keys if key in names or f"{key}_" in names), default)
        return None if found is None else TAG_MARK + found

    return _discriminator(kind, "Must be an object with one of", keys)


def _attribute(path: str) -> str:
    group, _, name = path.partition(".")
    if not (path in _PLAIN_ATTRIBUTES or (group in _ATTRIBUTE_GROUPS and name)):
        raise _fault(
            "Must be `email`, `phoneNumber`, `firstName`, `lastName`, `createdAt`,"
            " `location.<field>` or `customFields.<name>`."
        )
    return path


def _known_by_operator(kinds: Mapping[str, str]) -> Discriminator:
    """Tell tests apart by their operator; `kinds` names the shape that each operator has."""

    def kind(value: object) -> Hashable:
        operator = value.get("op") if isinstance(value, Mapping) else getattr(value, "op", None)
        named = kinds.get(operator) if isinstance(operator, str) else None
        return None if named is None else TAG_MARK + named

    return _discriminator(kind, "Must have an `op` that is one of", kinds)


def _discriminator(
    kind: Callable[[object], Hashable], wanted: str, choices: Iterable[str]
) -> Discriminator:
    return Discriminator(
        kind,
        custom_error_type="fault",
        custom_error_message=f"{wanted} {', '.join(f'`{choice}`' for choice in choices)}.",
    )


def _tag(name: str) -> Tag:
    return Tag(TAG_MARK + name)


_EVENT_OPERATORS = {
    **dict.fromkeys(("eq", "ne"), "equality"),
    **dict.fromkeys(("in", "not_in"), "list"),
    **dict.fromkeys(("gt", "gte", "lt", "lte"), "order"),
    "between": "range",
    **dict.fromkeys(("contains", "not_contains", "starts_with", "ends_with"), "text"),
    **dict.fromkeys(("exists", "not_exists"), "presence"),
}
_CUSTOMER_OPERATORS = {
    **_EVENT_OPERATORS,
    **dict.fromkeys(("within_last", "not_within_last", "within_next"), "relative"),
}
_NOT_NULL = BeforeValidator(_not_null)
_CHILDREN = Field(strict=False, min_length=1, max_length=MAX_CHILDREN)

Name: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=MAX_NAME_CHARACTERS)]
PropertyPath: TypeAlias = Annotated[Name, AfterValidator(_property)]
Duration: TypeAlias = Annotated[str, AfterValidator(_duration)]
Instant: TypeAlias = Annotated[str, AfterValidator(_instant)]
CountBound: TypeAlias = Annotated[int, Field(ge=0, le=MAX_COUNT)]
SumBound: TypeAlias = Annotated[Number, PlainValidator(_number)]


class _Shape(BaseModel):
    # Built as parts of a definition, none for itself.
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)


class EqualityTest(_Shape):
    """The value is of the same type and equal, or (`ne`) is not so."""

    op: Literal["eq", "ne"]
    value: Annotated[Scalar, PlainValidator(_scalar)]
    ignore_case: bool = Field(default=False, alias="ignoreCase")


class ListTest(_Shape):
    """The value is one of the list, or (`not_in`) is none of it."""

    op: Literal["in", "not_in"]
    value: Annotated[
        tuple[Annotated[Scalar, PlainValidator(_scalar)], ...],
        Field(strict=False, min_length=1, max_length=MAX_LISTED_VALUES),
    ]
    ignore_case: bool = Field(default=False, alias="ignoreCase")


class OrderTest(_Shape):
    """The value is a number, or a date, on that side of the bound."""

    op: Literal["gt", "gte", "lt", "lte"]
    value: Annotated[Number | str, PlainValidator(_number_or_instant)]


class RangeTest(_Shape):
    """The value is a number, or a date, from the lower to the upper bound, both included."""

    op: Literal["between"]
    value: Annotated[tuple[Number, Number] | tuple[str, str], PlainValidator(_pair)]


class TextTest(_Shape):
    """The value is a string with that text in that place."""

    op: Literal["contains", "not_contains", "starts_with", "ends_with"]
    value: str
    ignore_case: bool = Field(default=False, alias="ignoreCase")


class PresenceTest(_Shape):
    """There is a value, or there is none."""

    op: Literal["exists", "not_exists"]


class RelativeTest(_Shape):
    """The value is a date within that time before, or after, now."""

    op: Literal["within_last", "not_within_last", "within_next"]
    value: Duration


class _OfProperty(_Shape):
    property: PropertyPath


class PropertyEquality(EqualityTest, _OfProperty):
    """An equality test of a property of an event."""


class PropertyList(ListTest, _OfProperty):
    """A list test of a property of an event."""


class PropertyOrder(OrderTest, _OfProperty):
    """An order test of a property of an event."""


class PropertyRange(RangeTest, _OfProperty):
    """A range test of a property of an event."""


class PropertyText(TextTest, _OfProperty):
    """A text test of a property of an event."""


class PropertyPresence(PresenceTest, _OfProperty):
    """A presence test of a property of an event."""


PropertyTest: TypeAlias = Annotated[
    Annotated[PropertyEquality, _tag("equality")]
    | Annotated[PropertyList, _tag("list")]
    | Annotated[PropertyOrder, _tag("order")]
    | Annotated[PropertyRange, _tag("range")]
    | Annotated[PropertyText, _tag("text")]
    | Annotated[PropertyPresence, _tag("presence")],
    _known_by_operator(_EVENT_OPERATORS),
]


class AllFilter(_Shape):
    """Every part of the filter matches."""

    all: Annotated[tuple["Filter", ...], _CHILDREN]


class AnyFilter(_Shape):
    """Some part of the filter matches."""

    any: Annotated[tuple["Filter", ...], _CHILDREN]


class NotFilter(_Shape):
    """The filter does not match."""

    not_: "Filter" = Field(alias="not")


Filter: TypeAlias = Annotated[
    Annotated[AllFilter, _tag("all")]
    | Annotated[AnyFilter, _tag("any")]
    | Annotated[NotFilter, _tag("not")]
    | Annotated[PropertyTest, _tag("property")],
    _known_by("all", "any", "not", "property"),
]


class Pattern(_Shape):
    r"""Event names by pattern: `*` is any run of characters, `\*` a star."""

    like: Name


class Names(_Shape):
    """Any of these event names."""

    any_of: Annotated[tuple[Name, ...], _CHILDREN]


class LastWindow(_Shape):
    """The time up to now: `now - last < t <= now`."""

    last: Duration


class FixedWindow(_Shape):
    """The time between two instants: `from <= t < to`; either end may be open."""

    from_: Annotated[Instant | None, _NOT_NULL] = Field(default=None, alias="from")
    to: Annotated[Instant | None, _NOT_NULL] = None


class _Comparison(_Shape):
    """Exactly one bound, or a pair of them."""

    @model_validator(mode="after")
    def _has_one_bound(self) -> Self:
        if len(self.model_fields_set & _BOUNDS) != 1:
            raise _fault(f"Must have exactly one of {', '.join(sorted(_BOUNDS))}.")
        return self


_BOUNDS = frozenset({"gte", "gt", "lte", "lt", "eq", "between"})


class CountComparison(_Comparison):
    """How many matching events there have to be."""

    gte: Annotated[CountBound | None, _NOT_NULL] = None
    gt: Annotated[CountBound | None, _NOT_NULL] = None
    lte: Annotated[CountBound | None, _NOT_NULL] = None
    lt: Annotated[CountBound | None, _NOT_NULL] = None
    eq: Annotated[CountBound | None, _NOT_NULL] = None
    between: Annotated[
        Annotated[tuple[CountBound, CountBound], Field(strict=False)] | None, _NOT_NULL
    ] = None


class SumComparison(_Comparison):
    """What the matching events have to add up to."""

    of: PropertyPath
    gte: Annotated[SumBound | None, _NOT_NULL] = None
    gt: Annotated[SumBound | None, _NOT_NULL] = None
    lte: Annotated[SumBound | None, _NOT_NULL] = None
    lt: Annotated[SumBound | None, _NOT_NULL] = None
    eq: Annotated[SumBound | None, _NOT_NULL] = None
    between: Annotated[
        Annotated[tuple[Number, Number], PlainValidator(_pair_of_numbers)] | None, _NOT_NULL
    ] = None


EventNames: TypeAlias = Annotated[
    Annotated[Name, _tag("name")]
    | Annotated[Pattern, _tag("like")]
    | Annotated[Names, _tag("any_of")],
    _known_by("like", "any_of", default="name"),
]
Window: TypeAlias = Annotated[
    Annotated[LastWindow, _tag("last")] | Annotated[FixedWindow, _tag("from")],
    _known_by("last", default="from"),
]


class Behaviour(_Shape):
    """What a customer did: so many matching events, or events of such a sum, in a window."""

    event: EventNames
    where: Annotated[Filter | None, _NOT_NULL] = None
    within: Annotated[Window | None, _NOT_NULL] = None
    count: Annotated[CountComparison | None, _NOT_NULL] = None
    sum: Annotated[SumComparison | None, _NOT_NULL] = None

    @model_validator(mode="after")
    def _asks_one_question(self) -> Self:
        if self.count is not None and self.sum is not None:
            raise _fault("Must have at most one of `count` and `sum`.")
        return self


class _OfCustomer(_Shape):
    attribute: Annotated[str, AfterValidator(_attribute)]


class AttributeEquality(EqualityTest, _OfCustomer):
    """An equality test of a customer's attribute."""


class AttributeList(ListTest, _OfCustomer):
    """A list test of a customer's attribute."""


class AttributeOrder(OrderTest, _OfCustomer):
    """An order test of a customer's attribute."""


class AttributeRange(RangeTest, _OfCustomer):
    """A range test of a customer's attribute."""


class AttributeText(TextTest, _OfCustomer):
    """A text test of a customer's attribute."""


class AttributePresence(PresenceTest, _OfCustomer):
    """A presence test of a customer's attribute."""


class AttributeRelative(RelativeTest, _OfCustomer):
    """A test of a customer's attribute that turns with time."""


AttributeTest: TypeAlias = Annotated[
    Annotated[AttributeEquality, _tag("equality")]
    | Annotated[AttributeList, _tag("list")]
    | Annotated[AttributeOrder, _tag("order")]
    | Annotated[AttributeRange, _tag("range")]
    | Annotated[AttributeText, _tag("text")]
    | Annotated[AttributePresence, _tag("presence")]
    | Annotated[AttributeRelative, _tag("relative")],
    _known_by_operator(_CUSTOMER_OPERATORS),
]


class InSegment(_Shape):
    """Membership of another segment of the store."""

    segment: Annotated[str, StringConstraints(pattern=SEGMENT_ID)]


class AllOf(_Shape):
    """Every child is true."""

    all: Annotated[tuple["Node", ...], _CHILDREN]


class AnyOf(_Shape):
    """Some child is true."""

    any: Annotated[tuple["Node", ...], _CHILDREN]


class NotThat(_Shape):
    """The child is not true."""

    not_: "Node" = Field(alias="not")


Node: TypeAlias = Annotated[
    Annotated[AllOf, _tag("all")]
    | Annotated[AnyOf, _tag("any")]
    | Annotated[NotThat, _tag("not")]
    | Annotated[Behaviour, _tag("event")]
    | Annotated[AttributeTest, _tag("attribute")]
    | Annotated[InSegment, _tag("segment")],
    _known_by("all", "any", "not", "event", "attribute", "segment"),
]
"""A definition is one node."""
