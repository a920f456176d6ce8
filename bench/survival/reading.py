"""Reads what a store of the local cloud holds, from its tables and its API."""

import os
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast
from unittest.mock import patch

import boto3

from bench.survival.world import SegmentWorld, World
from footfall.aws.customers import to_customer
from footfall.aws.items import from_item
from footfall.aws.keys import member_count_sort_key, split_customer_key
from footfall.aws.segment_cache import refreshed_segments_of
from footfall.aws.segment_states import read_states
from footfall.aws.timeline import to_event
from footfall.domain.customers import Customer
from footfall.domain.values import JsonValue
from footfall.segments.state import State
from footfall.settings import Setting
from tests.e2e.bus import Bus
from tests.e2e.local_cloud import LocalCloud
from tests.e2e.store import Store
from tests.segments.naive import Document

if TYPE_CHECKING:
    from footfall.domain.events import Event

_OUTPUTS = {
    Setting.CUSTOMERS_TABLE: "CustomersTable",
    Setting.EVENTS_TABLE: "EventsTable",
    Setting.EVENT_NAMES_TABLE: "EventNamesTable",
    Setting.SEGMENTS_TABLE: "SegmentsTable",
    Setting.SEGMENT_STATES_TABLE: "SegmentStatesTable",
    Setting.MEMBERS_TABLE: "MembersTable",
    Setting.BODIES_BUCKET: "BodiesBucket",
}


@contextmanager
def tables_at_hand(cloud: LocalCloud) -> Iterator[None]:
    """Let Footfall's own adapters read the cloud's tables while the block runs."""
    settings = {setting: cloud.outputs[output] for setting, output in _OUTPUTS.items()}
    with cloud.reached_by_boto3(), patch.dict(os.environ, settings):
        yield


class Reader:
    """Reads one store; the tables must be at hand.

    Args:
        definitions: of the store's segments, as they were put last, by id.
    """

    def __init__(self, store: Store, bus: Bus, definitions: Mapping[str, Document]) -> None:
        self._store = store
        self._bus = bus
        self._definitions = definitions

    def read(self) -> World:
        """Return what the store holds now."""
        at = datetime.now(UTC)
        everybody = self._customers()
        customers = {one: item for one, item in everybody.items() if not item.is_gone}
        timelines: dict[str, list[Event]] = defaultdict(list)
        hidden: list[Event] = []
        for item in self._items(Setting.EVENTS_TABLE):
            _, customer_id = split_customer_key(str(item["pk"]))
            gone = customer_id in everybody and customer_id not in customers
            (hidden if gone else timelines[customer_id]).append(to_event(item))
        return World(
            at=at,
            customers=customers,
            timelines=timelines,
            segments=self._read_segments(list(customers)),
            joined=frozenset(one.merged_into for one in everybody.values() if one.merged_into),
            hidden=hidden,
            counted=self._counted(),
        )

    def is_live(self) -> bool:
        """Tell whether every segment is decided for everybody."""
        answer = self._store.http.get("/segments", headers={"X-Page-Size": "100"})
        return all(one["status"] == "live" for one in answer.json()["segments"])

    def _customers(self) -> Mapping[str, Customer]:
        customers = map(to_customer, self._items(Setting.CUSTOMERS_TABLE))
        return {one.customer_id: one for one in customers}

    def _read_segments(self, customer_ids: Sequence[str]) -> Mapping[str, SegmentWorld]:
        states = read_states(self._store.store_id, customer_ids)
        stored = refreshed_segments_of(self._store.store_id).segments.values()
        states_of = {
            segment.segment_id: frozenset(
                customer_id
                for customer_id, state in states.items()
                if isinstance(state, State) and state.is_member(segment)
            )
            for segment in stored
        }
        members, counts = self._members()
        return {
            segment_id: SegmentWorld(
                definition,
                states=states_of[segment_id],
                members=frozenset(members[segment_id]),
                count=counts[segment_id],
                told=self._told(segment_id),
            )
            for segment_id, definition in self._definitions.items()
        }

    def _members(self) -> tuple[Mapping[str, set[str]], Mapping[str, int]]:
        """Return who is in each segment, and how many they are said to be."""
        members: dict[str, set[str]] = defaultdict(set)
        counts: Counter[str] = Counter()
        for item in self._items(Setting.MEMBERS_TABLE):
            _, segment_id, _ = str(item["pk"]).split("#")
            if item["sk"] == member_count_sort_key():
                counts[segment_id] += int(cast("int", item["members"]))
            else:
                members[segment_id].add(str(item["sk"]))
        return members, counts

    def _told(self, segment_id: str) -> Mapping[str, Sequence[bool]]:
        told: dict[str, list[bool]] = defaultdict(list)
        for one in self._bus.transitions(segment_id):
            told[one["customerId"]].append(one["type"] == "segment.entered")
        return told

    def _counted(self) -> Mapping[str, int]:
        answer = self._store.http.get("/event-names", headers={"X-Page-Size": "100"})
        return {one["name"]: one["count"] for one in answer.json()["eventNames"]}

    def _items(self, table: Setting) -> Iterator[dict[str, JsonValue]]:
        pages = (
            boto3.client("dynamodb")
            .get_paginator("scan")
            .paginate(
                TableName=os.environ[table],
                FilterExpression="begins_with(pk, :store)",
                ExpressionAttributeValues={":store": {"S": f"{self._store.store_id}#"}},
            )
        )
        return (from_item(item) for page in pages for item in page["Items"])
