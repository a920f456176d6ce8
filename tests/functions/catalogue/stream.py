"""The stream of the Events table: records as Lambda hands them over, made of what is stored."""

from collections.abc import Sequence

import pytest

from catalogue.handler import handler
from footfall.aws.items import to_item
from footfall.aws.keys import customer_key, timeline_key
from footfall.aws.timeline import PlacedEvent, write_events
from footfall.domain.events import Event
from footfall.invocations import StreamEvent, StreamRecord
from footfall.settings import Setting
from tests.moto_cloud import all_items

CUSTOMER = "0123456789abcdef01234567"


def stored(*events: Event, first: int = 1) -> list[StreamRecord]:
    """Store the events, and return their records, numbered from `first` on."""
    write_events([PlacedEvent(event, CUSTOMER) for event in events])
    items = {(item["pk"], item["sk"]): item for item in all_items(Setting.EVENTS_TABLE)}
    return [
        {
            "dynamodb": {
                "SequenceNumber": f"{number:021}",
                "NewImage": to_item(
                    items[customer_key(event.store_id, CUSTOMER), timeline_key(event)]
                ),
            },
        }
        for number, event in enumerate(events, start=first)
    ]


def deliver(records: Sequence[StreamRecord], *, tells: bool = False) -> Sequence[str]:
    """Hand a batch to catalogue; return the record from which it wants it again, if at all.

    Args:
        tells: in a stage that wants stored events on the bus.
    """
    event: StreamEvent = {"Records": records}
    with pytest.MonkeyPatch.context() as environment:
        if not tells:
            environment.delenv(Setting.EVENT_BUS_NAME)
        failures = handler(event, None)["batchItemFailures"]
    return [failure["itemIdentifier"] for failure in failures]
