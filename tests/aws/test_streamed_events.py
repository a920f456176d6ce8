"""A streamed event answers whatever segments ask as the event itself does."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

from footfall.aws.items import from_item
from footfall.aws.streamed_events import StreamedEvent
from footfall.aws.timeline import PlacedEvent, to_event, write_events
from footfall.domain.events import Event
from footfall.domain.values import JsonValue
from footfall.segments.happening import moment_of
from footfall.segments.paths import reader_of
from footfall.settings import Setting
from tests.builders import purchase
from tests.moto_cloud import moto_cloud
from tests.segment_cloud import Stream

JANE_ID = "5f0c1d2e3a4b5c6d7e8f9a0b"
DATA: Mapping[str, JsonValue] = {
    "category": "shoes",
    "ship to.city": "Oslo",
    "address": {"city": "Bergen", "zip.code": "5003"},
    "items": [{"type": "shirt", "price": Decimal("9.5")}, {"type": "shoe"}, "loose"],
    "is_gift": False,
}
PATHS = (
    "value",
    "valueCurrency",
    "source",
    "uniqueId",
    "data.category",
    "data.ship to.city",
    "data.address",
    "data.address.city",
    "data.items[].price",
    "data.is_gift",
    "data.none",
)
EVENTS = {
    "whole": purchase(1, unique_id="o-1", data=DATA),
    "bare": replace(purchase(1, data={}), value=None, value_currency=None),
}


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)
def test_every_path_leads_to_what_stands_in_the_event(event: Event) -> None:
    with moto_cloud():
        stream = Stream(Setting.EVENTS_TABLE)
        assert write_events([PlacedEvent(event, JANE_ID)]) == {}
        (record,) = stream.read()
    image = record["dynamodb"]["NewImage"]
    streamed, stored = StreamedEvent(image), to_event(from_item(image))

    assert streamed.event_name == stored.event_name
    assert moment_of(streamed) == moment_of(stored) == moment_of(event)
    for path in PATHS:
        assert reader_of(path)(streamed) == reader_of(path)(stored)
    assert dict(streamed.data) == stored.data
