"""Customers enter and leave segments by what they do, by who they are, and by definitions."""

from concurrent.futures import ThreadPoolExecutor

from tests.e2e.bus import Bus, alternate, standing
from tests.e2e.polling import eventually
from tests.e2e.problems import problem
from tests.e2e.segments import Segments, event, instant
from tests.e2e.store import Json, Store

VISITED: Json = {"event": "Visited"}
CUSTOMERS = 40
ROUNDS = 5


def test_a_new_segment_takes_in_who_was_there_before(
    store: Store, segments: Segments, bus: Bus
) -> None:
    store.send_bulk(
        [event("ada@example.com"), event("ben@example.com"), event("cy@example.com", "Left")]
    )
    customers = {
        name: store.customer(email=f"{name}@example.com")["id"] for name in ("ada", "ben", "cy")
    }
    created = segments.put("visitors", VISITED)
    assert created["status"] == "building"

    live = segments.live("visitors")
    assert live["version"] == created["version"]
    segments.come_to("visitors", customers["ada"], customers["ben"])
    told = bus.hears("visitors", 2)
    assert {one["customerId"] for one in told} == {customers["ada"], customers["ben"]}
    for one in told:
        assert (one["type"], one["cause"]) == ("segment.entered", "definition")
        assert one["version"] == live["version"]
        assert instant(one["effectiveAt"]) == instant(live["createdAt"])

    again = segments.put("visitors", VISITED, status=200)
    assert (again["status"], again["version"]) == ("live", live["version"])


def test_an_event_lets_in_and_out(store: Store, segments: Segments, bus: Bus) -> None:
    segments.put("visited-once", VISITED | {"count": {"eq": 1}})
    first, second = event("ada@example.com"), event("ada@example.com")
    store.send(first)
    ada = store.customer(email="ada@example.com")["id"]
    segments.come_to("visited-once", ada)
    assert segments.members("visited-once") == {ada: first["eventTimestamp"]}
    assert segments.of_customer(ada) == {"visited-once": first["eventTimestamp"]}

    store.send(second)
    segments.come_to("visited-once")
    assert segments.of_customer(ada) == {}
    told = bus.hears("visited-once", 2)
    assert [(one["type"], one["effectiveAt"], one["cause"]) for one in told] == [
        ("segment.entered", first["eventTimestamp"], "event"),
        ("segment.exited", second["eventTimestamp"], "event"),
    ]


def test_a_new_customer_is_decided_on_what_it_has_not_done(
    store: Store, segments: Segments, bus: Bus
) -> None:
    segments.put("never-visited", {"not": VISITED})
    put = segments.new_customer("ada@example.com")
    store.send_bulk([event("ben@example.com", "Left"), event("cy@example.com")])
    left, visited = (store.customer(email=f"{name}@example.com")["id"] for name in ("ben", "cy"))
    segments.come_to("never-visited", put, left)
    segments.live("never-visited")
    segments.come_to("never-visited", put, left)
    assert {one["customerId"] for one in bus.transitions("never-visited")} - {visited} == {
        put,
        left,
    }


def test_a_profile_lets_in_and_out(store: Store, segments: Segments, bus: Bus) -> None:
    gold: Json = {"attribute": "customFields.Tier", "op": "eq", "value": "Gold"}
    segments.put("gold", gold)
    ada = segments.new_customer("ada@example.com", customFields={"Tier": "Silver"})
    segments.live("gold")
    segments.come_to("gold")

    for tier, members in (("Gold", [ada]), ("Silver", [])):
        customer = {"email": "ada@example.com", "customFields": {"Tier": tier}}
        assert store.http.put("/customers", json=customer).status_code == 200
        segments.come_to("gold", *members)
        assert segments.preview(gold, ada) == {ada: bool(members)}
    told = bus.hears("gold", 2)
    assert [one["cause"] for one in told] == ["profile", "profile"]


def test_a_segment_follows_the_one_it_refers_to(store: Store, segments: Segments) -> None:
    segments.put("visitors", VISITED)
    segments.put("did-not-pay", {"all": [{"segment": "visitors"}, {"not": {"event": "Paid"}}]})
    store.send_bulk([event("ada@example.com"), event("ben@example.com", "Left")])
    ada, ben = (store.customer(email=f"{name}@example.com")["id"] for name in ("ada", "ben"))
    segments.come_to("did-not-pay", ada)

    segments.put("visitors", {"event": "Left"}, status=200)
    segments.come_to("did-not-pay", ben)
    store.send(event("ben@example.com", "Paid"))
    segments.come_to("did-not-pay")

    problem(store.http.delete("/segments/visitors"), 409)
    cycle = {"name": "visitors", "definition": {"segment": "did-not-pay"}}
    problem(store.http.put("/segments/visitors", json=cycle), 400)


def test_definitions_change_while_events_flow(store: Store, segments: Segments, bus: Bus) -> None:
    segments.put("loyal", VISITED)
    segments.put("loyal-too", {"not": {"not": {"segment": "loyal"}}})

    def send(number: int) -> None:
        visitors = [_email(one) for one in range(CUSTOMERS) if one % ROUNDS >= number]
        assert store.send_bulk([event(email) for email in visitors]).status_code == 202

    with ThreadPoolExecutor(1) as sender:
        sending = sender.map(send, range(ROUNDS))
        for least in (2, 5, 3):
            segments.put("loyal", VISITED | {"count": {"gte": least}}, status=200)
        list(sending)

    # Customer n has visited n % 5 + 1 times.
    customers = [store.customer(email=_email(number))["id"] for number in range(CUSTOMERS)]
    loyal = {one for number, one in enumerate(customers) if number % ROUNDS + 1 >= 3}
    segments.live("loyal")
    segments.come_to("loyal", *loyal)
    segments.come_to("loyal-too", *loyal)
    assert standing(bus.transitions("loyal")) == loyal

    segments.delete("loyal-too")
    segments.delete("loyal")
    assert segments.get("loyal") is None
    store.send_bulk([event(_email(number)) for number in range(CUSTOMERS)])
    eventually(lambda: not standing(bus.transitions("loyal")))
    assert alternate(bus.transitions("loyal"))
    assert [segments.of_customer(one) for one in customers] == [{}] * CUSTOMERS


def _email(number: int) -> str:
    return f"customer-{number}@example.com"
