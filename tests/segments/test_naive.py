"""The naive evaluator says what the page of the segment language says, and its cases are alive."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

import pytest

from footfall.domain.customers import Customer, FieldValue
from footfall.domain.events import Event
from footfall.domain.identifiers import Identifier, IdentifierKind
from footfall.domain.values import JsonValue, ProfileValue
from footfall.segments.reading import read_definition
from tests.segments import cdnow_truth
from tests.segments.naive import Document, flip_instants, is_member
from tests.segments.random_cases import (
    SegmentPut,
    Stored,
    World,
    random_case,
    random_definition,
)

NOW = datetime(2026, 4, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)
TICK = timedelta(microseconds=1)
CASES = 300

BOUGHT: Document = {"event": "bought"}
LAST_30_DAYS: Document = {"event": "bought", "within": {"last": "30d"}}


def bought(  # noqa: PLR0913  # every part of an event may matter to a test
    at: datetime = NOW,
    *,
    name: str = "bought",
    value: Decimal | int | None = None,
    data: Mapping[str, JsonValue] | None = None,
    extra: JsonValue = None,
    unique_id: str | None = None,
) -> Event:
    return Event(
        event_id="019d4e5c-0000-7000-8000-000000000000",
        store_id="64e5a8a1af49a89df37e4ee7",
        event_name=name,
        event_timestamp=at,
        received_at=NOW,
        source="redo",
        identifiers=(Identifier(IdentifierKind.EMAIL, "jane@example.com"),),
        data=data or {},
        extra=extra,
        value=value,
        unique_id=unique_id,
    )


def customer(created_at: datetime = NOW, **fields: ProfileValue) -> Customer:
    """Return a customer; in the name of a field, `__` stands for a dot."""
    values = {
        name.replace("__", "."): FieldValue(value, NOW, "statement")
        for name, value in fields.items()
    }
    return Customer("64e5a8a1af49a89df37e4ee7", "5f0c1d2e3a4b5c6d7e8f9a0b", created_at, values)


def holds(
    definition: Document,
    *history: Event,
    who: Customer | None = None,
    now: datetime = NOW,
    others: Mapping[str, Document] | None = None,
) -> bool:
    read_definition(definition)
    return is_member(definition, history, who, now, others or {})


def matches(data: Mapping[str, JsonValue], **test: object) -> bool:
    """Tell whether an event with that data matches a filter of one test."""
    return holds({**BOUGHT, "where": test}, bought(data=data))


# The shape


def test_nodes() -> None:
    viewed: Document = {"event": "viewed"}
    history = (bought(),)
    assert not holds({"all": [BOUGHT, viewed]}, *history)
    assert holds({"any": [viewed, BOUGHT]}, *history)
    assert holds({"not": viewed}, *history)
    assert not holds({"not": BOUGHT}, *history)


def test_a_segment_is_its_definition_and_a_missing_one_has_no_members() -> None:
    others: Mapping[str, Document] = {"buyers": BOUGHT, "others": {"not": {"segment": "buyers"}}}
    assert holds({"segment": "buyers"}, bought(), others=others)
    assert holds({"segment": "others"}, others=others)
    assert not holds({"segment": "gone"}, bought(), others=others)
    assert holds({"not": {"segment": "gone"}}, bought(), others=others)


# Behaviours


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ("bought", {"bought"}),
        ("Bought", set()),
        ("cart_*", {"cart_*"}),
        ({"like": "cart_*"}, {"cart_", "cart_add", "cart_\n", "cart_*"}),
        ({"like": r"cart_\*"}, {"cart_*"}),
        ({"like": r"*\*"}, {"cart_*"}),
        ({"like": "*"}, {"bought", "cart_", "cart_add", "cart_\n", "cart_*", r"a\b"}),
        ({"like": "BOUGHT"}, set()),
        ({"like": "b.*"}, set()),
        ({"like": r"a\b"}, {r"a\b"}),
        ({"any_of": ["bought", "cart_*"]}, {"bought", "cart_*"}),
    ],
)
def test_event_names(wanted: JsonValue, names: set[str]) -> None:
    all_names = ["bought", "cart_", "cart_add", "cart_\n", "cart_*", r"a\b"]
    assert {name for name in all_names if holds({"event": wanted}, bought(name=name))} == names


def test_the_last_days_are_open_at_their_start_and_closed_at_now() -> None:
    assert holds(LAST_30_DAYS, bought(NOW))
    assert holds(LAST_30_DAYS, bought(NOW - 30 * DAY + TICK))
    assert not holds(LAST_30_DAYS, bought(NOW - 30 * DAY))
    assert not holds(LAST_30_DAYS, bought(NOW + TICK))


@pytest.mark.parametrize(
    ("last", "duration"),
    [
        ("90m", timedelta(minutes=90)),
        ("36h", timedelta(hours=36)),
        ("1d", timedelta(hours=24)),
        ("2w", timedelta(days=14)),
        ("3650d", timedelta(days=3650)),
    ],
)
def test_units(last: str, duration: timedelta) -> None:
    definition = {**BOUGHT, "within": {"last": last}}
    assert holds(definition, bought(NOW - duration + TICK))
    assert not holds(definition, bought(NOW - duration))


def test_a_fixed_window_is_closed_at_its_start_and_open_at_its_end() -> None:
    window = {"from": "2026-03-01T00:00:00Z", "to": "2026-03-31T02:00:00+02:00"}
    start, end = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 31, tzinfo=UTC)
    between = {**BOUGHT, "within": window}
    assert holds(between, bought(start))
    assert not holds(between, bought(start - TICK))
    assert holds(between, bought(end - TICK))
    assert not holds(between, bought(end))
    assert holds({**BOUGHT, "within": {"from": window["from"]}}, bought(end))
    assert holds({**BOUGHT, "within": {"to": window["to"]}}, bought(start - TICK))
    assert holds({**BOUGHT, "within": {}}, bought(start - TICK))


@pytest.mark.parametrize(
    "within",
    [None, {"last": "1d"}, {"from": "2026-04-02T12:00:00Z"}, {"to": "2027-01-01T00:00:00Z"}],
)
def test_a_future_event_counts_when_its_time_has_come(within: Document | None) -> None:
    definition = BOUGHT if within is None else {**BOUGHT, "within": within}
    soon = bought(NOW + timedelta(hours=1))
    assert not holds(definition, soon)
    assert not holds(definition, soon, now=NOW + timedelta(hours=1) - TICK)
    assert holds(definition, soon, now=NOW + timedelta(hours=1))


@pytest.mark.parametrize(
    ("comparison", "counts"),
    [
        ({"gte": 2}, {2, 3, 4}),
        ({"gt": 2}, {3, 4}),
        ({"lte": 2}, {0, 1, 2}),
        ({"lt": 2}, {0, 1}),
        ({"eq": 2}, {2}),
        ({"eq": 0}, {0}),
        ({"lt": 1}, {0}),
        ({"gte": 0}, {0, 1, 2, 3, 4}),
        ({"between": [1, 3]}, {1, 2, 3}),
        ({"between": [3, 1]}, set()),
        (None, {1, 2, 3, 4}),
    ],
)
def test_counts(comparison: JsonValue, counts: set[int]) -> None:
    definition = BOUGHT if comparison is None else {**BOUGHT, "count": comparison}
    assert {count for count in range(5) if holds(definition, *[bought()] * count)} == counts


def test_sums_are_exact() -> None:
    history = [bought(value=Decimal("0.1")) for _ in range(3)]
    assert holds({**BOUGHT, "sum": {"of": "value", "eq": Decimal("0.3")}}, *history)
    tiny = [bought(value=10**37), bought(value=Decimal("1E-30"))]
    assert holds({**BOUGHT, "sum": {"of": "value", "gt": 10**37}}, *tiny)
    assert holds(
        {**BOUGHT, "sum": {"of": "value", "between": [1, Decimal("1.0")]}}, bought(value=1)
    )


def test_sums_of_nothing_and_of_what_is_no_number() -> None:
    assert holds({**BOUGHT, "sum": {"of": "value", "eq": 0}})
    assert not holds({**BOUGHT, "sum": {"of": "value", "gt": 0}})
    amounts: Sequence[JsonValue] = ("2", True, [2], {"x": 2}, 3, -1)
    history = [bought(data={"amount": amount}) for amount in amounts]
    assert holds({**BOUGHT, "sum": {"of": "data.amount", "eq": 2}}, *history, bought())


def test_a_sum_counts_matching_events_in_the_window_only() -> None:
    definition = {
        **LAST_30_DAYS,
        "where": {"property": "value", "op": "gt", "value": 1},
        "sum": {"of": "value", "eq": 5},
    }
    history = [bought(value=1), bought(value=5), bought(NOW - 30 * DAY, value=7)]
    assert holds(definition, *history)


def test_filters_nest() -> None:
    gold: Document = {"property": "data.tier", "op": "eq", "value": "Gold"}
    big: Document = {"property": "value", "op": "gte", "value": 10}
    where = {"all": [{"any": [gold, big]}, {"not": {"all": [gold, big]}}]}
    definition = {**BOUGHT, "where": where}
    assert holds(definition, bought(data={"tier": "Gold"}))
    assert holds(definition, bought(value=10))
    assert not holds(definition, bought(value=10, data={"tier": "Gold"}))
    assert not holds(definition, bought())


# Paths


def test_plain_paths() -> None:
    event = bought(value=3, unique_id="order-1")
    for path, value in (("value", 3), ("source", "redo"), ("uniqueId", "order-1")):
        assert holds({**BOUGHT, "where": {"property": path, "op": "eq", "value": value}}, event)
    for path in ("valueCurrency", "data.tier"):
        assert not holds({**BOUGHT, "where": {"property": path, "op": "exists"}}, event)


def test_a_path_is_one_key_first_and_dotted_then() -> None:
    assert matches({"a.b c": 1}, property="data.a.b c", op="eq", value=1)
    assert matches({"a": {"b": {"c d": 1}}}, property="data.a.b.c d", op="eq", value=1)
    both: JsonValue = {"a.b": 1, "a": {"b": 2}}
    assert isinstance(both, Mapping)
    assert matches(both, property="data.a.b", op="eq", value=1)
    assert not matches(both, property="data.a.b", op="eq", value=2)
    assert not matches({"a": {"b.c": 1}}, property="data.a.b.c", op="exists")
    assert not matches({"a": [{"b": 1}]}, property="data.a.b", op="exists")


def test_brackets_are_some_element() -> None:
    items: Mapping[str, JsonValue] = {"items": [{"type": "hat"}, {"type": 2}, {}, "shoe"]}
    assert matches(items, property="data.items[].type", op="eq", value="hat")
    assert matches(items, property="data.items[].type", op="gt", value=1)
    assert matches(items, property="data.items[]", op="eq", value="shoe")
    assert not matches(items, property="data.items[].type", op="ne", value="hat")
    assert matches(items, property="data.items[].type", op="ne", value="sock")
    assert not matches(items, property="data.items[].type", op="not_in", value=["hat", "sock"])
    assert matches(items, property="data.items[].type", op="exists")
    assert not matches({"items": []}, property="data.items[]", op="exists")
    assert matches({"items": [{}]}, property="data.items[].type", op="not_exists")
    assert not matches({"items": {"type": "hat"}}, property="data.items[].type", op="exists")
    nested: Mapping[str, JsonValue] = {"items": [{"tags": ["x"]}, {"tags": ["y"]}]}
    assert matches(nested, property="data.items[].tags[]", op="eq", value="y")


def test_the_bounds_of_between_hold_for_one_and_the_same_element() -> None:
    prices: Mapping[str, JsonValue] = {"prices": [1, 9]}
    assert not matches(prices, property="data.prices[]", op="between", value=[4, 6])


def test_extra_is_out_of_reach() -> None:
    event = bought(extra={"secret": 1})
    for path in ("data.$extra", "data.$extra.secret", "data.secret"):
        assert not holds({**BOUGHT, "where": {"property": path, "op": "exists"}}, event)


# Operators


@pytest.mark.parametrize(
    "value", ["99", 99, Decimal("99.0"), True, 1, ["99"], {"99": 99}], ids=repr
)
def test_equality_is_of_the_same_type(value: JsonValue) -> None:
    data = {"p": value}
    assert matches(data, property="data.p", op="eq", value="99") is (value == "99")
    assert matches(data, property="data.p", op="eq", value=99) is (value == 99)
    assert matches(data, property="data.p", op="eq", value=True) is (value is True)
    assert matches(data, property="data.p", op="in", value=["99", 99]) is (value in ("99", 99))
    assert matches(data, property="data.p", op="ne", value=99) is (value != 99)


def test_order_is_of_numbers_and_of_dates() -> None:
    assert matches({"p": Decimal("2.50")}, property="data.p", op="gte", value=Decimal("2.5"))
    assert not matches({"p": Decimal("2.50")}, property="data.p", op="gt", value=Decimal("2.5"))
    assert not matches({"p": "99"}, property="data.p", op="gt", value=1)
    assert not matches({"p": True}, property="data.p", op="gte", value=1)
    assert not matches({"p": 99}, property="data.p", op="gt", value="2026-01-01T00:00:00Z")
    assert not matches({"p": "shoes"}, property="data.p", op="gt", value="2026-01-01T00:00:00Z")


@pytest.mark.parametrize(("value", "answer"), [(1, False), (2, True), (3, True), (4, False)])
def test_between_is_inclusive(value: int, answer: bool) -> None:  # noqa: FBT001  # a parameter
    assert matches({"p": value}, property="data.p", op="between", value=[2, 3]) is answer


def test_dates_compare_as_instants() -> None:
    noon = {"p": "2026-04-02T14:00:00+02:00"}
    assert matches(noon, property="data.p", op="eq", value="2026-04-02T12:00:00.000Z")
    assert matches(noon, property="data.p", op="in", value=["x", "2026-04-02T12:00:00Z"])
    assert not matches(noon, property="data.p", op="ne", value="2026-04-02T12:00:00Z")
    assert matches(noon, property="data.p", op="lt", value="2026-04-02T12:30:00Z")
    both = ["2026-04-02T12:00:00Z", "2026-04-02T12:00:00Z"]
    assert matches(noon, property="data.p", op="between", value=both)


def test_text_is_case_sensitive_unless_told_otherwise() -> None:
    data = {"p": "Große Schuhe"}
    assert matches(data, property="data.p", op="contains", value="Schuh")
    assert matches(data, property="data.p", op="starts_with", value="Gro")
    assert matches(data, property="data.p", op="ends_with", value="he")
    assert not matches(data, property="data.p", op="contains", value="schuh")
    for op, value in (
        ("contains", "E SCH"),
        ("starts_with", "GROSSE"),
        ("ends_with", "SCHUHE"),
        ("eq", "GROSSE SCHUHE"),
    ):
        assert matches(data, property="data.p", op=op, value=value, ignoreCase=True)
        assert not matches(data, property="data.p", op=op, value=value, ignoreCase=False)
    assert matches(data, property="data.p", op="in", value=[1, "grosse schuhe"], ignoreCase=True)
    assert not matches(data, property="data.p", op="ne", value="GROSSE schuhe", ignoreCase=True)
    assert not matches(data, property="data.p", op="not_contains", value="SCHUH", ignoreCase=True)


@pytest.mark.parametrize(
    ("positive", "complement", "value"),
    [
        ("eq", "ne", "x"),
        ("in", "not_in", ["x", 1]),
        ("contains", "not_contains", "x"),
        ("exists", "not_exists", None),
    ],
)
def test_complements(positive: str, complement: str, value: JsonValue) -> None:
    literal = {} if value is None else {"value": value}
    assert not matches({}, property="data.p", op=positive, **literal)
    assert matches({}, property="data.p", op=complement, **literal)
    for data in ({"p": "x"}, {"p": "y"}, {"p": 1}, {"p": ["x"]}, {"q": 1}):
        answers = [
            matches(data, property="data.p", op=op, **literal) for op in (positive, complement)
        ]
        assert sorted(answers) == [False, True]


# Attributes


def test_attributes() -> None:
    jane = customer(email="jane@example.com", location__city="Oslo", customFields__score=3)
    assert holds({"attribute": "email", "op": "ends_with", "value": "@example.com"}, who=jane)
    assert holds({"attribute": "location.city", "op": "in", "value": ["Oslo"]}, who=jane)
    assert holds({"attribute": "customFields.score", "op": "gt", "value": 2}, who=jane)
    assert holds({"attribute": "firstName", "op": "not_exists"}, who=jane)
    assert not holds({"attribute": "email", "op": "exists"})
    assert holds({"attribute": "email", "op": "ne", "value": "x"})


def test_created_at_is_a_date() -> None:
    jane = customer(NOW - DAY)
    assert holds({"attribute": "createdAt", "op": "lt", "value": "2026-04-02T12:00:00Z"}, who=jane)
    assert holds({"attribute": "createdAt", "op": "eq", "value": "2026-04-01T12:00:00Z"}, who=jane)
    assert not holds({"attribute": "createdAt", "op": "contains", "value": "2026"}, who=jane)
    assert not holds({"attribute": "createdAt", "op": "exists"})


@pytest.mark.parametrize(
    ("moved", "last", "next_"),
    [
        (-2 * DAY, False, False),
        (-2 * DAY + TICK, True, False),
        (timedelta(0), True, False),
        (TICK, False, True),
        (2 * DAY, False, True),
        (2 * DAY + TICK, False, False),
    ],
)
def test_relative_operators(moved: timedelta, last: bool, next_: bool) -> None:  # noqa: FBT001  # parameters
    jane = customer(customFields__renewal=(NOW + moved).isoformat())
    test = {"attribute": "customFields.renewal", "value": "2d"}
    assert holds({**test, "op": "within_last"}, who=jane) is last
    assert holds({**test, "op": "not_within_last"}, who=jane) is not last
    assert holds({**test, "op": "within_next"}, who=jane) is next_


@pytest.mark.parametrize("value", [5, True, "soon"])
def test_relative_operators_on_what_is_no_date(value: ProfileValue) -> None:
    test = {"attribute": "customFields.renewal", "value": "2d"}
    for who in (customer(customFields__renewal=value), customer(), None):
        assert not holds({**test, "op": "within_last"}, who=who)
        assert holds({**test, "op": "not_within_last"}, who=who)
        assert not holds({**test, "op": "within_next"}, who=who)


# Flips


def test_flips_of_windows() -> None:
    history = [bought(NOW - 29 * DAY), bought(NOW + DAY)]
    twice = {**LAST_30_DAYS, "count": {"gte": 2}}
    flips = flip_instants(LAST_30_DAYS, history, None, NOW, NOW + 40 * DAY, {})
    assert flips == [NOW + 31 * DAY]
    assert flip_instants(LAST_30_DAYS, history[:1], None, NOW, NOW + DAY, {}) == [NOW + DAY]
    assert flip_instants(LAST_30_DAYS, history[:1], None, NOW + DAY, NOW + 2 * DAY, {}) == []
    # The one leaves at the very instant at which the other comes.
    assert flip_instants(twice, history, None, NOW, NOW + 40 * DAY, {}) == []
    history[0] = bought(NOW - 29 * DAY + TICK)
    assert flip_instants(twice, history, None, NOW, NOW + 40 * DAY, {}) == [
        NOW + DAY,
        NOW + DAY + TICK,
    ]


def test_flips_of_dates_and_of_other_segments() -> None:
    jane = customer(NOW - 9 * DAY, customFields__renewal="2026-04-05T12:00:00Z")
    soon: Document = {"attribute": "customFields.renewal", "op": "within_next", "value": "2d"}
    assert flip_instants(
        {"not": {"segment": "soon"}}, (), jane, NOW, NOW + 9 * DAY, {"soon": soon}
    ) == [NOW + DAY, NOW + 3 * DAY]


def test_nothing_flips_between_the_flips() -> None:
    flips_seen = 0
    for seed in range(CASES):
        rng = Random(seed)  # noqa: S311  # a repeatable case, not a secret
        world = World()
        for step in random_case(seed).steps:
            world.apply(step)
        start = step.now - timedelta(days=2)
        end = step.now + timedelta(days=2)
        for definition in world.definitions.values():
            rest = (world.history, world.customer)
            flips = flip_instants(definition, *rest, start, end, world.definitions)
            flips_seen += len(flips)
            answer = is_member(definition, *rest, start, world.definitions)
            for _ in range(8):
                at = start + rng.random() * (end - start)
                flipped = sum(flip <= at for flip in flips) % 2 == 1
                assert is_member(definition, *rest, at, world.definitions) is (answer != flipped)
    assert flips_seen > CASES


# Random cases


def definitions_of_cases() -> Iterator[Document]:
    for seed in range(CASES):
        for step in random_case(seed).steps:
            for action in step.actions:
                if isinstance(action, SegmentPut):
                    yield action.definition


def parts_of(part: object) -> Iterator[Mapping[str, object]]:
    if isinstance(part, Mapping):
        yield part
    for member in part.values() if isinstance(part, Mapping) else part:  # type: ignore[attr-defined]
        if isinstance(member, Mapping | list):
            yield from parts_of(member)


def test_a_seed_is_always_the_same_case() -> None:
    assert random_case(7) == random_case(7)
    assert random_case(7) != random_case(8)


def test_random_definitions_are_valid_and_use_the_whole_language() -> None:
    seen: Counter[str] = Counter()
    for definition in definitions_of_cases():
        read_definition(definition)
        for part in parts_of(definition):
            seen.update(list(part))
            seen[str(part.get("op"))] += 1
    rng = Random(1)  # noqa: S311  # a repeatable case, not a secret
    for _ in range(CASES):
        read_definition(random_definition(rng, ["first"], depth=5))
    keys = "all any not event attribute segment where within count sum last from to like any_of"
    comparisons = "gte gt lte lt eq between of property ignoreCase"
    operators = (
        "eq in ne not_in gt gte lt lte between contains not_contains starts_with ends_with"
        " exists not_exists within_last not_within_last within_next"
    )
    for word in f"{keys} {comparisons} {operators}".split():
        assert seen[word] > 10, word


def test_random_cases_are_alive() -> None:
    answers: Counter[bool] = Counter()
    actions: Counter[str] = Counter()
    flips = []
    for seed in range(CASES):
        world = World()
        before: Mapping[str, bool] = {}
        flips.append(0)
        for step in (steps := random_case(seed).steps):
            world.apply(step)
            members = world.members(step.now)
            now = {segment_id: segment_id in members for segment_id in world.definitions}
            answers.update(now.values())
            flips[-1] += sum(before.get(one, answer) != answer for one, answer in now.items())
            before = now
            actions.update(type(action).__name__ for action in step.actions)
            actions["late"] += step.delivered_late
            actions["ahead"] += any(
                isinstance(record, Stored) and record.event.event_timestamp > step.now
                for record in step.written
            )
        assert world.is_settled
        assert 5 <= len(steps) <= 40
    share = answers[True] / answers.total()
    flipping = sum(flip > 0 for flip in flips) / CASES
    print(  # noqa: T201  # shown by pytest -rP
        f"members {share:.0%}, {sum(flips) / CASES:.2f} flips per case, in {flipping:.0%} of them;"
        f" {dict(actions)}"
    )
    assert 0.35 < share < 0.65
    assert flipping > 0.5
    assert sum(flips) > 1.5 * CASES
    assert min(actions.values()) > CASES / 30
    assert len(actions) == 9


def test_ids_of_random_events_are_of_their_acceptance() -> None:
    for seed in range(20):
        for step in random_case(seed).steps:
            for record in step.written:
                if isinstance(record, Stored):
                    uuid = UUID(record.event.event_id)
                    assert uuid.version == 7
                    accepted = record.event.received_at
                    assert uuid.int >> 80 == int(accepted.timestamp() * 1000)
                    assert accepted <= step.now


def test_sequence_numbers_rise_but_for_redeliveries() -> None:
    for seed in range(CASES):
        told = set()
        last = 0
        for step in random_case(seed).steps:
            for action in step.actions:
                number = getattr(action, "sequence", None)
                if number is not None and number not in told:
                    assert number > last
                    last = number
                    told.add(number)


# The sample of CDNOW


@pytest.mark.parametrize("segment_id", cdnow_truth.SEGMENTS)
def test_the_sample_of_cdnow(segment_id: str) -> None:
    histories: dict[str, list[Event]] = {}
    for who, day, dollars in cdnow_truth.LINES:
        event = bought(day, name="purchase_completed", value=dollars or None)
        histories.setdefault(who, []).append(event)
    definition, truth = cdnow_truth.SEGMENTS[segment_id]
    read_definition(definition)
    for now in cdnow_truth.INSTANTS:
        members = {
            who
            for who, history in histories.items()
            if is_member(definition, history, None, now, {})
        }
        assert members == truth(now)
    assert {bool(truth(now)) for now in cdnow_truth.INSTANTS} == {False, True}
