"""What a customer is in: the customer's state tells which segments, the Members table since when.

An entry reaches the Members table through the stream of the states, a moment after it was decided.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from footfall.aws.batches import get_each, get_stored
from footfall.aws.items import stored_instant
from footfall.aws.keys import customer_key, members_key, members_shard
from footfall.aws.segment_cache import refreshed_segments_of, segments_of
from footfall.aws.segment_states import from_state_item
from footfall.domain.timestamps import from_microseconds
from footfall.segments.state import UNDECIDED, State
from footfall.segments.store_segments import StoreSegments
from footfall.segments.transitions import from_text
from footfall.settings import Setting, read_setting


@dataclass(frozen=True, slots=True)
class Membership:
    """A segment that a customer is in.

    Attributes:
        since: the instant from which on it is true; None for the moments until it is known.
    """

    segment_id: str
    name: str
    since: datetime | None


def page_of_memberships(
    store_id: str, customer_id: str, *, after: str | None, limit: int
) -> tuple[list[Membership], str | None]:
    """Return up to `limit` memberships by segment, and the segment after which to go on, or None.

    Segments that are being deleted are left out.

    Args:
        after: the segment with which the page before ended.
    """
    state, entries = _standing(store_id, customer_id)
    segments = _segments_up_to(state, store_id).segments.values()
    members = sorted(
        one.segment_id
        for one in segments
        if one.definition is not None
        and (after is None or one.segment_id > after)
        and state.is_member(one)
    )
    page = members[:limit]
    names = _names(store_id, page)
    since = {**_since(store_id, customer_id, page), **entries}
    return [Membership(one, names[one], since.get(one)) for one in page if one in names], (
        page[-1] if len(members) > limit else None
    )


def _standing(store_id: str, customer_id: str) -> tuple[State, Mapping[str, datetime]]:
    """Return the state, and since when its last entries are true, by segment."""
    keys = [{"pk": customer_key(store_id, customer_id)}]
    for item in get_stored(read_setting(Setting.SEGMENT_STATES_TABLE), keys, consistently=True):
        entries: dict[str, datetime] = {}
        if "transitions" in item:
            for one in from_text(item["transitions"]["S"]).transitions:
                if one.entered:
                    entries[one.segment_id] = from_microseconds(one.effective_at)
        return from_state_item(item), entries
    return UNDECIDED, {}


def _segments_up_to(state: State, store_id: str) -> StoreSegments:
    """Return the store's segments, with all that the state is decided on."""
    known = segments_of(store_id)
    return refreshed_segments_of(store_id) if known.generation < state.generation else known


def _names(store_id: str, segment_ids: Collection[str]) -> Mapping[str, str]:
    """Return the present names of the segments, of those that are not being deleted.

    A name is no part of a generation, so that it can be older in the cache than anything else.
    """
    keys = [{"pk": store_id, "sk": one} for one in segment_ids]
    items = get_each(read_setting(Setting.SEGMENTS_TABLE), keys, consistently=True)
    return {str(item["sk"]): str(item["name"]) for item in items if "definition" in item}


def _since(store_id: str, customer_id: str, segment_ids: Collection[str]) -> Mapping[str, datetime]:
    shard = members_shard(customer_id)
    partitions = {members_key(store_id, one, shard): one for one in segment_ids}
    keys = [{"pk": partition, "sk": customer_id} for partition in partitions]
    items = get_each(read_setting(Setting.MEMBERS_TABLE), keys, consistently=True)
    return {partitions[str(item["pk"])]: stored_instant(item["since"]) for item in items}
