"""Footfall's segments inside moto: what Lambda does with streams, queues and the clock, on demand.

`settle` hands over whatever waits until nothing moves any more, and `pass_time` lets the clock run,
with a sweep each minute. Records are handed over as Lambda does it, and again from the first that
failed. A function can be made to die after any of its AWS calls; then its batch comes again.
"""

import base64
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import count
from json import loads
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import boto3
import pytest

import backfill.handler
import due.handler
import publish.handler
import segment.handler
import sweep.handler
from footfall.aws import clients
from footfall.aws.backfill_queue import start_backfill
from footfall.aws.backfills import Walk
from footfall.aws.batches import put_all
from footfall.aws.items import to_item
from footfall.aws.keys import customer_key, generation_sort_key, store_shard_key
from footfall.aws.segment_changes import delete_segment, put_segment
from footfall.aws.segment_states import from_state_item
from footfall.aws.segments import read_segments
from footfall.domain.events import Event
from footfall.domain.identifiers import Identifier, IdentifierKind, new_event_id
from footfall.domain.timestamps import format_timestamp, to_microseconds
from footfall.domain.values import JsonValue, ProfileValue
from footfall.segments.outset import outset
from footfall.segments.reading import read_definition
from footfall.segments.segment import canonical_text
from footfall.segments.state import State
from footfall.settings import Setting
from tests.aws_calls import Call, CarryOut, Killed, around_every_call
from tests.builders import JANE, NOON, STORE, deliver, message
from tests.moto_cloud import all_items, moto_cloud, moto_table, stored_items
from tests.segments.naive import Document

if TYPE_CHECKING:
    from types_boto3_dynamodbstreams import DynamoDBStreamsClient

Handler: TypeAlias = Callable[[Any, Any], Any]
Records: TypeAlias = Sequence[Mapping[str, Any]]

BATCH_SIZE = 100
_DELIVERIES = 5
_SWEPT_AHEAD = timedelta(seconds=90)
_MINUTE = timedelta(minutes=1)
_CLOCKS = ("footfall.aws.deciding", "due.handler", "sweep.handler", "backfill.walking")


class _Numbering:
    """Numbers the events of a test, so that it is the same test each time."""

    def __init__(self) -> None:
        self.numbers = count(1)


_numbering = _Numbering()


def happened(  # noqa: PLR0913  # every part of an event may matter to a test
    name: str,
    *identifiers: Identifier,
    at: datetime = NOON,
    received: datetime | None = None,
    value: Decimal | int | None = None,
    unique_id: str | None = None,
    profile: Mapping[str, ProfileValue] | None = None,
    data: Mapping[str, JsonValue] | None = None,
) -> Event:
    """Return an event whose id, as that of every accepted event, is of its acceptance."""
    received = received or max(at, NOON)
    return Event(
        event_id=new_event_id(received, next(_numbering.numbers).to_bytes(10)),
        store_id=STORE,
        event_name=name,
        event_timestamp=at,
        received_at=received,
        source="redo",
        identifiers=identifiers or (JANE,),
        profile=profile or {},
        data=data or {},
        value=value,
        unique_id=unique_id,
    )


@dataclass(order=True)
class Message:
    """A message of a queue."""

    ready_at: datetime
    number: int
    body: str = field(compare=False)


@dataclass(frozen=True)
class End:
    """What everything has come to."""

    states: Mapping[str, State]
    members: Sequence[Mapping[str, JsonValue]]
    segments: Sequence[Mapping[str, JsonValue]]
    told: Mapping[str, Mapping[str, Any]]


@cache
def _streams() -> "DynamoDBStreamsClient":
    """Return the client of all clouds, as making one is slow."""
    return boto3.client("dynamodbstreams")


class Stream:
    """One reader's place in the stream of a table."""

    def __init__(self, table: Setting) -> None:
        shard_of_moto = moto_table(table).stream_shard
        assert shard_of_moto is not None
        self._changes = shard_of_moto.items
        self._read = 0
        self._client = _streams()
        arn = clients.dynamodb().describe_table(TableName=table)["Table"]["LatestStreamArn"]
        (shard,) = self._client.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
        self._iterator = self._client.get_shard_iterator(
            StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]

    def read(self) -> Records:
        """Return what is new in the stream, as Lambda hands it over."""
        found: list[Mapping[str, Any]] = []
        while self._read < len(self._changes):
            answer = self._client.get_records(ShardIterator=self._iterator)
            self._iterator = answer["NextShardIterator"]
            self._read += len(answer["Records"])
            found += [_as_lambda_has_it(record["dynamodb"]) for record in answer["Records"]]
        return found


