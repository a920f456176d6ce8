"""What the Events table's stream hands over, read as sightings of event names."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from footfall.aws.items import from_item
from footfall.aws.keys import split_customer_key, split_timeline_key
from footfall.domain.catalogue import Sighting
from footfall.domain.properties import PropertyType, property_type
from footfall.domain.timestamps import parse_timestamp
from footfall.domain.values import JsonObject, JsonValue
from footfall.errors import PermanentError
from footfall.invocations import StreamRecord


@dataclass(frozen=True, slots=True)
class Batch:
    """The sightings of one batch of the stream.

    Attributes:
        sightings: by store and event name, in the order of the stream.
        items: the stored events as the table holds them, by sequence number, in the same order.
        unreadable: the sequence numbers of the records that are no stored event.
    """

    sightings: Mapping[tuple[str, str], Sequence[Sighting]]
    items: Mapping[str, JsonObject]
    unreadable: Sequence[str]


def read_batch(records: Sequence[StreamRecord]) -> Batch:
    """Return the sightings of a batch; a record that cannot be read stands in nobody's way."""
    sightings: dict[tuple[str, str], list[Sighting]] = defaultdict(list)
    items: dict[str, JsonObject] = {}
    unreadable: list[str] = []
    for record in records:
        sequence_number = record["dynamodb"]["SequenceNumber"]
        try:
            item = from_item(record["dynamodb"]["NewImage"])
            if "moved_from" in item:
                continue  # it was counted where it stood before
            store_id, name, sighting = _read(int(sequence_number), item)
        except (KeyError, TypeError, ValueError, ArithmeticError, PermanentError):
            unreadable.append(sequence_number)
        else:
            sightings[store_id, name].append(sighting)
            items[sequence_number] = item
    return Batch(sightings, items, unreadable)


def _read(sequence_number: int, item: JsonObject) -> tuple[str, str, Sighting]:
    store_id, _ = split_customer_key(_text(item["pk"]))
    timestamp, _ = split_timeline_key(_text(item["sk"]))
    event_timestamp = parse_timestamp(timestamp)
    if event_timestamp is None:
        raise ValueError
    sighting = Sighting(sequence_number, event_timestamp, _property_types(item))
    return store_id, _text(item["event_name"]), sighting


def _property_types(item: JsonObject) -> Mapping[str, PropertyType]:
    """Return the types of the properties; of a body in S3 the item names them."""
    if "property_types" in item:
        types = _object(item["property_types"])
        return {name: PropertyType(_text(value)) for name, value in types.items()}
    return {name: property_type(value) for name, value in _object(item.get("data", {})).items()}


def _text(value: JsonValue) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _object(value: JsonValue) -> JsonObject:
    if not isinstance(value, Mapping):
        raise TypeError
    return value
