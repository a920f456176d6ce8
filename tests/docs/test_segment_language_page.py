"""What docs/segments.md teaches is what the engine does: its segments, its tables, its limits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import get_args

import pytest

from cli.segment_files import read_file, read_files
from footfall.aws.segment_changes import MAX_STORE_BYTES
from footfall.domain.customers import Customer, FieldValue
from footfall.domain.events import Event
from footfall.domain.faults import FaultyDocumentError
from footfall.domain.limits import MAX_NAME_CHARACTERS
from footfall.domain.strict_json import parse_json
from footfall.domain.timestamps import format_timestamp
from footfall.domain.values import JsonObject, JsonValue, ProfileValue
from footfall.segments import definitions
from footfall.segments.definitions import MAX_CHILDREN, MAX_COUNT, MAX_LISTED_VALUES, Node
from footfall.segments.durations import MAX_DURATION
from footfall.segments.history import is_member
from footfall.segments.reading import MAX_DEFINITION_BYTES, MAX_DEPTH, MAX_LEAVES, read_definition
from footfall.segments.references import MAX_RESOLVED_DEPTH, MAX_RESOLVED_LEAVES
from footfall.segments.segment import MAX_SEGMENTS
from footfall.segments.transitions import Cause
from tests.builders import JANE, NOON, STORE
from tests.docs.documents import ROOT, blocks, section

PAGE = (ROOT / "docs" / "segments.md").read_text()
FOLDER = ROOT / "examples" / "segments"
FILES = sorted(FOLDER.glob("*.json"))
DEFINITIONS: Mapping[str, Node] = {one.segment_id: one.definition for one in read_files([FOLDER])}

MOMENT = timedelta(microseconds=1)
"""The smallest step in time: what is a moment younger than a window's length is within it."""
_EVENT_ID = "00000000-0000-7000-8000-000000000001"


def days(number: int) -> timedelta:
    return timedelta(days=number)


def did(
    event_name: str,
    ago: timedelta,
    *,
    value: Decimal | int | None = None,
    currency: str | None = None,
    data: JsonObject | None = None,
) -> Event:
    """Return an event that happened so long before noon."""
    return Event(
        event_id=_EVENT_ID,
        store_id=STORE,
        event_name=event_name,
        event_timestamp=NOON - ago,
        received_at=NOON - ago,
        source="redo",
        identifiers=[JANE],
        data=data or {},
        value=value,
        value_currency=currency,
    )


def bought(ago: timedelta, value: Decimal | int | None = None, *categories: str) -> Event:
    items: JsonValue = [{"category": category} for category in categories]
    currency = None if value is None else "USD"
    return did("purchase_completed", ago, value=value, currency=currency, data={"items": items})


def viewed(ago: timedelta, what: str = "product") -> Event:
    return did(f"{what}_viewed", ago)


def cart(ago: timedelta, event_name: str = "cart_item_added") -> Event:
    return did(event_name, ago)


@dataclass(frozen=True)
class History:
    """A customer at noon: who is that, what happened, and is that a member?"""

    label: str
    member: bool
    events: Sequence[Event] = ()
    fields: Mapping[str, ProfileValue] = field(default_factory=dict)
    first_seen: timedelta = timedelta(days=1_000)

    def customer(self) -> Customer:
        seen = NOON - self.first_seen
        fields = {path: FieldValue(value, seen, "") for path, value in self.fields.items()}
        return Customer(STORE, "c0ffee", seen, fields)


def date(ahead: timedelta) -> str:
    return format_timestamp(NOON + ahead)


GOLD = {"customFields.Loyalty Tier": "Gold"}
HOUR = timedelta(hours=1)

