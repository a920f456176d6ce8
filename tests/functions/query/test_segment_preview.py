"""A definition tried on customers: as the words of the language have it, with honest reasons."""

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from footfall.aws.clients import dynamodb
from footfall.aws.items import to_item
from footfall.aws.timeline import MAX_INLINE_BYTES, PlacedEvent, write_events
from footfall.domain.customers import Customer
from footfall.domain.events import Event
from footfall.domain.timestamps import format_timestamp
from footfall.http.routes import DELETE_SEGMENT, GET_CUSTOMER, PREVIEW_SEGMENT, PUT_SEGMENT
from footfall.segments.reading import MAX_DEFINITION_BYTES
from footfall.settings import Setting
from query import segment_preview
from query.handler import handler
from tests.aws_calls import recorded_calls
from tests.builders import NOON, STORE, deliver, email, message, own_id, purchase
from tests.functions.query.calls import Answer, Caller
from tests.moto_cloud import all_items
from tests.proxy_events import proxy_event
from tests.segments import naive
from tests.segments.naive import Document
from tests.segments.random_cases import SEGMENT_IDS, World, random_case

if TYPE_CHECKING:
    from footfall.domain.values import ProfileValue

CALLER = Caller()
DAY = timedelta(days=1)
BOUGHT = {"event": "purchase_completed"}
READING = {"GetItem", "BatchGetItem", "Query", "GetObject"}
CASES = 40


@pytest.fixture
def _at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    set_clock(monkeypatch, NOON)


