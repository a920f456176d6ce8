"""An event as the stream of the Events table tells it, read no further than it is asked about.

Most of an event matters to no segment; to make an `Event` of each costs more than to decide it.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from footfall.aws.items import from_attribute
from footfall.aws.keys import split_timeline_key
from footfall.domain.values import JsonValue

if TYPE_CHECKING:
    from decimal import Decimal

    from types_boto3_dynamodb.type_defs import AttributeValueTypeDef

    Image = Mapping[str, AttributeValueTypeDef]


class StreamedEvent:
    """An event whose body stands in its item; see `footfall.segments.happening`."""

    __slots__ = ("_image", "event_id", "event_name", "event_timestamp")

    def __init__(self, image: "Image") -> None:
        """Read what every segment asks about.

        Raises:
            KeyError, ValueError: when this is no image of an event.
        """
        timestamp, self.event_id = split_timeline_key(image["sk"]["S"])
        self.event_timestamp = datetime.fromisoformat(timestamp)
        self.event_name = image["event_name"]["S"]
        self._image = image

    @property
    def data(self) -> Mapping[str, JsonValue]:
        """Return its segmentable properties."""
        return _Attributes(self._image["data"]["M"] if "data" in self._image else {})

    @property
    def source(self) -> str:
        """Return the API family it came through."""
        return self._image["source"]["S"]

    @property
    def value(self) -> "Decimal | None":
        """Return its value, if it has one."""
        value: Decimal | None = self._attribute("value")
        return value

    @property
    def value_currency(self) -> str | None:
        """Return the currency of its value, if it has one."""
        currency: str | None = self._attribute("value_currency")
        return currency

    @property
    def unique_id(self) -> str | None:
        """Return its unique id, if it has one."""
        unique_id: str | None = self._attribute("unique_id")
        return unique_id

    def _attribute(self, name: str) -> Any:  # noqa: ANN401  # of the type that Footfall wrote
        attribute = self._image.get(name)
        return None if attribute is None else from_attribute(attribute)


class _Attributes(Mapping[str, JsonValue]):
    """The members of a map, each read when it is asked for."""

    __slots__ = ("_stored",)

    def __init__(self, stored: Mapping[str, Any]) -> None:
        self._stored = stored

    def __contains__(self, name: object) -> bool:
        return name in self._stored

    def __getitem__(self, name: str) -> JsonValue:
        return from_attribute(self._stored[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._stored)

    def __len__(self) -> int:
        return len(self._stored)