HISTORIES: Mapping[str, Sequence[History]] = {
    "bought-twice": [
        History("never", member=False),
        History("once", member=False, events=[bought(days(1))]),
        History("twice", member=True, events=[bought(days(1)), bought(days(2))]),
        History("at this instant", member=True, events=[bought(days(0)), bought(days(2))]),
        History("in a moment", member=False, events=[bought(-MOMENT), bought(days(2))]),
        History("a moment left", member=True, events=[bought(days(30) - MOMENT), bought(days(1))]),
        History("30 days are over", member=False, events=[bought(days(30)), bought(days(1))]),
        History("other names", member=False, events=[did("Purchase_Completed", HOUR)] * 2),
    ],
    "welcome": [
        History("never", member=False),
        History("first, just now", member=True, events=[bought(days(0))]),
        History("first, a moment left", member=True, events=[bought(days(7) - MOMENT)]),
        History("first, 7 days are over", member=False, events=[bought(days(7))]),
        History("second in a week", member=False, events=[bought(days(1)), bought(days(2))]),
        History("second after years", member=False, events=[bought(days(1)), bought(days(900))]),
        History("second tomorrow", member=True, events=[bought(days(1)), bought(-days(1))]),
    ],
    "lapsed": [
        History("never", member=False),
        History("a moment too early", member=False, events=[bought(days(90) - MOMENT)]),
        History("90 days", member=True, events=[bought(days(90))]),
        History("years", member=True, events=[bought(days(900)), bought(days(800))]),
        History("came back", member=False, events=[bought(days(900)), bought(days(0))]),
        History("comes back tomorrow", member=True, events=[bought(days(900)), bought(-days(1))]),
    ],
    "vip": [
        History("never", member=False),
        History("exactly", member=True, events=[bought(days(1), 600), bought(days(2), 400)]),
        History(
            "a cent less",
            member=False,
            events=[bought(days(1), 600), bought(days(2), Decimal("399.99"))],
        ),
        History("a moment left", member=True, events=[bought(days(365) - MOMENT, 1_000)]),
        History("a year ago", member=False, events=[bought(days(365), 1_000)]),
        History("no value", member=False, events=[bought(days(1))]),
        History(
            "euros are not added",
            member=False,
            events=[
                did("purchase_completed", days(1), value=900, currency="EUR"),
                bought(days(1), 900),
            ],
        ),
    ],
    "vip-at-risk": [
        History("never", member=False),
        History("no VIP", member=False, events=[bought(days(60), 999)]),
        History("VIP, 60 days", member=True, events=[bought(days(60), 1_000)]),
        History("a moment too early", member=False, events=[bought(days(60) - MOMENT, 1_000)]),
        History("no VIP any more", member=False, events=[bought(days(365), 1_000)]),
        History("came back", member=False, events=[bought(days(61), 1_000), bought(days(0), 1)]),
    ],
    "browsed-not-bought": [
        History("nothing", member=False),
        History("two", member=False, events=[viewed(HOUR)] * 2),
        History("three", member=True, events=[viewed(HOUR), viewed(HOUR), viewed(HOUR)]),
        History(
            "three of either",
            member=True,
            events=[viewed(HOUR), viewed(HOUR), viewed(days(7) - MOMENT, "collection")],
        ),
        History("one too old", member=False, events=[viewed(HOUR), viewed(HOUR), viewed(days(7))]),
        History("bought", member=False, events=[*[viewed(HOUR)] * 3, bought(days(7) - MOMENT)]),
        History("bought earlier", member=True, events=[*[viewed(HOUR)] * 3, bought(days(7))]),
    ],
    "cart-abandoned": [
        History("no cart", member=False),
        History("a moment too early", member=False, events=[cart(HOUR - MOMENT)]),
        History("an hour", member=True, events=[cart(HOUR)]),
        History("touched again", member=False, events=[cart(2 * HOUR), cart(HOUR / 2, "cart_x")]),
        History("a moment left", member=True, events=[cart(24 * HOUR - MOMENT)]),
        History("a day is over", member=False, events=[cart(24 * HOUR)]),
        History("bought", member=False, events=[cart(2 * HOUR), bought(HOUR)]),
        History("no name of a cart", member=False, events=[cart(HOUR, "my cart_item")]),
    ],
    "gold-apparel": [
        History("gold", member=False, fields=GOLD),
        History("gold shoes", member=True, events=[bought(HOUR, 101, "shoes")], fields=GOLD),
        History(
            "written otherwise",
            member=True,
            events=[bought(HOUR, Decimal("100.01"), "hats", "apparel")],
            fields={"customFields.Loyalty Tier": "GOLD"},
        ),
        History("no tier", member=False, events=[bought(HOUR, 101, "shoes")]),
        History("not over", member=False, events=[bought(HOUR, 100, "shoes")], fields=GOLD),
        History("only hats", member=False, events=[bought(HOUR, 101, "hats")], fields=GOLD),
        History(
            "not the same purchase",
            member=False,
            events=[bought(HOUR, 101, "hats"), bought(HOUR, 5, "shoes")],
            fields=GOLD,
        ),
        History("too old", member=False, events=[bought(days(90), 101, "shoes")], fields=GOLD),
        History(
            "refunded",
            member=False,
            events=[bought(HOUR, 101, "shoes"), did("refund_requested", days(90) - MOMENT)],
            fields=GOLD,
        ),
        History(
            "refunded long ago",
            member=True,
            events=[bought(HOUR, 101, "shoes"), did("refund_requested", days(90))],
            fields=GOLD,
        ),
    ],
    "birthday-soon": [
        History("unknown", member=False),
        *(
            History(label, member=member, fields={"customFields.Next Birthday": value})
            for label, member, value in (
                ("in 7 days", True, date(days(7))),
                ("a moment too early", False, date(days(7) + MOMENT)),
                ("in a moment", True, date(MOMENT)),
                ("now", False, date(days(0))),
                ("of birth", False, "1976-07-04T12:00:00Z"),
                ("no date", False, "2026-04-05"),
            )
        ),
    ],
    "new-not-bought": [
        History("new", member=True, first_seen=days(0)),
        History("a moment left", member=True, first_seen=days(7) - MOMENT),
        History("7 days are over", member=False, first_seen=days(7)),
        History("bought", member=False, first_seen=days(1), events=[bought(HOUR)]),
        History("buys tomorrow", member=True, first_seen=days(1), events=[bought(-days(1))]),
        History("did something else", member=True, first_seen=days(1), events=[viewed(HOUR)]),
    ],
}