def set_clock(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    class Clock(datetime):
        @classmethod
        def now(cls, _tz: object = None) -> datetime:  # type: ignore[override]
            return now

    monkeypatch.setattr(segment_preview, "datetime", Clock)


def preview(definition: object, *customer_ids: object, caller: Caller = CALLER) -> Answer:
    body = {"definition": definition, "customerIds": list(customer_ids)}
    return caller.call(PREVIEW_SEGMENT, body=body)


def faults(answer: Answer) -> list[str]:
    assert answer.status == 400, answer
    return [fault["pointer"] for fault in answer.body["errors"]]


def reasons(definition: object, customer_id: str) -> list[dict[str, Any]]:
    (customer,) = preview(definition, customer_id).body["customers"]
    found: list[dict[str, Any]] = customer["reasons"]
    return found


def put(segment_id: str, definition: object, caller: Caller = CALLER) -> None:
    body = {"name": segment_id, "definition": definition}
    assert caller.call(PUT_SEGMENT, body=body, segmentId=segment_id).status < 300


def put_customer(customer: Customer, store_id: str) -> None:
    profile = {
        "created_at": format_timestamp(customer.created_at),
        "fields": {
            path: {"value": one.value, "set_at": format_timestamp(one.set_at), "set_by": one.set_by}
            for path, one in customer.fields.items()
        },
        "stated": {},
    }
    item = {"pk": f"{store_id}#{customer.customer_id}", "profile": profile}
    dynamodb().put_item(TableName=Setting.CUSTOMERS_TABLE, Item=to_item(item))


def buy(customer_id: str, *events: Event) -> None:
    """Put events on a customer's timeline, and the customer if need be."""
    put_customer(Customer(STORE, customer_id, NOON), STORE)
    write_events([PlacedEvent(event, customer_id) for event in events])


# --- Equal to the naive evaluator


@dataclass(frozen=True)
class Truth:
    """What there is to be known about one customer, for the naive evaluator."""

    history: Sequence[Event]
    customer: Customer
    now: datetime
    others: Mapping[str, Document]

    def says(self, definition: Document) -> bool:
        return naive.is_member(definition, self.history, self.customer, self.now, self.others)

    def check(self, definition: Document, told: Sequence[Mapping[str, Any]]) -> None:
        """Check that there is a reason for each leaf, in order, and that each of them is right."""
        places = dict(leaves(definition))
        assert [reason["pointer"] for reason in told] == list(places)
        for reason in told:
            leaf = places[reason["pointer"]]
            assert reason["says"] == self.says(leaf)
            if "segment" in leaf:
                assert reason["segment"] == leaf["segment"]
                assert reason["found"] is None
                self.check(self.others[leaf["segment"]], reason["reasons"])
            else:
                assert not {"segment", "reasons"} & reason.keys()
                assert self.says(exactly(leaf, reason["found"])), (leaf, reason)


def exactly(leaf: Document, found: object) -> Document:
    """Return the leaf that asks for exactly what was found."""
    if "attribute" in leaf:
        path = {"attribute": leaf["attribute"]}
        return path | ({"op": "not_exists"} if found is None else {"op": "eq", "value": found})
    if "sum" in leaf:
        return {**leaf, "sum": {"of": leaf["sum"]["of"], "eq": found}}
    return {**leaf, "count": {"eq": found}}


def leaves(node: Document, pointer: str = "") -> Iterator[tuple[str, Document]]:
    if "not" in node:
        yield from leaves(node["not"], f"{pointer}/not")
        return
    for name in ("all", "any"):
        for index, child in enumerate(node.get(name, [])):
            yield from leaves(child, f"{pointer}/{name}/{index}")
    if not node.keys() & {"all", "any"}:
        yield pointer, node


def test_any_definition_says_of_any_history_what_the_language_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tried = 0
    for seed in range(CASES):
        case, world = random_case(seed), World()
        for step in case.steps:
            world.apply(step)
        if world.customer is None:
            continue
        now = case.steps[-1].now
        set_clock(monkeypatch, now)
        store_id = f"store-{seed}"
        put_customer(world.customer, store_id)
        write_events(
            [
                PlacedEvent(replace(event, store_id=store_id), world.customer.customer_id)
                for event in world.history
            ]
        )
        caller = Caller(store_id)
        truth = Truth(world.history, world.customer, now, world.definitions)
        for segment_id in SEGMENT_IDS:
            if segment_id in world.definitions:
                put(segment_id, world.definitions[segment_id], caller)
        for definition in world.definitions.values():
            answer = preview(definition, world.customer.customer_id, caller=caller)
            (customer,) = answer.body["customers"]
            assert customer["member"] == truth.says(definition), seed
            truth.check(definition, customer["reasons"])
            tried += 1
    assert tried > CASES


# --- Whom it is about


def test_customers_are_answered_in_order_by_footfalls_id_and_by_the_callers_own() -> None:
    deliver(message(purchase(1, own_id("crm-1"), email("a@example.com"))))
    deliver(message(purchase(2, own_id("crm-2"), email("b@example.com"))))
    ids = [CALLER.call(GET_CUSTOMER, customerId=one).body["id"] for one in ("crm-1", "crm-2")]

    body = preview(BOUGHT, "crm-2", ids[0], "nobody", " crm-1 ", "no#body", "crm-2").body

    assert [(one["id"], one["customerId"]) for one in body["customers"]] == [
        (ids[1], "crm-2"),
        (ids[0], ids[0]),
        (ids[0], "crm-1"),
    ]
    assert body["unknown"] == ["nobody", "no#body"]
    assert body["undecided"] == []


def test_a_customer_of_another_store_is_unknown() -> None:
    deliver(message(purchase(1, own_id("crm-1"), store_id="store-b")))
    assert preview(BOUGHT, "crm-1").body["unknown"] == ["crm-1"]


@pytest.mark.usefixtures("_at_noon")
def test_a_customer_without_events_is_decided() -> None:
    buy("c1")
    body = preview({"not": BOUGHT}, "c1").body
    assert body["at"] == "2026-04-02T12:00:00Z"
    assert body["customers"] == [
        {
            "id": "c1",
            "customerId": "c1",
            "member": True,
            "reasons": [{"pointer": "/not", "says": False, "found": 0}],
        }
    ]


# --- Reasons


def test_numbers_are_exact() -> None:
    values: Sequence[Decimal | int] = (
        Decimal("0.1"),
        Decimal("0.2"),
        12345678901234567890123456789012345678,
    )
    buy("c1", *(replace(purchase(n, minute=-n), value=one) for n, one in enumerate(values)))
    body = {
        "definition": {**BOUGHT, "sum": {"of": "value", "gt": 0}},
        "customerIds": ["c1"],
    }
    response = handler(proxy_event(PREVIEW_SEGMENT, str(body).replace("'", '"')), None)
    assert '"found":12345678901234567890123456789012345678.3}' in str(response["body"])


def test_what_an_attribute_is_can_be_seen() -> None:
    profile: dict[str, ProfileValue] = {
        "customFields.Age": Decimal("42.5"),
        "customFields.Gold": True,
        "lastName": "B" * 300,
    }
    deliver(message(purchase(1, own_id("crm-1"), profile=profile)))
    paths = ("customFields.Age", "customFields.Gold", "lastName", "firstName", "createdAt")

    told = reasons({"any": [{"attribute": one, "op": "exists"} for one in paths]}, "crm-1")

    created_at = CALLER.call(GET_CUSTOMER, customerId="crm-1").body["createdAt"]
    assert [reason["found"] for reason in told] == [
        *(Decimal("42.5"), True, "B" * 255, None, created_at)
    ]
    assert [reason["says"] for reason in told] == [True, True, True, False, True]
    assert [reason.get("foundCut") for reason in told] == [None, None, True, None, None]


def test_a_reference_has_the_reasons_of_its_segment() -> None:
    buy("c1", purchase(1, minute=-1), purchase(2, minute=-2))
    put("twice", {**BOUGHT, "count": {"gte": 2}})
    put("steady", {"all": [{"segment": "twice"}, {"not": {"event": "refunded"}}]})

    assert reasons({"any": [{"event": "viewed"}, {"not": {"segment": "steady"}}]}, "c1") == [
        {"pointer": "/any/0", "says": False, "found": 0},
        {
            "pointer": "/any/1/not",
            "says": True,
            "found": None,
            "segment": "steady",
            "reasons": [
                {
                    "pointer": "/all/0",
                    "says": True,
                    "found": None,
                    "segment": "twice",
                    "reasons": [{"pointer": "", "says": True, "found": 2}],
                },
                {"pointer": "/all/1/not", "says": False, "found": 0},
            ],
        },
    ]


def test_a_segment_that_changes_is_asked_for_as_it_is_now() -> None:
    buy("c1", purchase(1, minute=-1))
    put("a", BOUGHT)
    assert preview({"segment": "a"}, "c1").body["customers"][0]["member"] is True
    put("a", {"not": BOUGHT})
    put("b", BOUGHT)
    assert preview({"segment": "a"}, "c1").body["customers"][0]["member"] is False
    assert preview({"segment": "b"}, "c1").body["customers"][0]["member"] is True


@pytest.mark.usefixtures("_at_noon")
def test_the_future_has_not_come() -> None:
    buy("c1", purchase(1, minute=0), purchase(2, minute=1))
    assert [one["found"] for one in reasons(BOUGHT, "c1")] == [1]


def test_a_large_event_is_read_from_the_bucket() -> None:
    buy("c1", purchase(1, minute=-1, data={"a": "x" * (MAX_INLINE_BYTES + 1), "b": 5}))
    definition = {**BOUGHT, "where": {"property": "data.b", "op": "eq", "value": 5}}
    assert [one["found"] for one in reasons(definition, "c1")] == [1]


# --- What is refused


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({}, ["/definition", "/customerIds"]),
        ({"definition": BOUGHT, "customerIds": []}, ["/customerIds"]),
        ({"definition": BOUGHT, "customerIds": "c1"}, ["/customerIds"]),
        ({"definition": BOUGHT, "customerIds": ["c"] * 101}, ["/customerIds"]),
        (
            {"definition": BOUGHT, "customerIds": ["c", 5, " ", "x" * 256]},
            ["/customerIds/1", "/customerIds/2", "/customerIds/3"],
        ),
        ({"definition": BOUGHT, "customerIds": ["c"], "name": "x"}, ["/name"]),
        ({"definition": {"all": []}, "customerIds": []}, ["/customerIds", "/definition/all"]),
        (
            {"definition": {**BOUGHT, "count": {"gte": -1}}, "customerIds": ["c"]},
            ["/definition/count/gte"],
        ),
        (
            {"definition": {"not": {"segment": "nothing"}}, "customerIds": ["c"]},
            ["/definition/not/segment"],
        ),
        ([], [""]),
    ],
)
def test_a_faulty_request_is_refused_with_every_place(body: object, pointers: list[str]) -> None:
    assert faults(CALLER.call(PREVIEW_SEGMENT, body=body)) == pointers


