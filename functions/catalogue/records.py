"""What the Events table's stream hands over, read as sightings of event names.

Of a stored event only its keys, its name and the types of its properties are read: most batches
are of a thousand events, and nobody asks for the rest.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from footfall.aws.items import from_attribute, stored_instant
from footfall.aws.keys import split_customer_key, split_timeline_key
from footfall.domain.catalogue import Sighting
from footfall.domain.properties import PropertyType, property_type
from footfall.errors import PermanentError
from footfall.invocations import StreamRecord

if TYPE_CHECKING:
    from types_boto3_dynamodb.type_defs import AttributeValueTypeDef

Image: TypeAlias = "Mapping[str, AttributeValueTypeDef]"
"""A stored event in DynamoDB's own form."""

_TYPES = {
    "N": PropertyType.NUMBER,
    "BOOL": PropertyType.BOOLEAN,
    "M": PropertyType.OBJECT,
    "L": PropertyType.LIST,
}
"""The types that DynamoDB tells apart as the catalogue does; a text may be a date."""


@dataclass(frozen=True, slots=True)
class Batch:
    """The sightings of one batch of the stream.

    Attributes:
        sightings: by store and event name, in the order of the stream.
        images: the stored events by sequence number, in the same order.
        unreadable: the sequence numbers of the records that are no stored event.
    """

    sightings: Mapping[tuple[str, str], Sequence[Sighting]]
    images: Mapping[str, Image]
    unreadable: Sequence[str]


def read_batch(records: Sequence[StreamRecord]) -> Batch:
    """Return the sightings of a batch; a record that cannot be read stands in nobody's way."""
    sightings: dict[tuple[str, str], list[Sighting]] = defaultdict(list)
    images: dict[str, Image] = {}
    unreadable: list[str] = []
    for record in records:
        sequence_number = record["dynamodb"]["SequenceNumber"]
        try:
            image = record["dynamodb"]["NewImage"]
            if "moved_from" in image:
                continue  # it was counted where it stood before
            store_id, name, sighting = _read(int(sequence_number), image)
        except (KeyError, TypeError, ValueError, AttributeError, PermanentError):
            unreadable.append(sequence_number)
        else:
            sightings[store_id, name].append(sighting)
            images[sequence_number] = image
    return Batch(sightings, images, unreadable)


def _read(sequence_number: int, image: Image) -> tuple[str, str, Sighting]:
    store_id, _ = split_customer_key(image["pk"]["S"])
    timestamp, _ = split_timeline_key(image["sk"]["S"])
    sighting = Sighting(sequence_number, stored_instant(timestamp), _property_types(image))
    return store_id, image["event_name"]["S"], sighting


def _property_types(image: Image) -> Mapping[str, PropertyType]:
    """Return the types of the properties; of a body in S3 the item names them."""
    if "property_types" in image:
        types = image["property_types"]["M"]
        return {name: PropertyType(value["S"]) for name, value in types.items()}
    if "data" not in image:
        return {}
    return {name: _type_of(value) for name, value in image["data"]["M"].items()}


def _type_of(attribute: Mapping[str, Any]) -> PropertyType:
    [kind] = attribute
    return _TYPES.get(kind) or property_type(from_attribute(attribute))
