"""Bodies beyond an item, and envelopes beyond a message, travel through S3 and come back whole."""

from collections.abc import Mapping

import pytest

from footfall.aws import clients
from footfall.aws.queue import send_envelope
from footfall.aws.timeline import newest_events
from footfall.domain.envelope import to_envelope
from footfall.domain.values import JsonValue
from footfall.settings import Setting
from tests.aws_calls import recorded_calls, write_units
from tests.builders import STORE, deliver, email, message, purchase, raw_message
from tests.moto_cloud import all_items

pytestmark = pytest.mark.usefixtures("cloud")

LARGE = {f"part {number}": "é" * 50_000 for number in range(4)}
NUMBERS = {"readings": [1] * 150_000}
"""300 KB of JSON, but 450 KB as DynamoDB counts."""

LONG_NAMES = {f"{number:03}{chr(0x1F600) * 252}": "large" * 50 for number in range(400)}
HUGE = {f"part {number}": "x" * 100_000 for number in range(50)}


def _timeline() -> list[object]:
    (customer,) = all_items(Setting.CUSTOMERS_TABLE)
    customer_id = str(customer["pk"]).split("#")[1]
    events = newest_events(
        STORE, customer_id, event_name=None, start=None, end=None, before=None, expected=10
    )
    return [event.data for event in events]


def test_a_body_too_large_for_an_item_comes_back_whole() -> None:
    assert deliver(message(purchase(1, data=LARGE))) == []

    (item,) = all_items(Setting.EVENTS_TABLE)
    assert "data" not in item
    assert item["property_types"] == dict.fromkeys(LARGE, "string")
    assert _timeline() == [LARGE]


@pytest.mark.parametrize("data", [NUMBERS, LONG_NAMES])
def test_no_item_outgrows_what_dynamodb_takes(data: Mapping[str, JsonValue]) -> None:
    deliver(message(purchase(1)))

    with recorded_calls() as calls:
        deliver(message(purchase(2, data=data)))

    assert write_units(calls) < 400
    assert _timeline()[0] == data


def test_an_envelope_too_large_for_a_message_comes_back_whole() -> None:
    send_envelope(to_envelope([purchase(1, data=HUGE), purchase(2, data=LARGE)]))
    (sent,) = clients.sqs().receive_message(QueueUrl=Setting.EVENTS_QUEUE_URL)["Messages"]

    assert len(sent["Body"]) < 1000
    assert deliver(raw_message(sent["Body"], "pointer")) == []
    assert _timeline() == [LARGE, HUGE]


def test_a_pointer_to_nothing_dies() -> None:
    pointer = raw_message('{"version":1,"object":"messages/gone.json"}', "pointer")

    assert deliver(pointer, message(purchase(1, email("john@example.com")))) == []
    assert len(all_items(Setting.EVENTS_TABLE)) == 1
