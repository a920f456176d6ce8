"""What ingest counts and logs: numbers, and nothing of a customer's."""

import json
from collections.abc import Iterator

import pytest

from footfall.domain.strict_json import dump_json
from footfall.http.routes import CREATE_EVENTS
from ingest.handler import handler
from tests.moto_cloud import moto_cloud
from tests.proxy_events import proxy_event

GOOD = {"eventName": "Order Placed", "customer": {"email": "jane@example.com"}}
BAD = {"eventName": "Order Placed", "customer": {"email": "not jane"}}


@pytest.fixture(autouse=True)
def cloud() -> Iterator[None]:
    with moto_cloud():
        yield


@pytest.mark.parametrize(
    ("prefer", "counts"),
    [
        ("return=representation", {"EventsAccepted": [2], "EventsRejected": [1]}),
        ("", {"EventsRejected": [3]}),
    ],
)
def test_events_are_counted_without_store_or_customer(
    prefer: str, counts: dict[str, list[int]], capsys: pytest.CaptureFixture[str]
) -> None:
    body = dump_json({"events": [GOOD, GOOD, BAD]})
    handler(proxy_event(CREATE_EVENTS, body, headers={"Prefer": prefer}), None)
    printed = capsys.readouterr().out
    line = json.loads(printed)
    (definition,) = line["_aws"]["CloudWatchMetrics"]
    assert (definition["Namespace"], definition["Dimensions"]) == ("Footfall", [["service"]])
    assert {name: line[name] for name in counts} == counts
    assert "jane" not in printed
