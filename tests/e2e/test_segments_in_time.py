"""Time alone lets customers in and out, at the exact instant, and soon after it."""

import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import boto3
import pytest

from bench.end_to_end.memberships import measure_memberships
from bench.end_to_end.percentiles import percentile
from footfall.domain.timestamps import format_timestamp
from tests.e2e.bus import Bus
from tests.e2e.local_cloud import LocalCloud
from tests.e2e.polling import eventually
from tests.e2e.segments import MINUTE, Segments, event, instant
from tests.e2e.store import Json, Store

LAST_MINUTE: Json = {"event": "Visited", "within": {"last": "1m"}}
SAMPLES = 40
SECONDS_TO_ENTER = 3
SECONDS_TO_EXIT = 2


@pytest.fixture(autouse=True)
def boto3_at_hand(cloud: LocalCloud) -> Iterator[None]:
    with cloud.reached_by_boto3():
        yield


def test_a_window_may_end_before_any_sweep(
    cloud: LocalCloud, store: Store, segments: Segments, bus: Bus
) -> None:
    segments.put("lately", LAST_MINUTE)
    segments.put("lapsed", {"all": [{"event": "Visited"}, {"not": LAST_MINUTE}]})
    with cloud.sweep_paused():
        visit = event("ada@example.com", ago=MINUTE - timedelta(seconds=6))
        store.send(visit)
        ada = store.customer(email="ada@example.com")["id"]
        segments.come_to("lately", ada, seconds=5)
        segments.come_to("lapsed", ada)
        segments.come_to("lately")

    end = instant(visit["eventTimestamp"]) + MINUTE
    entry, exit_ = bus.hears("lately", 2)
    (lapse,) = bus.hears("lapsed", 1)
    assert (entry["type"], entry["cause"]) == ("segment.entered", "event")
    assert (exit_["type"], exit_["cause"]) == ("segment.exited", "time")
    assert (lapse["type"], lapse["cause"]) == ("segment.entered", "time")
    assert instant(entry["effectiveAt"]) == instant(visit["eventTimestamp"])
    assert instant(exit_["effectiveAt"]) == instant(lapse["effectiveAt"]) == end
    assert end <= instant(exit_["at"]) < end + timedelta(seconds=SECONDS_TO_EXIT)


def test_the_next_sweep_finds_a_lost_hint(
    cloud: LocalCloud, store: Store, segments: Segments, bus: Bus
) -> None:
    segments.put("lately", LAST_MINUTE)
    visit = event("ada@example.com", ago=MINUTE - timedelta(seconds=5))
    end = instant(visit["eventTimestamp"]) + MINUTE
    with cloud.sweep_paused(), cloud.queue_paused("DueQueueUrl"):
        store.send(visit)
        bus.hears("lately", 1)
        eventually(lambda: datetime.now(UTC) > end + timedelta(seconds=2))
        boto3.client("sqs").purge_queue(QueueUrl=cloud.outputs["DueQueueUrl"])
        assert len(segments.members("lately")) == 1

    cloud.sweep()
    _, exit_ = bus.hears("lately", 2)
    assert (exit_["type"], instant(exit_["effectiveAt"])) == ("segment.exited", end)
    segments.come_to("lately")


def test_events_and_dates_ahead_count_when_their_time_comes(
    store: Store, segments: Segments, bus: Bus
) -> None:
    segments.put("flown", {"event": "Flight"})
    segments.put(
        "trial-ends", {"attribute": "customFields.Trial", "op": "within_next", "value": "1m"}
    )
    ahead = timedelta(seconds=5)
    flight = event("ada@example.com", "Flight", ago=-ahead)
    store.send(flight)
    trial = format_timestamp(datetime.now(UTC) + ahead)
    ben = segments.new_customer("ben@example.com", customFields={"Trial": trial})
    ada = store.customer(email="ada@example.com")["id"]
    segments.come_to("trial-ends", ben, seconds=5)
    assert segments.members("flown") == {}

    segments.come_to("flown", ada)
    segments.come_to("trial-ends")
    (flown,) = bus.hears("flown", 1)
    assert (flown["cause"], flown["effectiveAt"]) == ("time", flight["eventTimestamp"])
    entry, exit_ = bus.hears("trial-ends", 2)
    assert (entry["cause"], exit_["cause"]) == ("profile", "time")
    assert instant(exit_["effectiveAt"]) == instant(trial)


def test_what_fell_due_while_the_cloud_was_stopped_is_told_exactly(
    cloud: LocalCloud, store: Store, segments: Segments, bus: Bus
) -> None:
    segments.put("lately", LAST_MINUTE)
    visit = event("ada@example.com", ago=MINUTE - timedelta(seconds=6))
    store.send(visit)
    bus.hears("lately", 1)
    assert cloud.stop(signal.SIGTERM) == 0
    cloud.start()

    _, exit_ = bus.hears("lately", 2)
    assert instant(exit_["effectiveAt"]) == instant(visit["eventTimestamp"]) + MINUTE
    segments.come_to("lately")


def test_entries_and_exits_are_soon(cloud: LocalCloud, store: Store) -> None:
    latencies = measure_memberships(
        store.http, store.store_id, cloud.outputs["MembersTable"], SAMPLES
    )
    assert len(latencies.entries) == len(latencies.exits) == SAMPLES
    assert percentile(latencies.entries, 0.99) < SECONDS_TO_ENTER, sorted(latencies.entries)
    assert percentile(latencies.exits, 0.99) < SECONDS_TO_EXIT, sorted(latencies.exits)
