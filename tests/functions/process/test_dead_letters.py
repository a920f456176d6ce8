"""Promise 5: a poison event blocks nobody; a transient fault is retried and loses nothing."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from botocore.exceptions import ClientError

from footfall.aws import clients
from footfall.aws.identities import Holders
from footfall.aws.unique_ids import read_marker
from footfall.domain.envelope import to_envelope
from footfall.domain.events import Event
from footfall.domain.strict_json import dump_json, parse_json
from footfall.settings import Setting
from process.placing import Placement, place
from tests.aws_calls import Call, CarryOut, around_every_call
from tests.builders import STORE, deliver, email, message, purchase, raw_message
from tests.moto_cloud import MAX_RECEIVES, all_items

pytestmark = pytest.mark.usefixtures("cloud")

JOHN = email("john@example.com")


def _letters() -> list[tuple[str, str]]:
    """Return (reason, body) of every dead letter."""
    found = clients.sqs().receive_message(
        QueueUrl=Setting.DEAD_LETTER_QUEUE_URL,
        MaxNumberOfMessages=10,
        MessageAttributeNames=["All"],
    )
    return [
        (letter["MessageAttributes"]["reason"]["StringValue"], letter["Body"])
        for letter in found.get("Messages", [])
    ]


def _envelope_without(field: str) -> str:
    envelope = dict(to_envelope([purchase(1, unique_id="o-1"), purchase(2, JOHN, unique_id="o-2")]))
    events: Any = envelope["events"]
    del events[0][field]
    return dump_json(envelope)


@pytest.mark.parametrize(
    "body",
    ["", "no JSON", "[]", "{}", '{"version":2,"events":[{}]}', '{"version":1,"events":[]}'],
)
def test_a_message_that_is_no_envelope_dies_alone(body: str) -> None:
    assert deliver(raw_message(body or " ", "poison"), message(purchase(1))) == []

    ((reason, letter),) = _letters()
    assert reason
    assert letter == (body or " ")
    assert len(all_items(Setting.EVENTS_TABLE)) == 1


@pytest.mark.parametrize("field", ["eventName", "eventTimestamp", "identifiers"])
def test_an_event_that_cannot_be_read_dies_without_its_neighbours(field: str) -> None:
    assert deliver(raw_message(_envelope_without(field), "half-poison")) == []

    ((reason, letter),) = _letters()
    document: Any = parse_json(letter)
    assert reason.startswith("the event cannot be read")
    assert [event["uniqueId"] for event in document["events"]] == ["o-1"]
    (stored,) = all_items(Setting.EVENTS_TABLE)
    assert stored["unique_id"] == "o-2"


def test_a_dead_event_can_be_asked_for_by_its_unique_id() -> None:
    deliver(raw_message(_envelope_without("eventName"), "half-poison"))

    marker = read_marker(STORE, "store", "o-1")
    assert marker is not None
    assert marker.dead_reason == "the event cannot be read: KeyError"


def test_a_value_that_no_table_takes_is_a_permanent_fault() -> None:
    huge = purchase(1, unique_id="o-1", data={"n": Decimal("1E+200")})

    assert deliver(message(huge, purchase(2, JOHN))) == []

    ((reason, _),) = _letters()
    assert reason.startswith("a value cannot be stored")
    assert len(all_items(Setting.EVENTS_TABLE)) == 1


def test_the_unique_id_of_a_dead_event_is_free_for_the_next() -> None:
    deliver(raw_message(_envelope_without("eventName"), "half-poison"))

    deliver(message(purchase(9, unique_id="o-1")))

    marker = read_marker(STORE, "store", "o-1")
    assert marker is not None
    assert marker.dead_reason is None
    assert len(all_items(Setting.EVENTS_TABLE)) == 2


def test_a_redriven_event_does_not_displace_the_one_that_came_after_it() -> None:
    dead = purchase(1, unique_id="o-1")
    deliver(raw_message(_envelope_without("eventName"), "half-poison"))
    deliver(message(purchase(9, unique_id="o-1")))

    deliver(message(dead))

    assert {str(item["sk"])[-2:] for item in all_items(Setting.EVENTS_TABLE)} == {"02", "09"}


@pytest.mark.parametrize(
    ("operation", "table"),
    [
        ("BatchGetItem", Setting.IDENTITIES_TABLE),
        ("PutItem", Setting.UNIQUE_IDS_TABLE),
        ("PutItem", Setting.IDENTITIES_TABLE),
        ("BatchWriteItem", Setting.EVENTS_TABLE),
        ("PutItem", Setting.CUSTOMERS_TABLE),
    ],
)
def test_a_throttled_call_brings_the_message_back_until_it_gets_through(
    operation: str, table: Setting
) -> None:
    with around_every_call(_throttling(operation, table)):
        assert deliver(message(purchase(1, unique_id="o-1"))) == [purchase(1).event_id]
    assert _letters() == []

    assert deliver(message(purchase(1, unique_id="o-1"))) == []
    assert len(all_items(Setting.EVENTS_TABLE)) == 1
    assert len(all_items(Setting.CUSTOMERS_TABLE)) == 1


@pytest.mark.parametrize(
    ("operation", "table"),
    [
        ("BatchGetItem", Setting.CUSTOMERS_TABLE),
        ("Query", Setting.EVENTS_TABLE),
        ("PutItem", Setting.CUSTOMERS_TABLE),
    ],
)
def test_a_throttled_call_about_a_known_customer_brings_the_message_back_too(
    operation: str, table: Setting
) -> None:
    deliver(message(purchase(1, profile={"firstName": "Jane"})))
    married = purchase(2, profile={"firstName": "Jane", "lastName": "Doe"})

    with around_every_call(_throttling(operation, table)):
        assert deliver(message(married)) == [married.event_id]
    assert _letters() == []

    assert deliver(message(married)) == []
    assert len(all_items(Setting.EVENTS_TABLE)) == 2
    (customer,) = all_items(Setting.CUSTOMERS_TABLE)
    assert "lastName" in str(customer["profile"])


def test_the_last_delivery_ends_in_the_dead_letter_queue_with_the_reason() -> None:
    with around_every_call(_throttling("BatchWriteItem")):
        again = deliver(message(purchase(1, unique_id="o-1"), deliveries=MAX_RECEIVES))

    assert again == []
    ((reason, _),) = _letters()
    assert reason == (
        "retries exhausted: dynamodb.BatchWriteItem: ProvisionedThroughputExceededException"
    )
    marker = read_marker(STORE, "store", "o-1")
    assert marker is not None
    assert marker.dead_reason == reason


def test_an_event_that_is_stored_is_never_called_dead() -> None:
    with around_every_call(_throttling("PutItem", Setting.CUSTOMERS_TABLE)):
        deliver(message(purchase(1, unique_id="o-1"), deliveries=MAX_RECEIVES))

    assert len(_letters()) == 1
    marker = read_marker(STORE, "store", "o-1")
    assert marker is not None
    assert marker.dead_reason is None


def test_the_unique_id_of_an_event_that_may_be_stored_stays_with_it() -> None:
    with around_every_call(_throttling("PutItem", Setting.CUSTOMERS_TABLE)):  # stored all the same
        deliver(message(purchase(1, unique_id="o-1")))
    with around_every_call(_throttling("BatchGetItem")):  # and later not even that can be told
        deliver(message(purchase(1, unique_id="o-1"), deliveries=MAX_RECEIVES))

    deliver(message(purchase(9, unique_id="o-1")))

    (event,) = all_items(Setting.EVENTS_TABLE)
    assert str(event["sk"]).endswith("01")


def test_the_unique_id_of_an_event_that_never_found_a_place_is_free() -> None:
    with around_every_call(_throttling("BatchGetItem")):
        deliver(message(purchase(1, unique_id="o-1"), deliveries=MAX_RECEIVES))

    deliver(message(purchase(9, unique_id="o-1")))

    (event,) = all_items(Setting.EVENTS_TABLE)
    assert str(event["sk"]).endswith("09")


def test_the_unique_id_of_an_event_that_no_table_takes_is_free() -> None:
    deliver(message(purchase(1, unique_id="o-1", data={"n": Decimal("1E+200")})))

    deliver(message(purchase(9, unique_id="o-1")))

    assert len(all_items(Setting.EVENTS_TABLE)) == 1


def test_a_dead_letter_that_cannot_be_sent_is_tried_again() -> None:
    poison = raw_message("no envelope", "poison")
    with around_every_call(_throttling("SendMessage")):
        assert deliver(poison) == ["poison"]

    assert deliver(poison) == []
    assert len(_letters()) == 1


def test_a_bug_in_one_message_spares_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    def faulty(event: Event, holders: Holders) -> Placement | None:
        if event.unique_id == "bug":
            raise ZeroDivisionError
        return place(event, holders)

    monkeypatch.setattr("process.storing.place", faulty)

    bug = purchase(1, unique_id="bug")
    assert deliver(message(bug), message(purchase(2, JOHN))) == [bug.event_id]
    assert len(all_items(Setting.EVENTS_TABLE)) == 1


def _throttling(operation: str, table: str = "") -> Callable[[CarryOut, Call], object]:
    def throttle(carry_out: CarryOut, call: Call) -> object:
        if call[0] == operation and table in str(call[1]):
            code = "ProvisionedThroughputExceededException"
            raise ClientError({"Error": {"Code": code}}, operation)
        return carry_out()

    return throttle
