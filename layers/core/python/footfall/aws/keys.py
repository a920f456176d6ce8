"""Every key string of every table, and of every object in the bucket.

A key joins its components with `#`. Every component but the last refuses the separator, so no value
can reach into its neighbour, and none can leave its store: the last component is whatever remains.
"""

import hashlib
from datetime import datetime

from footfall.domain.events import Event
from footfall.domain.identifiers import Identifier
from footfall.domain.timestamps import sortable_timestamp
from footfall.errors import PermanentError

MESSAGES_PREFIX = "messages/"
"""Where the bucket keeps envelopes too large for SQS; they expire."""

BODIES_PREFIX = "events/"
"""Where the bucket keeps event bodies too large for DynamoDB; they stay."""

_SEPARATOR = "#"
STORE_SHARDS = 16
_DIGEST_DIGITS = 32


def identity_key(store_id: str, identifier: Identifier) -> str:
    """Return `store#kind#value`, the Identities key of an identifier."""
    return _join(store_id, identifier.kind, identifier.value)


def customer_key(store_id: str, customer_id: str) -> str:
    """Return `store#customer`, the key of a customer's profile and of its timeline."""
    return _join(store_id, customer_id)


def unique_id_key(store_id: str, scope: str, unique_id: str) -> str:
    """Return `store#scope#uniqueId`, the key of the marker that makes an event the only one."""
    return _join(store_id, scope, unique_id)


def customer_scope(scope: str, customer_id: str, event_name: str) -> str:
    """Return `scope.customer.name`: the unique ids of one customer's events of one name.

    The name is free text, so a digest stands for it: 32 hexadecimal digits of its SHA-256.
    """
    digest = hashlib.sha256(event_name.encode()).hexdigest()[:_DIGEST_DIGITS]
    return f"{scope}.{customer_id}.{digest}"


def timeline_key(event: Event) -> str:
    """Return `timestamp#eventId`: a timeline sorts by time, ties by the order of acceptance."""
    return timeline_key_of(event.event_timestamp, event.event_id)


def timeline_key_of(instant: datetime, event_id: str) -> str:
    """Return the timeline key of the event of that instant and id."""
    return _join(sortable_timestamp(instant), event_id)


def split_customer_key(key: str) -> tuple[str, str]:
    """Return the store and the customer of a `store#customer` key."""
    store_id, customer_id = key.split(_SEPARATOR)
    return store_id, customer_id


def split_timeline_key(key: str) -> tuple[str, str]:
    """Return the timestamp's text and the event id of a `timestamp#eventId` key."""
    timestamp, event_id = key.split(_SEPARATOR)
    return timestamp, event_id


def timeline_bound(instant: datetime) -> str:
    """Return the text that sorts between the events before the instant and those from it on."""
    return sortable_timestamp(instant)


def store_shard_key(store_id: str, customer_id: str) -> str:
    """Return `store#shard`: walks a store's customers in 16 partitions of even size.

    The shard is the first hexadecimal digit of the customer's id, which is a hash.
    """
    return _join(store_id, str(_shard(customer_id)))


def generation_sort_key() -> str:
    """Return the Segments sort key of a store's generation; it stands before every segment's id."""
    return "#generation"


def due_shard_key(customer_id: str) -> str:
    """Return the partition of the due index, of all stores, that the customer's timer stands in."""
    return f"due{_SEPARATOR}{_shard(customer_id)}"


def due_shard_keys() -> list[str]:
    """Return every partition of the due index."""
    return [f"due{_SEPARATOR}{shard}" for shard in range(STORE_SHARDS)]


def store_shard_keys(store_id: str) -> list[str]:
    """Return every partition that a store's customers are walked in."""
    return [_join(store_id, str(shard)) for shard in range(STORE_SHARDS)]


def members_key(store_id: str, segment_id: str, shard: int) -> str:
    """Return `store#segment#shard`, the partition of a segment's members of one shard."""
    return _join(store_id, segment_id, str(shard))


def members_keys(store_id: str, segment_id: str) -> list[str]:
    """Return every partition of a segment's members."""
    return [members_key(store_id, segment_id, shard) for shard in range(STORE_SHARDS)]


def members_shard(customer_id: str) -> int:
    """Return the shard of a segment's members that the customer stands in."""
    return _shard(customer_id)


def member_count_sort_key() -> str:
    """Return the sort key of a members partition's count; it stands before every customer's id."""
    return "#count"


def message_object_key(digest: str) -> str:
    """Return the S3 key of an envelope too large for SQS, named after the digest of its text."""
    return f"{MESSAGES_PREFIX}{_whole(digest)}.json"


def body_object_key(store_id: str, event_id: str) -> str:
    """Return the S3 key of an event body too large for DynamoDB; it stays when the event moves."""
    return f"{BODIES_PREFIX}{_whole(store_id)}/{_whole(event_id)}.json"


def _shard(customer_id: str) -> int:
    return int(customer_id[0], STORE_SHARDS)


def _join(*components: str) -> str:
    *leading, last = components
    if not last:
        raise PermanentError("an empty value cannot be part of a key")
    for component in leading:
        _whole(component)
    return _SEPARATOR.join(components)


def _whole(component: str) -> str:
    if not component or _SEPARATOR in component or "/" in component:
        raise PermanentError(f"a key component is empty or holds {_SEPARATOR!r} or '/'")
    return component