def test_a_segment_that_is_being_deleted_cannot_be_referred_to() -> None:
    put("a", BOUGHT)
    CALLER.call(DELETE_SEGMENT, segmentId="a")
    assert faults(preview({"segment": "a"}, "c1")) == ["/definition/segment"]


def test_what_would_be_too_large_to_store_is_too_large_to_try() -> None:
    names = [f"{number:0>6}" * 40 for number in range(MAX_DEFINITION_BYTES // 240)]
    long = {"attribute": "email", "op": "in", "value": names}
    assert faults(preview(long, "c1")) == ["/definition"]
    put("a", {"any": [BOUGHT] * 50})
    put("b", {"any": [{"segment": "a"}] * 20})
    assert preview({"segment": "b"}, "c1").status == 200
    assert faults(preview({"any": [BOUGHT, {"segment": "b"}]}, "c1")) == ["/definition"]


# --- What it costs


def test_nothing_is_written() -> None:
    put("a", BOUGHT)
    deliver(message(purchase(1, own_id("crm-1"))))
    before = [all_items(table) for table in Setting if table.endswith("_TABLE")]

    with recorded_calls() as calls:
        assert preview({"all": [BOUGHT, {"segment": "a"}]}, "crm-1", "nobody").status == 200

    assert {operation for operation, _ in calls} <= READING
    assert [all_items(table) for table in Setting if table.endswith("_TABLE")] == before


def test_no_timeline_is_read_for_what_a_profile_says() -> None:
    buy("c1", purchase(1))
    with recorded_calls() as calls:
        preview({"attribute": "email", "op": "exists"}, "c1")
    assert not [operation for operation, _ in calls if operation == "Query"]


@pytest.mark.usefixtures("_at_noon")
@pytest.mark.parametrize(
    ("windows", "start"),
    [
        ([{"last": "1d"}, {"last": "30d"}], NOON - 30 * DAY),
        ([{"last": "1d"}, {"from": "2026-01-01T00:00:00Z"}], datetime(2026, 1, 1)),  # noqa: DTZ001
        ([{"last": "1d"}, {"to": "2026-01-01T00:00:00Z"}], None),
        ([{"last": "1d"}, {}], None),
    ],
)
def test_no_more_of_a_timeline_is_read_than_its_windows_are_long(
    windows: Sequence[Mapping[str, str]], start: datetime | None
) -> None:
    buy("c1", purchase(1))
    with recorded_calls() as calls:
        preview({"all": [{**BOUGHT, "within": window} for window in windows]}, "c1")
    (query,) = [parameters for operation, parameters in calls if operation == "Query"]
    lower = query["ExpressionAttributeValues"][":lower"]["S"]
    assert lower == ("0" if start is None else f"{start:%Y-%m-%dT%H:%M:%S}.000000Z")


@pytest.fixture
def _slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let half a second pass whenever anybody looks at the clock, as for each event."""
    seconds = count(step=0.5)
    monkeypatch.setattr("query.verdicts.time", SimpleNamespace(monotonic=lambda: next(seconds)))


@pytest.mark.usefixtures("_slow")
def test_a_long_history_keeps_nobody_else_waiting() -> None:
    buy("long", *(purchase(number, minute=-number) for number in range(30)))
    for one in ("a", "b"):
        buy(one, purchase(1, minute=-1))

    body = preview(BOUGHT, "long", "a", "b").body

    assert [one["id"] for one in body["customers"]] == ["a", "b"]
    assert body["undecided"] == ["long"]
    assert [one["found"] for one in reasons(BOUGHT, "long")] == [30]


@pytest.mark.usefixtures("_slow")
def test_a_history_that_is_too_long_even_alone_is_undecided() -> None:
    buy("long", *(purchase(number, minute=-number) for number in range(60)))
    buy("a", purchase(1, minute=-1))
    assert preview(BOUGHT, "long").body["undecided"] == ["long"]
    # also where none of the events matters
    assert preview({"event": "viewed"}, "a", "long").body["undecided"] == ["long"]
    assert reasons({"attribute": "email", "op": "exists"}, "long")


def test_what_an_answer_has_no_room_for_is_undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    for one in ("a", "b", "c"):
        buy(one)
    monkeypatch.setattr(segment_preview, "MAX_ANSWER_BYTES", 250)
    body = preview(BOUGHT, "a", "b", "c").body
    assert [one["id"] for one in body["customers"]] == ["a", "b"]
    assert body["undecided"] == ["c"]


def test_a_hundred_customers_are_answered() -> None:
    ids = [f"c{number}" for number in range(100)]
    for one in ids:
        buy(one)
    assert [one["id"] for one in preview({"not": BOUGHT}, *ids).body["customers"]] == ids


def test_a_body_in_base64_is_read_as_any_other() -> None:
    buy("c1")
    body = b64encode(b'{"definition": {"event": "x"}, "customerIds": ["c1"]}').decode()
    assert handler(proxy_event(PREVIEW_SEGMENT, body, is_base64=True), None)["statusCode"] == 200
