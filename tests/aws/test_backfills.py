"""How far a walk is: written by whoever is at that place, and by nobody who is behind."""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from functools import partial

import pytest

from footfall.aws.backfills import (
    BEGINNING,
    Place,
    Walk,
    begin,
    count_customers,
    customers_after,
    finish,
    move,
    read_progress,
    running_walks,
)
from footfall.aws.segment_changes import delete_segment, put_segment, remove_segment
from footfall.aws.segments import read_generation, read_segment
from footfall.errors import ConflictError
from footfall.segments.reading import read_definition
from tests.builders import NOON, STORE
from tests.moto_cloud import moto_cloud
from tests.segment_cloud import put_customers

LATER = NOON + timedelta(minutes=1)
SOME = Place(done=50, after="4f0c1d2e3a4b5c6d7e8f9a0b")


@pytest.fixture(autouse=True)
def _cloud() -> Iterator[None]:
    with moto_cloud():
        yield


def put(segment_id: str = "vip", event: str = "bought") -> Walk:
    stored, _ = put_segment(STORE, segment_id, "A name", read_definition({"event": event}), NOON)
    return Walk(STORE, segment_id, stored.segment.number, stored.segment.generation)


def delete(segment_id: str = "vip") -> Walk:
    going = delete_segment(STORE, segment_id, NOON)
    assert going is not None
    return Walk(STORE, segment_id, going.segment.number, going.segment.generation)


def places(walk: Walk) -> dict[int, Place]:
    progress = read_progress(walk)
    assert progress is not None
    return dict(progress.places)


def test_a_walk_begins_once() -> None:
    walk = put()
    begin(walk, 120, LATER)
    with pytest.raises(ConflictError):
        begin(walk, 121, LATER)

    progress = read_progress(walk)
    assert progress is not None
    assert (progress.total, progress.places) == (120, {})
    assert not progress.is_deletion


def test_of_two_walkers_at_the_same_place_one_goes_on() -> None:
    walk = put()
    begin(walk, 120, NOON)
    move(walk, 4, BEGINNING, SOME, LATER)
    with pytest.raises(ConflictError):
        move(walk, 4, BEGINNING, Place(10, "other"), LATER)
    following = Place(90, "5", is_finished=True)
    move(walk, 4, SOME, following, LATER)
    with pytest.raises(ConflictError):
        move(walk, 4, SOME, Place(100, "6"), LATER)
    move(walk, 5, BEGINNING, SOME, LATER)

    assert places(walk) == {4: following, 5: SOME}


def test_an_edit_takes_the_place_of_a_walk() -> None:
    old = put()
    begin(old, 120, NOON)
    new = put(event="viewed")

    assert read_progress(old) is None
    outdated: Sequence[Callable[[], None]] = (
        partial(begin, old, 1, NOON),
        partial(move, old, 1, BEGINNING, SOME, NOON),
        partial(finish, old),
        partial(remove_segment, old.store_id, old.segment_id, old.generation),
    )
    for write in outdated:
        with pytest.raises(ConflictError):
            write()
    begin(new, 3, NOON)
    assert places(new) == {}


def test_a_finished_walk_is_over() -> None:
    walk = put()
    begin(walk, 120, NOON)
    assert [one for one, _ in running_walks()] == [walk]
    finish(walk)

    assert (read_progress(walk), running_walks()) == (None, [])
    stored = read_segment(STORE, "vip")
    assert stored is not None
    assert stored.building is None
    with pytest.raises(ConflictError):
        finish(walk)


def test_a_segment_that_everybody_has_left_goes_as_a_change_of_its_store() -> None:
    put()
    walk = delete()
    begin(walk, 0, NOON)
    remove_segment(walk.store_id, walk.segment_id, walk.generation)

    assert read_segment(STORE, "vip") is None
    assert read_generation(STORE) == 3
    with pytest.raises(ConflictError):
        remove_segment(walk.store_id, walk.segment_id, walk.generation)
    assert read_generation(STORE) == 3


def test_the_walks_of_all_stores_are_found_each_with_when_it_got_on() -> None:
    first, second = put("vip"), put("new")
    begin(first, 1, NOON)
    move(first, 0, BEGINNING, SOME, LATER)

    assert sorted(running_walks(), key=lambda one: one[1]) == [(second, NOON), (first, LATER)]


def test_customers_are_walked_in_order_and_counted() -> None:
    people = [f"{shard:x}{number:023x}" for shard in (0, 7, 15) for number in range(7)]
    put_customers(people)

    assert count_customers(STORE) == 21
    assert count_customers("another") == 0
    first = customers_after(STORE, 7, None, 4)
    assert first == people[7:11]
    assert customers_after(STORE, 7, first[-1], 4) == people[11:14]
    assert customers_after(STORE, 7, people[13], 4) == []
    assert customers_after(STORE, 8, None, 4) == []
