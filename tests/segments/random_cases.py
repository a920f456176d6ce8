"""Random definitions, and random lives of one customer, from a seed.

A case is a script of steps. In each step events are first written to the timeline, and then the
engine is told of things: of records of the stream, of a profile, of a definition. What is written
is often told of in the same step, sometimes only later, and sometimes again. `World` follows the
script without any engine: once everything that was written has been told, its members are the
truth at that instant.

Names, values, instants and windows are few and small, so that events often match, sums often tie
and windows often end exactly when something else happens.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from random import Random
from typing import Any, TypeAlias

from footfall.domain.customers import Customer, FieldValue
from footfall.domain.events import Event
from footfall.domain.identifiers import Identifier, IdentifierKind, new_event_id
from footfall.domain.timestamps import format_timestamp
from footfall.domain.values import JsonValue, ProfileValue
from tests.segments.naive import Document, is_member

START = datetime(2026, 4, 2, 12, tzinfo=UTC)
STORE_ID = "64e5a8a1af49a89df37e4ee7"
CUSTOMER_ID = "5f0c1d2e3a4b5c6d7e8f9a0b"
SEGMENT_IDS = ("first", "second", "third", "fourth")
"""A definition refers only to segments before its own, so that there is never a cycle."""


@dataclass(frozen=True, slots=True)
class Stored:
    """The record of a new event."""

    sequence: int
    event: Event


@dataclass(frozen=True, slots=True)
class Replaced:
    """The record of an event that has new content; its id and timestamp stay."""

    sequence: int
    old: Event
    new: Event


@dataclass(frozen=True, slots=True)
class Removed:
    """The record of a deleted event."""

    sequence: int
    old: Event


@dataclass(frozen=True, slots=True)
class Profile:
    """The customer has this profile from now on."""

    customer: Customer


@dataclass(frozen=True, slots=True)
class SegmentPut:
    """The segment is new, or has a new definition."""

    segment_id: str
    definition: Document


@dataclass(frozen=True, slots=True)
class SegmentDeleted:
    """The segment is no more."""

    segment_id: str


@dataclass(frozen=True, slots=True)
class Tick:
    """Time passes, and nothing else happens."""


Record: TypeAlias = Stored | Replaced | Removed
Action: TypeAlias = Record | Profile | SegmentPut | SegmentDeleted | Tick


@dataclass(frozen=True, slots=True)
class Step:
    """One instant of a script.

    Attributes:
        now: the clock; it mostly moves on, but can stand still or go back.
        written: what the timeline takes up, before any of the actions.
        actions: what the engine is told, in this order; records that follow one another are one
            batch. A record told before is a redelivery, with its old number.
    """

    now: datetime
    written: Sequence[Record] = ()
    actions: Sequence[Action] = ()

    @property
    def delivered_late(self) -> bool:
        """Tell whether something written in this step is told only in a later one."""
        return any(record not in self.actions for record in self.written)


@dataclass(frozen=True, slots=True)
class Case:
    """A script; its last step leaves nothing untold."""

    seed: int
    steps: Sequence[Step]


class World:
    """What is on the timeline, in the profile and in the definitions while a script runs."""

    def __init__(self) -> None:
        self.timeline: dict[str, Event] = {}
        self.customer: Customer | None = None
        self.definitions: dict[str, Document] = {}
        self.untold: set[int] = set()

    @property
    def history(self) -> list[Event]:
        """Return the timeline in its order: by timestamp, then by id."""
        return sorted(
            self.timeline.values(), key=lambda event: (event.event_timestamp, event.event_id)
        )

    @property
    def is_settled(self) -> bool:
        """Tell whether everything that was written has been told."""
        return not self.untold

    def apply(self, step: Step) -> None:
        """Take up what a step brings."""
        for record in step.written:
            self.write(record)
        for action in step.actions:
            self.tell(action)

    def write(self, record: Record) -> None:
        """Take up a change of the timeline."""
        self.untold.add(record.sequence)
        match record:
            case Stored(event=event) | Replaced(new=event):
                self.timeline[event.event_id] = event
            case Removed(old=event):
                del self.timeline[event.event_id]

    def tell(self, action: Action) -> None:
        """Take up what the engine is told."""
        match action:
            case Stored(sequence=sequence) | Replaced(sequence=sequence) | Removed(sequence):
                self.untold.discard(sequence)
            case Profile(customer=customer):
                self.customer = customer
            case SegmentPut(segment_id=segment_id, definition=definition):
                self.definitions[segment_id] = definition
            case SegmentDeleted(segment_id=segment_id):
                del self.definitions[segment_id]
            case Tick():
                pass

    def members(self, now: datetime) -> set[str]:
        """Return the ids of the segments that the customer is in at `now`."""
        history = list(self.timeline.values())
        return {
            segment_id
            for segment_id, definition in self.definitions.items()
            if is_member(definition, history, self.customer, now, self.definitions)
        }


def random_case(seed: int) -> Case:
    """Return the case of that seed, always the same."""
    return _Script(seed).write()


# --- Definitions

_EVENT_NAMES = (
    *("bought", "bought", "bought", "bought", "viewed", "viewed"),
    *("cart_add", "cart_drop", "cart*"),
)
_PATTERNS = (
    *("*", "*", "*", "b*t", "b*t", "*e*", "cart_*", "cart*", "*_*"),
    *(r"cart\*", "c*_*d", "*_drop", "BOUGHT", "b.*", r"cart_\*", "*bought*"),
)
_LASTS = (
    *("5m", "30m", "60m", "1h", "2h", "2h", "3h", "3h", "6h", "6h", "12h", "12h"),
    *("24h", "1d", "2d", "3d", "1w"),
)
_LONG_LASTS = ("4w", "365d", "3650d")
_COUNTS = (0, 1, 1, 1, 2, 2, 2, 3, 3, 4, 6)
_AMOUNTS: Sequence[int | Decimal] = (
    *(-2, 0, 1, 1, 2, 2, 3, 3, 4, 5, 8),
    *(Decimal("0.1"), Decimal("0.3"), Decimal("2.5"), Decimal("2.50"), Decimal("-1.5")),
)
_WORDS = ("apparel", "Apparel", "shoes", "straße", "STRASSE", "99", "el", "s", "é")
_PARTS = ("a", "app", "APP", "el", "s", "SS", "ß", "99", "")
_SPELLINGS = (
    "2026-04-02T12:00:00Z",
    "2026-04-02T14:00:00+02:00",
    "2026-04-02t12:00:00.000000z",
    "2026-04-02T12:00:00.0000009Z",
    "2026-04-02T12:00:00.000001Z",
)
"""Of one instant, but for the last."""

_NUMBER_PATHS = ("value", "value", "data.quantity", "data.unit price", "data.box.size")
_TEXT_PATHS = ("data.category", "data.category", "valueCurrency", "source", "uniqueId", "data.a.b")
_DATE_PATHS = ("data.due", "data.due", "data.box.at")
_MIXED_PATHS = (
    *("data.mixed", "data.flag", "data.box", "data.items", "data.box.type", "data.missing"),
    *("data.a.b", "data.a.b.c", "data.category.x", "data.$extra.secret", "data.$extra"),
    *("data.$extra", "data.items.type"),
)
_ELEMENT_PATHS = (
    *("data.items[].type", "data.items[].price", "data.items[].tags[]", "data.tags[]"),
    *("data.items[]", "data.box[].type", "data.category[]", "data.box.sizes[]", "data.odd[].type"),
)
_SUM_PATHS = (
    *("value", "value", "value", "value", "data.quantity", "data.quantity", "data.unit price"),
    *("data.unit price", "data.box.size", "data.mixed", "data.missing", "data.a.b"),
)
_TEXT_ATTRIBUTES = (
    *("email", "phoneNumber", "firstName", "lastName", "location.city", "location.country.code"),
    *("customFields.Loyalty Tier", "customFields.Loyalty Tier", "customFields.a.b"),
)
_NUMBER_ATTRIBUTES = ("customFields.score", "customFields.score", "customFields.mixed")
_DATE_ATTRIBUTES = ("createdAt", "createdAt", "customFields.renewal", "customFields.mixed")
_MIXED_ATTRIBUTES = ("customFields.mixed", "customFields.vip", "customFields.missing", "createdAt")


def random_definition(rng: Random, references: Sequence[str] = (), depth: int = 3) -> Document:
    """Return a definition.

    Args:
        references: the segments that it may refer to.
        depth: how deep nodes nest; a filter comes on top of that.
    """
    kind = rng.random()
    if depth > 1 and kind < 0.42:
        if kind < 0.09:
            return {"not": random_definition(rng, references, depth - 1)}
        count = 1 if kind < 0.11 else 2 if kind < 0.36 else 3
        name = "all" if rng.random() < 0.5 else "any"
        return {name: [random_definition(rng, references, depth - 1) for _ in range(count)]}
    if kind > 0.92 and references:
        return {"segment": rng.choice(references)}
    if kind > 0.74:
        return _random_attribute_test(rng)
    return _random_behaviour(rng)


def _random_behaviour(rng: Random) -> Document:
    behaviour: dict[str, Any] = {"event": _random_names(rng)}
    if rng.random() < 0.35:
        behaviour["where"] = _random_filter(rng, 3)
    if rng.random() < 0.7:
        behaviour["within"] = _random_window(rng)
    question = rng.random()
    if question < 0.5:
        behaviour["count"] = _random_count(rng)
    elif question < 0.75:
        of = rng.choice(_ELEMENT_PATHS if rng.random() < 0.05 else _SUM_PATHS)
        behaviour["sum"] = {"of": of, **_random_comparison(rng, _AMOUNTS)}
    return behaviour


def _random_names(rng: Random) -> str | Document:
    kind = rng.random()
    if kind < 0.5:
        return rng.choice(_EVENT_NAMES)
    if kind < 0.75:
        return {"like": rng.choice(_PATTERNS)}
    return {"any_of": [rng.choice(_EVENT_NAMES) for _ in range(rng.randint(1, 3))]}


def _random_window(rng: Random) -> Document:
    kind = rng.random()
    if kind < 0.75:
        return {"last": rng.choice(_LASTS)}
    if kind < 0.78:
        return {"last": rng.choice(_LONG_LASTS)}
    start = START + timedelta(minutes=30 * rng.randint(-20, 60))
    end = start + timedelta(minutes=30 * rng.randint(-1, 60))
    if kind < 0.84:
        return {"from": _spelled(rng, start)}
    if kind < 0.9:
        return {"to": _spelled(rng, end)}
    if kind < 0.99:
        return {"from": _spelled(rng, start), "to": _spelled(rng, end)}
    return {}


def _random_count(rng: Random) -> Document:
    kind = rng.random()
    if kind < 0.3:
        return {"gte": rng.choice(_COUNTS)}
    if kind < 0.4:
        return {"eq": 0}
    if kind < 0.44:
        return {"lt": 1}
    if kind < 0.46:
        return rng.choice(({"gte": 0}, {"gte": 1000}, {"lt": 0}, {"lte": 1000}, {"gt": 0}))
    return _random_comparison(rng, _COUNTS)


def _random_comparison(rng: Random, bounds: Sequence[int | Decimal]) -> Document:
    kind = rng.choice(("gte", "gt", "lte", "lt", "eq", "between"))
    if kind != "between":
        return {kind: rng.choice(bounds)}
    pair = [rng.choice(bounds), rng.choice(bounds)]
    return {kind: pair if rng.random() < 0.1 else sorted(pair)}


def _random_filter(rng: Random, depth: int) -> Document:
    kind = rng.random()
    if depth > 1 and kind < 0.4:
        if kind < 0.15:
            return {"not": _random_filter(rng, depth - 1)}
        parts = [_random_filter(rng, depth - 1) for _ in range(rng.randint(1, 3))]
        return {"all" if kind < 0.25 else "any": parts}
    kind = rng.random()
    if kind < 0.3:
        return {"property": rng.choice(_NUMBER_PATHS), **_random_test(rng, "number")}
    if kind < 0.55:
        return {"property": rng.choice(_TEXT_PATHS), **_random_test(rng, "text")}
    if kind < 0.65:
        return {"property": rng.choice(_DATE_PATHS), **_random_test(rng, "date")}
    paths = _ELEMENT_PATHS if kind < 0.85 else _MIXED_PATHS
    return {"property": rng.choice(paths), **_random_test(rng)}


def _random_attribute_test(rng: Random) -> Document:
    kind = rng.random()
    if kind < 0.3:
        return {"attribute": rng.choice(_TEXT_ATTRIBUTES), **_random_test(rng, "text")}
    if kind < 0.45:
        return {"attribute": rng.choice(_NUMBER_ATTRIBUTES), **_random_test(rng, "number")}
    if kind < 0.55:
        return {"attribute": rng.choice(_DATE_ATTRIBUTES), **_random_test(rng, "date")}
    if kind < 0.85:
        relative = rng.choice(("within_last", "not_within_last", "within_next"))
        last = rng.choice(_LASTS if rng.random() < 0.9 else _LONG_LASTS)
        paths = _DATE_ATTRIBUTES if rng.random() < 0.9 else _TEXT_ATTRIBUTES
        return {"attribute": rng.choice(paths), "op": relative, "value": last}
    return {"attribute": rng.choice(_MIXED_ATTRIBUTES), **_random_test(rng)}


def _random_test(rng: Random, kind: str | None = None) -> Document:
    """Return an operator and its value, of that kind of value or of any."""
    if kind is None:
        kind = rng.choice(("number", "text", "date", "boolean"))
    form = rng.random()
    if form < 0.1:
        return {"op": rng.choice(("exists", "not_exists"))}
    if form < 0.3:
        name = "eq" if rng.random() < 0.5 else "ne"
        return _folded(rng, {"op": name, "value": _random_literal(rng, kind)})
    if form < 0.45:
        name = "in" if rng.random() < 0.6 else "not_in"
        literals = [
            _random_literal(rng, kind if rng.random() < 0.8 else None)
            for _ in range(rng.randint(1, 4))
        ]
        return _folded(rng, {"op": name, "value": literals})
    if kind == "text":
        name = rng.choice(("contains", "not_contains", "starts_with", "ends_with"))
        return _folded(rng, {"op": name, "value": rng.choice(_PARTS)})
    if kind == "boolean":
        kind = "number"
    if form < 0.6:
        pair = [_random_literal(rng, kind), _random_literal(rng, kind)]
        return {"op": "between", "value": pair}
    return {"op": rng.choice(("gt", "gte", "lt", "lte")), "value": _random_literal(rng, kind)}


def _folded(rng: Random, test: Document) -> Document:
    form = rng.random()
    return {**test, "ignoreCase": form < 0.35} if form < 0.4 else test


def _random_literal(rng: Random, kind: str | None) -> str | int | Decimal | bool:
    if kind is None:
        kind = rng.choice(("number", "text", "date", "boolean"))
    if kind == "number":
        return rng.choice(_AMOUNTS)
    if kind == "text":
        return rng.choice(_WORDS)
    if kind == "boolean":
        return rng.random() < 0.5
    return _random_date(rng)


def _random_date(rng: Random) -> str:
    if rng.random() < 0.3:
        return rng.choice(_SPELLINGS)
    return _spelled(rng, START + timedelta(minutes=30 * rng.randint(-40, 60)))


def _spelled(rng: Random, instant: datetime) -> str:
    if rng.random() < 0.8:
        return format_timestamp(instant)
    local = (instant + timedelta(hours=2)).replace(tzinfo=None)
    return f"{local.isoformat()}+02:00"


# --- Events and profiles

_VALUES: Sequence[int | Decimal | None] = (
    *(1, 1, 2, 2, 3, 5, -1, None, None),
    *(Decimal("0.1"), Decimal("0.2"), Decimal("2.5"), Decimal("2.50"), Decimal("-1.5")),
)
_NESTED: Sequence[JsonValue] = ([], [2, "99"], {}, {"type": "shoes"})
_MIXED: Sequence[JsonValue] = (
    *("apparel", "99", "2", 2, 99, Decimal("2.0"), True, False, "2026-04-02T12:00:00Z"),
    *_NESTED,
)
_TYPES: Sequence[JsonValue] = (
    *("apparel", "shoes", "Shoes", "straße", 2, Decimal("2.5"), True, 0, ""),
    *("2026-04-02T14:00:00+02:00", ["shoes"]),
)
_EMAILS = ("jane@example.com", "jane.apparel@example.com")
_EXTRA: JsonValue = {"secret": "apparel", "quantity": 2}


def _random_data(rng: Random) -> dict[str, JsonValue]:
    data: dict[str, JsonValue] = {}
    if rng.random() < 0.6:
        data["category"] = rng.choice(_WORDS)
    if rng.random() < 0.5:
        data["quantity"] = _random_amount(rng)
    if rng.random() < 0.3:
        data["unit price"] = _random_amount(rng)
    if rng.random() < 0.3:
        data["items"] = [_random_element(rng) for _ in range(rng.randint(0, 3))]
    if rng.random() < 0.25:
        data["due"] = _random_date(rng)
    if rng.random() < 0.45:
        data |= _random_rarities(rng)
    return data


def _random_rarities(rng: Random) -> Mapping[str, JsonValue]:
    """Return data that is hard to read: keys with dots, nested values, values of a wrong type."""
    kind = rng.randint(0, 5)
    data: dict[str, JsonValue] = {}
    if kind == 0:
        data = {"a.b": rng.choice(_WORDS), "a": {"b": rng.choice(_MIXED)}}
    elif kind == 1:
        data = {"a": {"b": rng.choice((*_WORDS, {"c": "apparel"})), "b.c": "shoes"}}
    elif kind == 2:
        box = {"size": _random_amount(rng), "sizes": [1, 2], "at": _random_date(rng)}
        data = {"box": {**box, "type": rng.choice(_TYPES)}}
    elif kind == 3:
        data = {"tags": [rng.choice(_TYPES) for _ in range(rng.randint(1, 3))]}
        data |= {"quantity": rng.choice(("2", True, [2])), "flag": rng.random() < 0.5}
    elif kind == 4:
        odd: JsonValue = [[{"type": "shoes"}], "shoes", 2]
        data = {"box": [{"type": rng.choice(_TYPES)}], "odd": odd}
    else:
        data = {"mixed": rng.choice(_MIXED)}
    return data


def _random_element(rng: Random) -> JsonValue:
    kind = rng.random()
    if kind < 0.1:
        return rng.choice(("shoes", 2, [{"type": "shoes"}]))
    tags: Sequence[JsonValue] = (["apparel"], ["shoes", 2], [], "apparel")
    element: dict[str, JsonValue] = {}
    if kind < 0.8:
        element["type"] = rng.choice(_TYPES)
    if rng.random() < 0.6:
        element["price"] = _random_amount(rng)
    if rng.random() < 0.3:
        element["tags"] = rng.choice(tags)
    return element


def _random_amount(rng: Random) -> int | Decimal:
    return rng.choice(_VALUES) or 4


def _random_fields(rng: Random, now: datetime) -> dict[str, FieldValue]:
    values: dict[str, ProfileValue] = {}
    if rng.random() < 0.7:
        values["email"] = rng.choice(_EMAILS)
    if rng.random() < 0.6:
        values["firstName"] = rng.choice(_WORDS)
    if rng.random() < 0.4:
        values["location.city"] = rng.choice(_WORDS)
    if rng.random() < 0.7:
        values["customFields.Loyalty Tier"] = rng.choice(_WORDS)
    if rng.random() < 0.7:
        values["customFields.score"] = _random_amount(rng)
    if rng.random() < 0.7:
        moved = timedelta(minutes=30 * rng.randint(-10, 60), microseconds=rng.choice((0, 0, 1)))
        values["customFields.renewal"] = _spelled(rng, now + moved)
    if rng.random() < 0.5:
        values["customFields.vip"] = rng.random() < 0.5
    if rng.random() < 0.5:
        values["customFields.mixed"] = rng.choice((2, "99", True, _random_date(rng), "apparel"))
    if rng.random() < 0.2:
        values["customFields.a.b"] = rng.choice(_WORDS)
    identifier = new_event_id(now, rng.randbytes(10))
    return {path: FieldValue(value, now, identifier) for path, value in values.items()}


# --- Scripts


class _Script:
    """Writes one case, step by step."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._rng = Random(seed)  # noqa: S311  # a repeatable case, not a secret
        self._world = World()
        self._clock = START
        self._sequence = self._rng.randint(1, 1000)
        self._told: list[Record] = []
        self._batches: list[Sequence[Record]] = []
        self._untold: list[Record] = []
        self._kinds = (
            *(self._events for _ in range(44)),
            *(self._nothing for _ in range(16)),
            *(self._redelivery for _ in range(6)),
            *(self._redelivered_batch for _ in range(5)),
            *(self._replacement for _ in range(8)),
            *(self._deletion for _ in range(6)),
            *(self._profile for _ in range(9)),
            *(self._segment for _ in range(5)),
            *(self._segment_gone for _ in range(1)),
        )

    def write(self) -> Case:
        rng = self._rng
        count = rng.randint(1, len(SEGMENT_IDS))
        early: list[Action] = [] if rng.random() < 0.2 else [self.new_profile(START)]
        early += [self._new_segment(SEGMENT_IDS[number]) for number in range(rng.randint(0, count))]
        steps = [self._taken(Step(START, (), early or (Tick(),)))]
        for _ in range(rng.randint(5, 40) - 2):
            now = self._next_instant()
            step = rng.choice(self._kinds)(now)
            if not self._world.definitions and rng.random() < 0.6:
                step = self._segment(now)
            if self._untold and rng.random() < 0.6:
                step = self._with_delivery(step)
            steps.append(self._taken(step))
        steps.append(self._taken(Step(self._next_instant(), (), (*self._untold, Tick()))))
        return Case(self._seed, steps)

    def _taken(self, step: Step) -> Step:
        self._world.apply(step)
        records = [one for one in step.actions if isinstance(one, Stored | Replaced | Removed)]
        new = [record for record in records if record not in self._told]
        self._untold = [one for one in [*self._untold, *step.written] if one not in new]
        self._told += new
        if records:
            self._batches.append(records)
        return step

    def _next_instant(self) -> datetime:
        rng = self._rng
        kind = rng.random()
        if kind < 0.08:
            return self._clock
        if kind < 0.13:
            return self._clock - timedelta(microseconds=rng.randint(1, 3_000_000))
        if kind < 0.15:
            return self._clock - timedelta(minutes=rng.randint(30, 360))
        if kind < 0.75:
            self._clock += timedelta(minutes=rng.choice((1, 5, 5, 30, 30, 60, 60, 120, 360)))
        elif kind < 0.9:
            self._clock += timedelta(seconds=rng.randint(1, 90))
        elif kind < 0.98:
            self._clock += timedelta(microseconds=rng.randint(1, 7_200_000_000))
        else:
            self._clock += timedelta(hours=rng.randint(12, 72))
        return self._clock

    def _number(self) -> int:
        self._sequence += self._rng.choice((1, 1, 2, 10))
        return self._sequence

    # What can happen in a step

    def _events(self, now: datetime) -> Step:
        rng = self._rng
        kind = rng.random()
        count = 1 if kind < 0.7 else rng.randint(2, 3) if kind < 0.9 else rng.randint(4, 12)
        ahead = kind > 0.95
        events = [self.new_event(now, ahead=ahead) for _ in range(count)]
        return self._changes(now, [Stored(self._number(), event) for event in events])

    def _nothing(self, now: datetime) -> Step:
        return Step(now, (), (Tick(),))

    def _redelivery(self, now: datetime) -> Step:
        if not self._told:
            return self._nothing(now)
        number = min(len(self._told), self._rng.randint(1, 3))
        return Step(now, (), self._and_what_followed(self._rng.sample(self._told, number)))

    def _redelivered_batch(self, now: datetime) -> Step:
        if not self._batches:
            return self._nothing(now)
        latest = self._rng.random() < 0.6
        batch = self._batches[-1] if latest else self._rng.choice(self._batches)
        return Step(now, (), self._and_what_followed(batch))

    def _and_what_followed(self, records: Sequence[Record]) -> Sequence[Record]:
        """Return the records with those told since of the same events: a stream keeps their order.

        Who hands over a record again hands over all that follow it again.
        """
        first = {
            _event_id(record): record.sequence
            for record in sorted(records, key=lambda record: -record.sequence)
        }
        followed = [
            record
            for record in self._told
            if record.sequence >= first.get(_event_id(record), record.sequence + 1)
        ]
        return sorted(followed, key=lambda record: record.sequence)

    def _replacement(self, now: datetime) -> Step:
        old = self._some_event()
        if old is None:
            return self._events(now)
        new = self.new_event(now)
        if self._rng.random() < 0.8:
            new = replace(new, event_name=old.event_name)
        new = replace(new, event_id=old.event_id, event_timestamp=old.event_timestamp)
        return self._changes(now, [Replaced(self._number(), old, new)])

    def _deletion(self, now: datetime) -> Step:
        old = self._some_event()
        return self._events(now) if old is None else self._changes(now, [self._removal(old)])

    def _removal(self, old: Event) -> Removed:
        return Removed(self._number(), old)

    def _profile(self, now: datetime) -> Step:
        present = self._world.customer
        if present is not None and self._rng.random() < 0.15:
            return Step(now, (), (Profile(present),))
        return Step(now, (), (self.new_profile(now),))

    def _segment(self, now: datetime) -> Step:
        return Step(now, (), (self._new_segment(self._rng.choice(SEGMENT_IDS)),))

    def _segment_gone(self, now: datetime) -> Step:
        definitions = self._world.definitions
        referred_to = str(list(definitions.values()))
        free = [one for one in sorted(definitions) if f"'segment': '{one}'" not in referred_to]
        if not free:
            return self._segment(now)
        return Step(now, (), (SegmentDeleted(self._rng.choice(free)),))

    # Their parts

    def _changes(self, now: datetime, records: Sequence[Record]) -> Step:
        """Write the records; mostly tell of them at once, unless earlier ones are still untold."""
        told = not self._untold and self._rng.random() < 0.8
        return Step(now, records, records if told else ())

    def _with_delivery(self, step: Step) -> Step:
        """Tell of what is untold, or of the first part of it, before or after the rest."""
        waiting = [*self._untold, *step.written]
        some = self._rng.randint(1, len(waiting))
        told = waiting[:some] if self._rng.random() < 0.3 else waiting
        actions = (*told, *step.actions) if self._rng.random() < 0.5 else (*step.actions, *told)
        return replace(step, actions=actions)

    def _some_event(self) -> Event | None:
        events = list(self._world.timeline.values())
        return self._rng.choice(events) if events else None

    def new_event(self, now: datetime, *, ahead: bool = False) -> Event:
        rng = self._rng
        accepted = now - timedelta(milliseconds=rng.choice((0, 0, 1, 40, 900, 2000)))
        event_id = new_event_id(accepted, rng.randbytes(10))
        return Event(
            event_id=event_id,
            store_id=STORE_ID,
            event_name=rng.choice(_EVENT_NAMES),
            event_timestamp=self._event_instant(now, ahead=ahead),
            received_at=accepted,
            source=rng.choice(("redo", "apparel")),
            identifiers=(Identifier(IdentifierKind.EMAIL, _EMAILS[0]),),
            data=_random_data(rng),
            extra=_EXTRA if rng.random() < 0.2 else None,
            value=rng.choice(_VALUES),
            value_currency=rng.choice(("USD", None)),
            unique_id=rng.choice((f"apparel-{event_id[-6:]}", None)),
        )

    def _event_instant(self, now: datetime, *, ahead: bool) -> datetime:
        rng = self._rng
        kind = rng.random()
        if ahead or kind < 0.1:
            return now + timedelta(minutes=rng.choice((1, 5, 30, 60, 120, 720, 2880)))
        if kind < 0.18 and (same := self._some_event()) is not None:
            return same.event_timestamp
        if kind < 0.35:
            return now - timedelta(minutes=rng.choice((5, 30, 60, 120, 360, 720, 1440)))
        if kind < 0.38:
            return now - timedelta(days=rng.choice((7, 28, 365, 3650, 3651)))
        if kind < 0.5:
            return now - timedelta(microseconds=rng.randint(1, 5_000_000))
        return now

    def new_profile(self, now: datetime) -> Profile:
        rng, present = self._rng, self._world.customer
        fields = _random_fields(rng, now)
        if present is None:
            created_at = now - timedelta(minutes=rng.choice((0, 0, 5, 60, 720, 40000)))
            return Profile(Customer(STORE_ID, CUSTOMER_ID, created_at, fields))
        if fields and rng.random() < 0.6:
            path = rng.choice(sorted(fields))
            fields = {**present.fields, path: fields[path]}
        return Profile(replace(present, fields=fields))

    def _new_segment(self, segment_id: str) -> SegmentPut:
        before = SEGMENT_IDS[: SEGMENT_IDS.index(segment_id)]
        known = [one for one in before if one in self._world.definitions]
        definition = random_definition(self._rng, known)
        for _ in range(4):
            if self._rng.random() < 0.15 or self._is_lively(definition):
                break
            definition = random_definition(self._rng, known)
        return SegmentPut(segment_id, definition)

    def _is_lively(self, definition: Document) -> bool:
        """Tell whether the definition is true of some of a few customers, and not of others."""
        others = self._world.definitions
        answers = (
            is_member(definition, history, customer, START, others)
            for history, customer in _probes()
        )
        return len(set(answers)) > 1


def _event_id(record: Record) -> str:
    event = (
        record.old
        if isinstance(record, Removed)
        else (record.new if isinstance(record, Replaced) else record.event)
    )
    return event.event_id


@cache
def _probes() -> Sequence[tuple[Sequence[Event], Customer]]:
    """Return a few customers with short histories, the first with none."""
    script = _Script(0)
    return [
        ([script.new_event(START) for _ in range(count)], script.new_profile(START).customer)
        for count in (0, 1, 2, 3, 5)
    ]
