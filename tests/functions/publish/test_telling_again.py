"""Whatever a crash interrupts, and however the stream is cut: members and counts end the same.

And the bus hears of every transition, each time under the same id.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footfall.domain.timestamps import format_timestamp, from_microseconds
from footfall.invocations import StreamRecord
from footfall.segments.transitions import Transition, from_text, transition_id
from tests.aws_calls import Call, Killed, recorded_calls
from tests.functions.publish.stream import (
    Membership,
    counts,
    customer,
    deliver,
    details,
    enters,
    exits,
    members,
    record,
)
from tests.moto_cloud import moto_cloud


@pytest.fixture(autouse=True)
def _no_pauses_and_small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("footfall.aws.attempts.time.sleep", lambda _: None)
    monkeypatch.setattr("publish.handler.SLICE_TRANSITIONS", 20)


@dataclass(frozen=True)
class World:
    """What is to be seen in the end."""

    members: dict[Membership, str]
    counts: dict[str, int]
    ids: frozenset[str]


def seen(calls: Sequence[Call]) -> World:
    return World(members(), counts(), frozenset(detail["id"] for detail in details(calls)))


def expected(records: Sequence[StreamRecord]) -> World:
    """Return what a plain reading of the transitions, one after the other, comes to."""
    standing: dict[Membership, str] = {}
    ids: set[str] = set()
    for one in records:
        image = one["dynamodb"]["NewImage"]
        store_id, customer_id = image["pk"]["S"].split("#")
        decided = from_text(image["transitions"]["S"])
        for place, transition in enumerate(decided.transitions):
            ids.add(transition_id(store_id, customer_id, decided, place))
            shard = int(customer_id[0], 16)
            membership = (f"{store_id}#{transition.segment_id}#{shard}", customer_id)
            if transition.entered:
                since = from_microseconds(transition.effective_at)
                standing[membership] = format_timestamp(since)
            else:
                del standing[membership]
    partitions = [partition for partition, _ in standing]
    return World(standing, {one: partitions.count(one) for one in partitions}, frozenset(ids))


def busy_batch() -> list[StreamRecord]:
    """Return a batch of several slices: entries, exits, and both of the same customer."""
    crowd = [record(n, customer(n), enters("vip", n), enters("new", n)) for n in range(1, 21)]
    leavers = [record(n, customer(n - 100), exits("vip", n)) for n in range(101, 113)]
    back = [record(n, customer(n - 200), enters("vip", n)) for n in range(201, 206)]
    return [*crowd, *leavers, *back]


def test_whichever_call_it_dies_after_all_ends_as_if_nothing_had_happened() -> None:
    batch = busy_batch()
    with moto_cloud():
        with recorded_calls() as undisturbed:
            assert deliver(batch) is None
        assert seen(undisturbed) == expected(batch)
    assert len(undisturbed) == 12

    for die_after in range(1, len(undisturbed) + 1):
        with moto_cloud():
            with pytest.raises(Killed), recorded_calls(die_after=die_after) as before:
                deliver(batch)
            with recorded_calls() as after:
                assert deliver(batch) is None
            assert seen([*before, *after]) == expected(batch), f"died after call {die_after}"


def test_a_batch_that_died_may_come_again_in_halves() -> None:
    batch = busy_batch()
    for die_after in (2, 6, 11):
        with moto_cloud():
            with pytest.raises(Killed), recorded_calls(die_after=die_after) as before:
                deliver(batch)
            with recorded_calls() as after:
                for start in range(0, len(batch), 10):
                    assert deliver(batch[start : start + 10]) is None
            assert seen([*before, *after]) == expected(batch)


@st.composite
def streams(draw: st.DrawFn) -> list[StreamRecord]:
    """Draw the records of a stream: entries and exits alternate by customer and segment."""
    inside: set[tuple[int, str]] = set()

    def flip(number: int, who: int, segment_id: str) -> Transition:
        inside.symmetric_difference_update({(who, segment_id)})
        return (enters if (who, segment_id) in inside else exits)(segment_id, number)

    written = st.tuples(
        st.integers(1, 4), st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=4)
    )
    return [
        record(number, customer(who), *(flip(number, who, segment) for segment in segments))
        for number, (who, segments) in enumerate(draw(st.lists(written, min_size=1, max_size=12)))
    ]


def deliveries(data: st.DataObject, records: Sequence[StreamRecord]) -> Iterator[list[Call]]:
    """Hand over the stream like Lambda: in order, in batches, again from where one did not end."""
    start = 0
    mishaps = data.draw(st.integers(0, 4))
    while start < len(records):
        end = data.draw(st.integers(start + 1, len(records)))
        die_after = data.draw(st.integers(1, 6)) if mishaps else None
        answered = False
        with recorded_calls(die_after=die_after) as calls:
            try:
                assert deliver(records[start:end]) is None
                answered = True
            except Killed:
                pass
        yield calls
        if answered and not (mishaps and data.draw(st.booleans())):
            start = end
        elif answered:  # the answer was lost, or an older batch comes again with what follows it
            start = data.draw(st.integers(0, start))
        mishaps = max(0, mishaps - 1)


@settings(max_examples=30)
@given(streams(), st.data())
def test_however_the_stream_is_cut_and_told_again(
    records: list[StreamRecord], data: st.DataObject
) -> None:
    with moto_cloud():
        calls = [call for made in deliveries(data, records) for call in made]
        assert seen(calls) == expected(records)
    whole = {detail["id"]: detail for detail in details(calls)}
    assert all(whole[detail["id"]] == detail for detail in details(calls))
