"""What the streams of the Events and Customers tables hand over, read as news about customers."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from footfall.aws.customers import to_customer
from footfall.aws.items import from_item
from footfall.aws.keys import split_customer_key
from footfall.aws.segment_cache import present_segments_of
from footfall.aws.streamed_events import StreamedEvent
from footfall.aws.timeline import event_is_stored, to_event
from footfall.domain.customers import Customer, same_value
from footfall.errors import MissingError, PermanentError
from footfall.invocations import StreamChange, StreamRecord
from footfall.segments.attributes import CREATED_AT
from footfall.segments.happening import Happening
from footfall.segments.interests import Finding
from footfall.segments.news import Arrival, News
from footfall.segments.store_segments import StoreSegments

if TYPE_CHECKING:
    from types_boto3_dynamodb.type_defs import AttributeValueTypeDef

    Image = Mapping[str, AttributeValueTypeDef]

CustomerKey: TypeAlias = tuple[str, str]
"""A store and a customer."""


@dataclass(frozen=True, slots=True)
class CustomerNews:
    """What a batch tells about one customer.

    Attributes:
        first_record: the sequence number of the first record that tells something.
    """

    first_record: str
    news: News


@dataclass(frozen=True, slots=True)
class Batch:
    """What a batch of a stream tells.

    Attributes:
        news: by customer, in the order of the stream; customers that no segment asks about are
            left out.
        unreadable: the sequence numbers of the records that are neither event nor profile.
    """

    news: Mapping[CustomerKey, CustomerNews]
    unreadable: Sequence[str]


def read_batch(records: Sequence[StreamRecord]) -> Batch:
    """Return what a batch tells; a record that cannot be read stands in nobody's way.

    Raises:
        TransientError: when a store's segments, or the body of an event, could not be read.
    """
    told: dict[str, _Told] = {}
    unreadable: list[str] = []
    segments = cache(present_segments_of)
    for record in records:
        change = record["dynamodb"]
        try:
            customer = change["Keys"]["pk"]["S"]
            one = told.get(customer)
            if one is None:
                key = split_customer_key(customer)
                one = told[customer] = _Told(key, segments(key[0]))
            one.take(change)
        except (KeyError, TypeError, ValueError, ArithmeticError, PermanentError):
            unreadable.append(change["SequenceNumber"])
    news = {
        one.key: CustomerNews(one.first_record, one.news())
        for one in told.values()
        if one.first_record
    }
    return Batch(news, unreadable)


class _Told:
    """What is told about one customer.

    Attributes:
        first_record: that told something; empty before.
    """

    def __init__(self, key: CustomerKey, store: StoreSegments) -> None:
        self.key = key
        self.first_record = ""
        self._store = store
        self._arrivals: list[Arrival] = []
        self._fields: set[str] = set()
        self._is_creation = True

    def take(self, change: StreamChange) -> None:
        if not self._store.segments:
            return
        if "sk" in change["Keys"]:
            arrival = _arrival(change, self._store)
            if arrival is None:
                return
            self._arrivals.append(arrival)
        else:
            fields = _changed_fields(change, self._store)
            if fields is None:
                return
            self._fields.update(fields)
            self._is_creation &= "OldImage" not in change
        self.first_record = self.first_record or change["SequenceNumber"]

    def news(self) -> News:
        return News(self._arrivals, self._fields, self._is_creation and not self._arrivals)


def _arrival(change: StreamChange, store: StoreSegments) -> Arrival | None:
    new_image, old_image = change.get("NewImage"), change.get("OldImage")
    if new_image == old_image:
        return None
    try:
        new, finding = _event(new_image, change, store)
        old = None if old_image is None else _event(old_image, change, store)[0]
    except MissingError:
        if event_is_stored(
            *split_customer_key(change["Keys"]["pk"]["S"]), change["Keys"]["sk"]["S"]
        ):
            raise
        # It was deleted, and its body with it: the timeline knows what is left.
        image = new_image or change["OldImage"]
        return Arrival(int(change["SequenceNumber"]), None, lost_name=image["event_name"]["S"])
    if new is None and old is None:
        return None
    return Arrival(int(change["SequenceNumber"]), new, old, finding=finding)


_UNASKED = None, None


def _event(
    image: "Image | None", change: StreamChange, store: StoreSegments
) -> tuple[Happening, Finding] | tuple[None, None]:
    """Return the event, and what was found about it; nothing when no segment asks about it."""
    if image is None or not store.interests.named(image["event_name"]["S"]):
        return _UNASKED
    if image["pk"] != change["Keys"]["pk"]:
        raise PermanentError("the image is that of another item")
    event = to_event(from_item(image)) if "body_object" in image else StreamedEvent(image)
    finding = store.interests.finding(event)
    return (event, finding) if finding.met else _UNASKED


def _changed_fields(change: StreamChange, store: StoreSegments) -> Collection[str] | None:
    """Return the changed fields that a segment asks about; None when nothing is to be decided."""
    new = _customer(change.get("NewImage"))
    if new is None:
        return None
    old = _customer(change.get("OldImage"))
    if new.is_gone:
        return None if old is not None and old.is_gone else ()
    changed = _differences(old, new)
    if old is None:
        return changed
    return [path for path in changed if store.with_attribute(path)] or None


def _customer(image: "Image | None") -> Customer | None:
    return None if image is None else to_customer(from_item(image))


def _differences(old: Customer | None, new: Customer) -> Collection[str]:
    paths = {CREATED_AT, *new.fields}
    if old is None:
        return paths
    return {
        path
        for path in paths | old.fields.keys()
        if (old.created_at != new.created_at if path == CREATED_AT else _differs(path, old, new))
    }


def _differs(path: str, old: Customer, new: Customer) -> bool:
    before, after = old.fields.get(path), new.fields.get(path)
    return before is None or after is None or not same_value(before.value, after.value)