@pytest.mark.parametrize(
    ("segment_id", "history"),
    [
        pytest.param(segment_id, history, id=f"{segment_id}: {history.label}")
        for segment_id, histories in HISTORIES.items()
        for history in histories
    ],
)
def test_the_right_customers_are_in_each_segment(segment_id: str, history: History) -> None:
    found = is_member(
        DEFINITIONS[segment_id], history.events, history.customer(), NOON, DEFINITIONS
    )
    assert found is history.member


def test_there_are_ten_segments_and_each_is_tried() -> None:
    assert len(FILES) == 10
    assert HISTORIES.keys() == DEFINITIONS.keys()
    for histories in HISTORIES.values():
        assert {history.member for history in histories} == {True, False}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_file_stands_on_the_page_as_it_is(path: Path) -> None:
    assert path.read_text() in blocks(PAGE, "json")
    assert read_file(path).segment_id == path.stem


@pytest.mark.parametrize("text", blocks(PAGE, "json"))
def test_every_example_is_of_the_language(text: str) -> None:
    document = parse_json(text)
    assert isinstance(document, Mapping)
    read_definition(document.get("definition", document))


def _rows(heading: str) -> list[list[str]]:
    """Return the cells of the table under a heading, without its head."""
    lines = [line for line in section(PAGE, heading).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]


LOGIC = _rows("True or false, and nothing between")


@pytest.mark.parametrize(("values", "leaf", "answer"), LOGIC)
def test_the_table_of_answers_is_right(values: str, leaf: str, answer: str) -> None:
    test = parse_json(f"{{{leaf.strip('`')}}}")
    assert isinstance(test, Mapping)
    found = [parse_json(part.strip("`")) for part in _values(values)]
    leaf_of_property = {"property": "data.x[]", **test}
    assert str(_answer(test, leaf_of_property, found)).lower() == answer


