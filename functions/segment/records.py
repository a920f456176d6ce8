"""What the streams of the Events and Customers tables hand over, read as news about customers."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from footfall.aws.customers import to_customer
from footfall.aws.items import from_item
from footfall.aws.keys import split_customer_key
from footfall.aws.segment_cache import present_segments_of
from footfall.aws.timeline import event_is_stored, to_event
from footfall.domain.customers import Customer, same_value
from footfall.domain.events import Event
from footfall.errors import MissingError, PermanentError
from footfall.invocations import StreamChange, StreamRecord
from footfall.segments.attributes import CREATED_AT
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
    told: dict[CustomerKey, list[tuple[str, News]]] = defaultdict(list)
    unreadable: list[str] = []
    segments = cache(present_segments_of)
    for record in records:
        change = record["dynamodb"]
        try:
            key, news = _read(change, segments)
        except (KeyError, TypeError, ValueError, ArithmeticError, PermanentError):
            unreadable.append(change["SequenceNumber"])
            continue
        if news is not None:
            told[key].append((change["SequenceNumber"], news))
    return Batch(
        {
            key: CustomerNews(news[0][0], _together([one for _, one in news]))
            for key, news in told.items()
        },
        unreadable,
    )


def _together(news: Sequence[News]) -> News:
    return News(
        [arrival for one in news for arrival in one.arrivals],
        frozenset(path for one in news for path in one.fields),
    )


def _read(
    change: StreamChange, segments: Callable[[str], StoreSegments]
) -> tuple[CustomerKey, News | None]:
    key = split_customer_key(change["Keys"]["pk"]["S"])
    store = segments(key[0])
    if not store.segments:
        return key, None
    news = _event_news(change, store) if "sk" in change["Keys"] else _profile_news(change, store)
    return key, news


def _event_news(change: StreamChange, store: StoreSegments) -> News | None:
    if change.get("NewImage") == change.get("OldImage"):
        return None
    sequence = int(change["SequenceNumber"])
    try:
        new = _event(change.get("NewImage"), store)
        old = _event(change.get("OldImage"), store)
    except MissingError:
        if event_is_stored(
            *split_customer_key(change["Keys"]["pk"]["S"]), change["Keys"]["sk"]["S"]
        ):
            raise
        # It was deleted, and its body with it: the timeline knows what is left.
        image = change.get("NewImage") or change["OldImage"]
        return News([Arrival(sequence, None, lost_name=image["event_name"]["S"])])
    if new is None and old is None:
        return None
    return News([Arrival(sequence, new, old)])


def _event(image: "Image | None", store: StoreSegments) -> Event | None:
    """Return the event, or None when no segment asks about it."""
    if image is None:
        return None
    conditions = store.conditions_for(image["event_name"]["S"])
    if not conditions:
        return None
    event = to_event(from_item(image))
    return event if any(condition.counts(event) for condition in conditions) else None


def _profile_news(change: StreamChange, store: StoreSegments) -> News | None:
    new = _customer(change.get("NewImage"))
    if new is None:
        return None
    old = _customer(change.get("OldImage"))
    if new.is_gone:
        return None if old is not None and old.is_gone else News()
    changed = _changed_fields(old, new)
    if old is None:
        return News(fields=changed)
    asked = [path for path in changed if store.with_attribute(path)]
    return News(fields=asked) if asked else None


def _customer(image: "Image | None") -> Customer | None:
    return None if image is None else to_customer(from_item(image))


def _changed_fields(old: Customer | None, new: Customer) -> Collection[str]:
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