class SegmentCloud:
    """A store's events, segments and functions.

    Attributes:
        now: what the clocks of the functions show.
        calls: the AWS calls that the functions have made.
        answers: what AWS answered to each of them.
        die_after: how many calls later a function dies; None for not at all.
        told: what the bus heard, in order: the type of the detail, and the detail.
        milliseconds_left: what Lambda says when a function asks for its time.
        publishes: whether publish takes what its stream tells.
        deaths: how often a function died.
    """

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.calls: list[Call] = []
        self.answers: list[Any] = []
        self.die_after: int | None = None
        self.told: list[tuple[str, Mapping[str, Any]]] = []
        self.milliseconds_left: Callable[[], int] = lambda: 60_000
        self.publishes = True
        self.deaths = 0
        self.waiting: dict[str, list[Message]] = {
            Setting.DUE_QUEUE_URL: [],
            Setting.BACKFILL_QUEUE_URL: [],
        }
        self.events = Stream(Setting.EVENTS_TABLE)
        self.customers = Stream(Setting.CUSTOMERS_TABLE)
        self._states = Stream(Setting.SEGMENT_STATES_TABLE)
        self._numbers = count()
        self._is_running = False

    # What people and shops do

    def store(self, *events: Event) -> None:
        """Let process store the events."""
        for start in range(0, len(events), BATCH_SIZE):
            assert deliver(message(*events[start : start + BATCH_SIZE])) == []

    def put_segment(self, segment_id: str, definition: Document) -> Walk:
        """Do what a request to put the segment does."""
        node = read_definition(cast("JsonValue", definition))
        stored, _ = put_segment(STORE, segment_id, segment_id, node, self.now)
        one = stored.segment
        walk = Walk(STORE, segment_id, one.number, one.generation)
        if stored.building is not None:
            start_backfill(walk)
        return walk

    def delete_segment(self, segment_id: str) -> Walk:
        """Do what a request to delete the segment does."""
        going = delete_segment(STORE, segment_id, self.now)
        assert going is not None
        walk = Walk(STORE, segment_id, going.segment.number, going.segment.generation)
        start_backfill(walk)
        return walk

    def put_live(self, **definitions: Document) -> None:
        """Put segments that have long been live; the store has no others."""
        put_segments(definitions)

    def is_building(self) -> bool:
        """Tell whether a segment is not live yet."""
        return any("building" in item for item in all_items(Setting.SEGMENTS_TABLE))

    # What Lambda does

    def settle(self, *, customers_first: bool = False) -> None:
        """Hand over what waits, until nothing moves any more at this instant."""
        while self._settle_once(customers_first=customers_first):
            pass

    def pass_time(self, time: timedelta, *, sweeps: bool = True) -> None:
        """Let the clock run on; every message is taken when its delay is over."""
        until = self.now + time
        self.settle()
        while (moment := self._next_moment(until, sweeps=sweeps)) is not None:
            self.now = max(moment, self.now)
            if sweeps and self._is_minute():
                self.sweep()
            self.settle()
        self.now = until
        self.settle()

    def sweep(self) -> None:
        """Let the sweep run once, and once more if it dies."""
        while True:
            try:
                self._run(sweep.handler.handler, {})
            except Killed:
                continue
            return

    def segment(self, records: Records) -> str | None:
        """Hand a batch to segment; return from which record on it is to come again, if at all."""
        return self._feed_once(segment.handler.handler, records)

    def due(self, *bodies: str) -> Sequence[str]:
        """Hand messages to due; return the bodies of those that are to come again."""
        return self._take(due.handler.handler, bodies)

    def backfill(self, *bodies: str) -> Sequence[str]:
        """Hand messages to backfill; return the bodies of those that are to come again."""
        return self._take(backfill.handler.handler, bodies)

    # What is to be seen

    def customer_id(self, identifier: Identifier) -> str:
        """Return the id of the customer who has the identifier."""
        return self.customer_ids()[identifier]

    def customer_ids(self) -> dict[Identifier, str]:
        """Return the id of each customer by identifier."""
        found: dict[Identifier, str] = {}
        for item in all_items(Setting.IDENTITIES_TABLE):
            _, kind, value = str(item["pk"]).split("#", 2)
            found[Identifier(IdentifierKind(kind), value)] = str(item["customer_id"])
        return found

    def states(self) -> dict[str, State]:
        """Return the state of each customer."""
        items = state_items()
        return {item["pk"]["S"].split("#")[1]: from_state_item(item) for item in items}

    def members(self, segment_id: str) -> dict[str, str]:
        """Return since when each member of the segment is one."""
        return {
            str(item["sk"]): str(item["since"])
            for item in all_items(Setting.MEMBERS_TABLE)
            if str(item["pk"]).startswith(f"{STORE}#{segment_id}#") and item["sk"] != "#count"
        }

    def decided_members(self) -> dict[str, set[str]]:
        """Return the members of each segment by the states, whether told or not."""
        states = self.states().items()
        _, segments = read_segments(STORE)
        return {
            one.segment_id: {who for who, state in states if state.is_member(one)}
            for one in segments
        }

    def transitions(self, segment_id: str) -> list[tuple[str, str, str, str]]:
        """Return whether, who, from when on and why, of each transition that the bus heard of."""
        return [
            (kind.removeprefix("segment."), told["customerId"], told["effectiveAt"], told["cause"])
            for kind, told in self._told_once()
            if told["segmentId"] == segment_id
        ]

    def check(self) -> None:
        """Check that what was told alternates, and comes to the members and their counts."""
        standing: set[tuple[str, str]] = set()
        for kind, told in self._told_once():
            place = (told["segmentId"], told["customerId"])
            assert (kind == "segment.exited") == (place in standing), (kind, told)
            standing ^= {place}
        members = [item for item in all_items(Setting.MEMBERS_TABLE) if item["sk"] != "#count"]
        assert {(str(one["pk"]).split("#")[1], one["sk"]) for one in members} == standing
        counts = {
            item["pk"]: item["members"]
            for item in all_items(Setting.MEMBERS_TABLE)
            if item["sk"] == "#count" and item["members"] != 0
        }
        partitions = [item["pk"] for item in members]
        assert counts == {one: partitions.count(one) for one in partitions}

    def end(self) -> "End":
        """Return what everything has come to, but for when it was decided."""
        return End(
            states={who: replace(state, as_of=0) for who, state in self.states().items()},
            members=all_items(Setting.MEMBERS_TABLE),
            segments=[
                {name: value for name, value in item.items() if name != "progress_at"}
                for item in all_items(Setting.SEGMENTS_TABLE)
            ],
            told={told["id"]: {**told, "at": kind} for kind, told in self._told_once()},
        )

    # How

    def heed(self, carry_out: CarryOut, call: Call) -> object:
        """Carry a call out; keep what it sends, and die after it if that is wanted."""
        answer = carry_out()
        operation, parameters = call
        match operation:
            case "SendMessage":
                self._send(parameters["QueueUrl"], parameters)
            case "SendMessageBatch":
                for entry in parameters["Entries"]:
                    self._send(parameters["QueueUrl"], entry)
            case "PutEvents":
                self.told += [
                    (entry["DetailType"], loads(entry["Detail"])) for entry in parameters["Entries"]
                ]
        if self._is_running:
            self.calls.append(call)
            self.answers.append(answer)
            if self.die_after is not None:
                self.die_after -= 1
                if self.die_after == 0:
                    self.die_after = None
                    self.deaths += 1
                    raise Killed
        return answer

    def _send(self, url: str, message: Mapping[str, Any]) -> None:
        queue = url.rpartition("/")[2]
        if queue in self.waiting:
            ready_at = self.now + timedelta(seconds=message["DelaySeconds"])
            self.waiting[queue].append(
                Message(ready_at, next(self._numbers), message["MessageBody"])
            )

    def _settle_once(self, *, customers_first: bool) -> bool:
        streams: list[tuple[Handler, Stream]] = [
            (segment.handler.handler, self.events),
            (segment.handler.handler, self.customers),
        ]
        if customers_first:
            streams.reverse()
        moved = False
        if self.publishes:
            streams.append((publish.handler.handler, self._states))
        for handler, stream in streams:
            records = stream.read()
            if stream is self._states:
                records = [one for one in records if "transitions" in one["dynamodb"]["NewImage"]]
            moved = moved or bool(records)
            self._feed(handler, records)
        queues: list[tuple[str, Handler]] = [
            (Setting.DUE_QUEUE_URL, due.handler.handler),
            (Setting.BACKFILL_QUEUE_URL, backfill.handler.handler),
        ]
        for queue, handler in queues:
            ready = [one for one in sorted(self.waiting[queue]) if one.ready_at <= self.now]
            self.waiting[queue] = [one for one in self.waiting[queue] if one not in ready]
            moved = moved or bool(ready)
            for one in ready:
                self._deliver(handler, one.body)
        return moved

    def _feed(self, handler: Handler, records: Records) -> None:
        """Hand records over in batches, each again from its first record that is not done."""
        deliveries = 0
        while records:
            deliveries += 1
            assert deliveries <= _DELIVERIES + len(records), "the batch fails again and again"
            try:
                failed = self._feed_once(handler, records[:BATCH_SIZE])
            except Killed:
                continue
            numbers = [one["dynamodb"]["SequenceNumber"] for one in records]
            records = records[BATCH_SIZE:] if failed is None else records[numbers.index(failed) :]
            deliveries *= failed is not None

    def _feed_once(self, handler: Handler, records: Records) -> str | None:
        failures = self._run(handler, {"Records": records})["batchItemFailures"]
        assert len(failures) <= 1
        return failures[0]["itemIdentifier"] if failures else None

    def _deliver(self, handler: Handler, body: str) -> None:
        for _ in range(_DELIVERIES):
            try:
                if not self._take(handler, [body]):
                    return
            except Killed:
                continue
        raise AssertionError("the message fails again and again")

    def _take(self, handler: Handler, bodies: Sequence[str]) -> Sequence[str]:
        records = [{"messageId": body, "body": body} for body in bodies]
        failures = self._run(handler, {"Records": records})["batchItemFailures"]
        return [one["itemIdentifier"] for one in failures]

    def _run(self, handler: Handler, event: object) -> Any:  # noqa: ANN401  # what a function answers
        self._is_running = True
        context = SimpleNamespace(get_remaining_time_in_millis=self.milliseconds_left)
        try:
            return handler(event, context)
        finally:
            self._is_running = False

    def _next_moment(self, until: datetime, *, sweeps: bool) -> datetime | None:
        """Return the next instant at which a message is ready, or a sweep finds something."""
        moments = [one.ready_at for messages in self.waiting.values() for one in messages]
        if sweeps:
            dues = [one.armed for one in self.states().values() if one.armed is not None]
            if dues:
                passed = timedelta(microseconds=min(dues) - to_microseconds(self.now))
                moments.append(_minute_from(max(self.now + passed - _SWEPT_AHEAD, self._later())))
            if self.is_building():
                moments.append(_minute_from(self._later()))
        return min((moment for moment in moments if moment <= until), default=None)

    def _later(self) -> datetime:
        return self.now + timedelta(microseconds=1)

    def _is_minute(self) -> bool:
        return self.now == _minute_from(self.now)

    def _told_once(self) -> list[tuple[str, Mapping[str, Any]]]:
        """Return what was told, each as it was told first; what is told again is the same."""
        once: dict[str, tuple[str, Mapping[str, Any]]] = {}
        for kind, told in self.told:
            assert once.setdefault(told["id"], (kind, told)) == (kind, told)
        return list(once.values())


