"""Two workers at the same customer, or with segments of different age: nothing is lost."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

import pytest

from tests.aws_calls import Call, CarryOut, around_every_call
from tests.builders import JANE, STORE, email
from tests.segment_cloud import (
    End,
    Records,
    SegmentCloud,
    another_worker,
    happened,
    segment_cloud,
)
from tests.segments.naive import Document

JOHN = email("john@example.com")
BUYERS: Document = {"event": "bought", "count": {"gte": 2}}
SPENDERS: Document = {"event": "bought", "sum": {"of": "value", "gte": 100}}
GOLD: Document = {"attribute": "customFields.tier", "op": "eq", "value": "Gold"}
VIEWERS: Document = {"event": "viewed"}


@pytest.fixture
def cloud() -> Iterator[SegmentCloud]:
    with segment_cloud() as cloud:
        yield cloud


@contextmanager
def once_before_call(number: int, other: Callable[[], object]) -> Iterator[None]:
    """Let the other worker run, whole, before the call of that number, or else in the end."""
    made = 0

    def stand_around(carry_out: CarryOut, _call: Call) -> object:
        nonlocal made
        made += 1
        if made == number:
            with another_worker():
                other()
        return carry_out()

    with around_every_call(stand_around):
        yield
    if made < number:
        other()


def two_batches(cloud: SegmentCloud) -> tuple[Records, Records]:
    """Return what two workers are to tell about one customer at the same time."""
    cloud.put_live(
        buyers=BUYERS,
        spenders={**SPENDERS, "within": {"last": "1h"}},
        all_spenders=SPENDERS,
        gold={"all": [GOLD, BUYERS]},
    )
    cloud.store(happened("bought", at=cloud.now, value=50, profile={"customFields.tier": "Iron"}))
    cloud.settle()
    cloud.store(
        happened("bought", at=cloud.now, value=40, profile={"customFields.tier": "Gold"}),
        happened("bought", at=cloud.now, value=10),
    )
    records = cloud.events.read()
    return records[:1], [*records[1:], *cloud.customers.read()]


def end_of(cloud: SegmentCloud) -> End:
    cloud.settle()
    cloud.pass_time(timedelta(hours=2))
    cloud.check()
    return cloud.end()


def what_counts(end: End) -> object:
    """Return the end but for how many writes it took, and whose instant was told."""
    transitions = [(one["segmentId"], one["effectiveAt"], one["at"]) for one in end.told.values()]
    evidence = {who: (one.evidence, one.exceptions, one.dues) for who, one in end.states.items()}
    return evidence, end.members, sorted(transitions)


@pytest.mark.parametrize("first", [0, 1])
def test_two_who_decide_the_same_customer_lose_nothing(first: int) -> None:
    with segment_cloud() as cloud:
        batches = two_batches(cloud)
        for batch in (batches[first], batches[1 - first]):
            assert cloud.segment(batch) is None
        expected = what_counts(end_of(cloud))

    for number in range(1, 8):
        with segment_cloud() as cloud:
            batches = two_batches(cloud)
            one, other = batches[first], batches[1 - first]
            with once_before_call(number, partial(cloud.segment, other)):
                assert cloud.segment(one) is None
            assert what_counts(end_of(cloud)) == expected, number


def test_a_timer_and_an_event_at_the_same_time_lose_nothing() -> None:
    for number in range(1, 8):
        with segment_cloud() as cloud:
            cloud.put_live(lately={"event": "bought", "within": {"last": "1h"}})
            cloud.store(happened("bought", at=cloud.now))
            cloud.settle()
            jane = cloud.customer_id(JANE)
            cloud.now += timedelta(hours=1, seconds=1)
            cloud.store(happened("bought", at=cloud.now))
            records = cloud.events.read()
            body = f'{{"storeId":"{STORE}","customerIds":["{jane}"]}}'
            with once_before_call(number, partial(cloud.segment, records)):
                assert cloud.due(body) == []
            cloud.settle()
            assert [one[0] for one in cloud.transitions("lately")] == [
                "entered",
                "exited",
                "entered",
            ]
            assert cloud.members("lately") == {jane: "2026-04-02T13:00:01Z"}
            cloud.check()


def test_a_worker_that_meets_a_state_on_newer_segments_reads_them_again(
    cloud: SegmentCloud,
) -> None:
    cloud.put_live(buyers=BUYERS)
    cloud.store(happened("bought"))
    cloud.settle()
    cloud.put_segment("viewers", VIEWERS)
    cloud.store(happened("viewed"))
    with another_worker():
        assert cloud.segment(cloud.events.read()) is None
    cloud.store(happened("bought"))
    assert cloud.segment(cloud.events.read()) is None

    jane = cloud.customer_id(JANE)
    assert cloud.states()[jane].generation == 2
    cloud.settle()
    assert cloud.members("buyers").keys() == cloud.members("viewers").keys() == {jane}
    cloud.check()


def test_a_worker_that_knows_newer_segments_than_the_state_catches_it_up(
    cloud: SegmentCloud,
) -> None:
    cloud.put_live(buyers=BUYERS)
    cloud.store(happened("viewed"), happened("bought"))
    cloud.settle()
    cloud.now += timedelta(seconds=1)
    cloud.put_segment("viewers", VIEWERS)
    cloud.store(happened("bought"))
    with another_worker():
        assert cloud.segment(cloud.events.read()) is None

    cloud.settle()
    assert cloud.members("viewers").keys() == {cloud.customer_id(JANE)}
    ((kind, _, _, cause),) = cloud.transitions("viewers")
    assert (kind, cause) == ("entered", "definition")


def test_what_a_worker_leaves_out_that_does_not_know_a_segment_yet_is_found_all_the_same(
    cloud: SegmentCloud,
) -> None:
    """Another worker has decided the customer on that segment, before the event happened."""
    cloud.put_live(buyers={"event": "bought"})
    cloud.store(happened("bought"), happened("bought", JOHN))
    cloud.settle()
    cloud.put_segment("viewers", VIEWERS)
    cloud.put_segment("gold", GOLD)
    cloud.store(happened("bought"))
    with another_worker():
        assert cloud.segment(cloud.events.read()) is None
    cloud.now += timedelta(seconds=1)
    cloud.store(happened("viewed", at=cloud.now, profile={"customFields.tier": "Gold"}))
    for stream in (cloud.events, cloud.customers):
        assert cloud.segment(stream.read()) is None

    cloud.pass_time(timedelta(minutes=1))

    assert not cloud.is_building()
    jane = cloud.customer_id(JANE)
    assert cloud.members("viewers").keys() == cloud.members("gold").keys() == {jane}
    cloud.check()
