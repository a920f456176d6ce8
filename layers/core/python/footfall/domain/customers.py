"""A customer's profile, and how what events say about it settles into one state in any order.

The state of a field is a function of the set of statements about it, not of their arrival: its
value is the one stated last (by the statements' own time, ties by id), and `set_at` is when the
present value began, that is, the first of the latest run of statements that agree. So a statement
that repeats the present value changes nothing, and costs no write; a late statement that does
change something is settled by folding it with every later one on the timeline.

Events stay on the timeline; what a call of the API stated last is kept with the customer, so that
every statement that still counts can be read again.

A customer that is merged into another one is left as its alias, one that is deleted as its
tombstone: both stay, so that whoever still comes to them learns where to go.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TypeAlias

from footfall.domain.events import Event
from footfall.domain.identifiers import Identifier, IdentifierKind
from footfall.domain.values import StatedValue

Position: TypeAlias = tuple[datetime, str]
"""Where a statement stands in time: its instant, then its id."""

BEGINNING: Position = (datetime.min.replace(tzinfo=UTC), "")
"""Where every timeline begins."""

_IDENTIFYING_FIELDS = {"email": IdentifierKind.EMAIL, "phoneNumber": IdentifierKind.PHONE}


@dataclass(frozen=True, slots=True)
class FieldValue:
    """One field of a profile: its value, and the statement that began it.

    A value that was taken away is None: that, too, was said at a time.
    """

    value: StatedValue
    set_at: datetime
    set_by: str

    @property
    def position(self) -> Position:
        """Return where its statement stands in time."""
        return (self.set_at, self.set_by)


@dataclass(frozen=True, slots=True)
class Statement:
    """What an event, or a call of the API, says about a customer.

    Attributes:
        at: the time it holds from: an event's timestamp.
        by: the id of the event or of the call.
        received_at: when it reached Footfall.
        fields: what it says, by path.
    """

    at: datetime
    by: str
    received_at: datetime
    fields: Mapping[str, StatedValue]

    @property
    def position(self) -> Position:
        """Return where it stands in time."""
        return (self.at, self.by)


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer of a store.

    Attributes:
        created_at: when Footfall first heard of the customer.
        fields: the profile by path: `email`, `location.city`, `customFields.Loyalty Tier`; the
            values that were taken away included.
        stated: what calls of the API said last about each field, whether it still holds or not.
        merged_into: the customer that this one has become, for ever; itself it has no profile then.
        has_moved: of a merged customer: nothing of it is left to be moved.
        deleted_at: when the deletion was accepted that this customer was forgotten by, for ever.
    """

    store_id: str
    customer_id: str
    created_at: datetime
    fields: Mapping[str, FieldValue] = field(default_factory=dict)
    stated: Mapping[str, FieldValue] = field(default_factory=dict)
    merged_into: str | None = None
    has_moved: bool = False
    deleted_at: datetime | None = None

    @property
    def is_gone(self) -> bool:
        """Tell whether there is no such person any more: merged into another one, or deleted."""
        return self.merged_into is not None or self.deleted_at is not None

    @property
    def updated_at(self) -> datetime:
        """Return when the profile last took another value, or when it was created."""
        return max([self.created_at, *(value.set_at for value in self.fields.values())])


def statement_of(event: Event) -> Statement:
    """Return what an event says about its customer."""
    return Statement(event.event_timestamp, event.event_id, event.received_at, event.profile)


def alias_of(customer: Customer, survivor_id: str) -> Customer:
    """Return what is left of a customer who is merged into another one.

    What calls of the API stated stays until the survivor has it: no timeline holds it.
    """
    return replace(customer, fields={}, merged_into=survivor_id)


def moved(alias: Customer) -> Customer:
    """Return the alias when nothing is left of it to be moved."""
    return replace(alias, stated={}, has_moved=True)


def tombstone_of(customer: Customer, deleted_at: datetime) -> Customer:
    """Return what is left of a customer who is deleted; of two deletions the later one counts."""
    latest = max(deleted_at, customer.deleted_at or deleted_at)
    return replace(customer, fields={}, stated={}, deleted_at=latest)


def with_stated(customer: Customer, stated: Mapping[str, FieldValue]) -> Customer:
    """Return the customer with what calls of the API stated about another one, newest first."""
    merged = dict(customer.stated)
    for path, call in stated.items():
        if path not in merged or call.position > merged[path].position:
            merged[path] = call
    return replace(customer, stated=merged)


def owned_fields(
    profile: Mapping[str, StatedValue], owned: Iterable[Identifier]
) -> dict[str, StatedValue]:
    """Return the profile without the address or number that another customer holds.

    Nobody holds the value that takes one away.
    """
    held = {(identifier.kind, identifier.value) for identifier in owned}
    return {
        path: value
        for path, value in profile.items()
        if value is None
        or path not in _IDENTIFYING_FIELDS
        or (_IDENTIFYING_FIELDS[path], value) in held
    }


def first_unsettled(customer: Customer, statements: Iterable[Statement]) -> Position | None:
    """Return where the first statement stands that may change a field, or None when none may.

    A statement that the profile already names as the beginning of a value is unsettled too: it may
    be the redelivery of one whose writer died before it had seen what came later.
    """
    return min(
        (
            statement.position
            for statement in statements
            if any(
                _may_change(customer.fields.get(path), value, statement.position)
                for path, value in statement.fields.items()
            )
        ),
        default=None,
    )


def may_lean_on(customer: Customer, position: Position) -> bool:
    """Tell whether the profile may be another one without the statement that stands there.

    It is the same where every present value began before: what came later agreed, or is gone.
    """
    return any(value.position >= position for value in customer.fields.values())


def has_lost_a_beginning(
    customer: Customer, statements: Iterable[Statement], anew: Position
) -> bool:
    """Tell whether a value from `anew` on began with a statement that nobody makes any more.

    Args:
        statements: every statement on the timeline that stands at or after `anew`.
    """
    made = {statement.by for statement in statements}
    made.update(call.set_by for call in customer.stated.values())
    return any(
        value.position >= anew and value.set_by not in made for value in customer.fields.values()
    )


def settle(
    customer: Customer,
    statements: Iterable[Statement],
    start: Position,
    anew: Position | None = None,
) -> Customer:
    """Return the customer after all statements from `start` on.

    Args:
        customer: as stored; fields that began before `anew` stand, the others are made anew.
        statements: every statement on the timeline that stands at or after `start`.
        start: where the first statement stands that may change something, or one before it.
        anew: where the first statement stands that may change something; `start` if it is that.
    """
    calls = [
        Statement(call.set_at, call.set_by, call.set_at, {path: call.value})
        for path, call in customer.stated.items()
        if call.position >= start
    ]
    anew = start if anew is None else anew
    fields = {path: value for path, value in customer.fields.items() if value.position < anew}
    for statement in sorted([*statements, *calls], key=lambda statement: statement.position):
        for path, value in statement.fields.items():
            present = fields.get(path)
            if present is None or not same_value(present.value, value):
                fields[path] = FieldValue(value, statement.at, statement.by)
    return replace(customer, fields=fields)


def _may_change(present: FieldValue | None, value: StatedValue, position: Position) -> bool:
    if present is None:
        return True
    is_newer = position > present.position
    # A newer statement matters when it differs; an older one when it agrees, as it may move the
    # beginning back; and the very one that began the value, as its writer may have died too early.
    return is_newer != same_value(present.value, value)


def same_value(one: StatedValue, other: StatedValue) -> bool:
    """Tell whether two values are one: `1` and `true` are not, though Python calls them equal."""
    return one == other and isinstance(one, bool) == isinstance(other, bool)