@contextmanager
def segment_cloud(now: datetime = NOON) -> Iterator[SegmentCloud]:
    """Run the block with an empty cloud whose clock stands still until it is moved."""
    with moto_cloud(), pytest.MonkeyPatch.context() as patch:
        cloud = SegmentCloud(now)
        _numbering.numbers = count(1)

        class Clock(datetime):
            @classmethod
            def now(cls, _tz: object = None) -> datetime:  # type: ignore[override]
                return cloud.now

        for module in _CLOCKS:
            patch.setattr(f"{module}.datetime", Clock)
        seconds = SimpleNamespace(monotonic=lambda: to_microseconds(cloud.now) / 1_000_000)
        patch.setattr("footfall.aws.segment_cache.time", seconds)
        patch.setattr("footfall.aws.attempts.time", SimpleNamespace(sleep=lambda _: None))
        with around_every_call(cloud.heed):
            yield cloud


def check_dying_anywhere(
    prepare: Callable[[SegmentCloud], object], act: Callable[[SegmentCloud], object]
) -> int:
    """Check that all ends the same whichever call a function dies after; return how many those are.

    Args:
        act: what happens once `prepare` is done, and is to end the same.
    """

    def run(die_after: int | None) -> tuple[End, int]:
        with segment_cloud() as cloud:
            prepare(cloud)
            cloud.calls.clear()
            cloud.die_after = die_after
            act(cloud)
            assert cloud.deaths == (die_after is not None)
            cloud.check()
            return cloud.end(), len(cloud.calls)

    undisturbed, calls = run(None)
    for k in range(1, calls + 1):
        assert run(k)[0] == undisturbed, f"died after call {k}"
    return calls


