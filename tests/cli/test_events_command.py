"""`footfall events`: a test event arrives as it was typed, and the tail tells what is stored."""

from collections.abc import Iterator
from decimal import Decimal

import boto3
import httpx
import pytest

from cli import events
from cli.event_stream import EventStream
from footfall.aws.items import to_item
from footfall.settings import Setting
from tests.cli.conftest import Footfall
from tests.cli.fake_api import FakeApi, problem


def test_a_test_event_is_sent_and_followed_until_it_is_stored(
    footfall: Footfall, fake_api: FakeApi
) -> None:
    fake_api.faults |= {2: problem(404, "Not yet."), 3: problem(404, "Not yet.")}
    result = footfall(
        *("events", "send", "Ordered", "--email", "a@example.com", "--value", "19.90"),
        *("--currency", "EUR", "--unique-id", "u 1", "--data", "size=42", "--data", "color=red"),
    )
    assert result.exit_code == 0, result.output
    assert "Stored" in result.output
    assert "customer c0ffee" in result.output
    assert fake_api.received == [
        {
            "eventName": "Ordered",
            "customer": {"email": "a@example.com"},
            "value": Decimal("19.90"),
            "valueCurrency": "EUR",
            "data": {"size": 42, "color": "red"},
            "uniqueId": "u 1",
        }
    ]


def test_without_options_it_is_an_event_of_a_test_customer(
    footfall: Footfall, fake_api: FakeApi
) -> None:
    for _ in range(2):
        assert footfall("events", "send").exit_code == 0
    assert len(fake_api.stored) == 2
    assert fake_api.received[0]["customer"] == {"email": "test@example.com"}


def test_a_refused_event_names_its_faults(footfall: Footfall, fake_api: FakeApi) -> None:
    fake_api.faults[1] = problem(
        400, "Faulty.", [{"pointer": "/value", "detail": "must be a number"}]
    )
    result = footfall("events", "send", "--value", "much")
    assert result.exit_code == 2
    assert "The event is refused: /value: must be a number (400)" in result.stderr


def test_an_event_that_died_says_why(footfall: Footfall, fake_api: FakeApi) -> None:
    fake_api.faults[2] = httpx.Response(200, json={"status": "dead", "reason": "too long"})
    result = footfall("events", "send")
    assert result.exit_code == 2
    assert "The event cannot be stored: too long" in result.stderr


def _store(store_id: str, number: int) -> None:
    item = {
        "pk": f"{store_id}#c0ffee",
        "sk": f"2026-04-02T12:00:00.000000Z#event-{number}",
        "event_name": "Ordered",
        "value": Decimal("19.90"),
        "value_currency": "EUR",
        "profile": {"email": "jane@example.com"},
    }
    boto3.client("dynamodb").put_item(TableName=Setting.EVENTS_TABLE, Item=to_item(item))


class _Moments:
    """What happens while the tail sleeps; after the last of it, somebody presses Ctrl-C."""

    def __init__(self, moments: Iterator[None]) -> None:
        self._moments = moments

    def sleep(self, seconds: float) -> None:
        assert seconds >= 0.2  # a shard allows 5 reads a second
        try:
            next(self._moments)
        except StopIteration:
            raise KeyboardInterrupt from None


@pytest.mark.usefixtures("stack")
def test_the_tail_tells_what_is_stored_from_now_on(
    footfall: Footfall, monkeypatch: pytest.MonkeyPatch
) -> None:
    def moments() -> Iterator[None]:
        _store("shop", 2)
        yield
        _store("shop", 3)
        _store("other", 4)
        yield
        _store("shop", 3)
        yield

    happening = _Moments(moments())
    _store("shop", 1)
    monkeypatch.setattr(events, "EventStream", lambda arn: EventStream(arn, sleep=happening.sleep))
    result = footfall("events", "tail", "--store", "shop")
    assert result.exit_code == 0, result.output
    lines = [line for line in result.output.splitlines() if "Ordered" in line]
    assert lines == [
        "2026-04-02T12:00:00.000000Z  Ordered  19.90 EUR  "
        f"store shop  customer c0ffee  event event-{number}"
        for number in (2, 3)
    ]
    assert "jane" not in result.output