def _values(cell: str) -> list[str]:
    if cell == "nothing":
        return []
    return cell.removesuffix(", by `[]`").split(" and ")


def _answer(test: JsonObject, leaf_of_property: JsonObject, values: Sequence[JsonValue]) -> bool:
    """Ask of an event, or of a customer where the operator is for attributes only."""
    try:
        definition = read_definition({"event": "x", "where": leaf_of_property})
    except FaultyDocumentError:
        assert not values
        definition = read_definition({"attribute": "customFields.x", **test})
    event = did("x", HOUR, data={"x": values})
    return is_member(definition, [event], History("", member=True).customer(), NOON, {})


def test_every_operator_is_in_the_table() -> None:
    listed = " ".join(cells[0] for cells in _rows("Operators"))
    shapes = (
        definitions.EqualityTest,
        definitions.ListTest,
        definitions.OrderTest,
        definitions.RangeTest,
        definitions.TextTest,
        definitions.PresenceTest,
        definitions.RelativeTest,
    )
    operators = [one for shape in shapes for one in get_args(shape.model_fields["op"].annotation)]
    assert len(operators) == 18
    assert not [one for one in operators if f"`{one}`" not in listed]


@pytest.mark.parametrize(
    "row",
    [
        f"| depth of a definition, filters included | {MAX_DEPTH} |",
        f"attributes and references | {MAX_LEAVES} |",
        f"| {MAX_RESOLVED_LEAVES:,} behaviours and attributes, {MAX_RESOLVED_DEPTH} levels |",
        f"names of an `any_of` | 1 to {MAX_CHILDREN} |",
        f"| values of an `in` or `not_in` | 1 to {MAX_LISTED_VALUES:,} |",
        f"| a count | 0 to {MAX_COUNT:,} |",
        f"| a duration | up to {MAX_DURATION.days:,} days |",
        f"| 1 to {MAX_NAME_CHARACTERS} characters |",
        f"| one definition, as compact JSON | {MAX_DEFINITION_BYTES:,} bytes |",
        f"| all definitions of a store | {MAX_STORE_BYTES:,} bytes |",
        f"| segments of a store | {MAX_SEGMENTS:,} |",
    ],
)
def test_every_limit_is_that_of_the_code(row: str) -> None:
    assert row in section(PAGE, "Limits")


def test_every_cause_is_named() -> None:
    (row,) = [line for line in PAGE.splitlines() if line.startswith("| `cause` |")]
    assert not [cause for cause in Cause if f"`{cause}`" not in row]


@pytest.mark.parametrize(
    ("document", "counts"),
    [
        ({"last": "30d"}, {"a": False, "b": True, "c": True, "d": False}),
        ({"from": "2026-03-03T12:00:00Z", "to": "2026-04-02T12:00:00Z"}, {"a": True, "c": False}),
        ({"from": "2026-04-02T12:00:00Z"}, {"b": False, "c": True, "d": False}),
        ({"to": "2026-04-02T12:00:00Z"}, {"a": True, "b": True, "c": False}),
        (None, {"a": True, "b": True, "c": True, "d": False}),
    ],
)
def test_the_windows_end_where_the_page_says(
    document: JsonValue, counts: Mapping[str, bool]
) -> None:
    within = {} if document is None else {"within": document}
    definition = read_definition({"event": "x", **within})
    events = {"a": days(30), "b": days(30) - MOMENT, "c": days(0), "d": -MOMENT}
    customer = History("", member=True).customer()
    assert counts == {
        name: _is_in(definition, did("x", events[name]), customer, NOON) for name in counts
    }


def _is_in(definition: Node, event: Event, customer: Customer, now: datetime) -> bool:
    return is_member(definition, [event], customer, now, {})