@contextmanager
def another_worker() -> Iterator[None]:
    """Run the block in a process of its own, as far as it remembers segments."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("footfall.aws.segment_cache._known", {})
        yield


def in_shards(number: int, patch: pytest.MonkeyPatch) -> None:
    """Let customers stand in so many shards, of walks and of the due index, instead of 16."""
    patch.setattr("backfill.walking.STORE_SHARDS", number)
    patch.setattr("footfall.aws.keys.STORE_SHARDS", number)
    patch.setattr("footfall.aws.keys._shard", lambda one: int(one[0], 16) % number)


def put_customers(customer_ids: Sequence[str], **fields: ProfileValue) -> None:
    """Put customers into their table, without what makes them."""
    created_at = format_timestamp(NOON - timedelta(days=1))
    stored = {
        path: {"value": value, "set_at": created_at, "set_by": "call"}
        for path, value in fields.items()
    }
    profile = {"created_at": created_at, "fields": stored, "stated": {}}
    items = (
        {
            "pk": customer_key(STORE, one),
            "store_shard": store_shard_key(STORE, one),
            "profile": profile,
        }
        for one in customer_ids
    )
    assert put_all(Setting.CUSTOMERS_TABLE, map(to_item, items)) == []


def put_segments(definitions: Mapping[str, Document]) -> None:
    """Put segments into their table as if they had long been live, each of a generation."""
    stored_at = format_timestamp(NOON - timedelta(days=1))
    items: list[Mapping[str, object]] = [
        {"pk": STORE, "sk": generation_sort_key(), "generation": len(definitions)}
    ]
    known = {one: read_definition(cast("JsonValue", what)) for one, what in definitions.items()}
    for number, (segment_id, definition) in enumerate(known.items(), start=1):
        items.append(
            {
                "pk": STORE,
                "sk": segment_id,
                "name": segment_id,
                "number": number,
                "generation": number,
                "definition": canonical_text(definition),
                "outset": outset(segment_id, definition, known),
                "stored_at": stored_at,
                "created_at": stored_at,
            }
        )
    assert put_all(Setting.SEGMENTS_TABLE, map(to_item, items)) == []


def state_items() -> list[Any]:
    """Return the items of the SegmentStates table, in the order of their keys."""
    return stored_items(Setting.SEGMENT_STATES_TABLE)


def _minute_from(instant: datetime) -> datetime:
    """Return the first whole minute from the instant on."""
    begun = instant.replace(second=0, microsecond=0)
    return begun if begun == instant else begun + _MINUTE


def _as_lambda_has_it(change: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a record of a stream in Lambda's JSON, where bytes are text."""
    parts = ("SequenceNumber", "Keys", "NewImage", "OldImage")
    return {"dynamodb": {part: _as_json(change[part]) for part in parts if part in change}}


def _as_json(value: object) -> object:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, Mapping):
        return {name: _as_json(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_as_json(one) for one in value]
    return value
