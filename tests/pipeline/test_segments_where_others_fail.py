"""What users of other systems report that their segments get wrong, one by one."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.builders import JANE, NOON, email
from tests.segment_cloud import SegmentCloud, happened, segment_cloud, state_items
from tests.segments.naive import Document

JOHN = email("john@example.com")
BUYERS: Document = {"event": "bought"}
LAST_30_DAYS: Document = {"event": "bought", "within": {"last": "30d"}}


@pytest.fixture
def cloud() -> Iterator[SegmentCloud]:
    with segment_cloud() as cloud:
        yield cloud


def test_a_member_leaves_when_the_window_ends_to_the_second(cloud: SegmentCloud) -> None:
    cloud.put_live(lately=LAST_30_DAYS)
    cloud.now = NOON + timedelta(hours=3, seconds=17)
    cloud.store(happened("bought", at=cloud.now))
    cloud.settle()
    jane = cloud.customer_id(JANE)
    cloud.pass_time(timedelta(days=30) - timedelta(microseconds=1))
    assert cloud.members("lately").keys() == {jane}

    cloud.pass_time(timedelta(seconds=2))
    assert cloud.members("lately") == {}
    assert cloud.transitions("lately")[-1] == ("exited", jane, "2026-05-02T15:00:17Z", "time")


def test_a_new_customer_is_at_once_in_the_segments_that_only_say_not(cloud: SegmentCloud) -> None:
    never: Document = {"event": "bought", "count": {"eq": 0}}
    cloud.put_live(
        idle={"not": LAST_30_DAYS}, never=never, no_mail={"attribute": "email", "op": "not_exists"}
    )
    cloud.store(happened("seen", at=cloud.now, profile={"email": JANE.value}))
    cloud.settle()

    jane = cloud.customer_id(JANE)
    assert cloud.members("idle").keys() == cloud.members("never").keys() == {jane}
    assert cloud.members("no_mail") == {}
    cloud.check()


def test_who_never_did_anything_again_is_still_found_by_time(cloud: SegmentCloud) -> None:
    dormant: Document = {"all": [BUYERS, {"not": LAST_30_DAYS}]}
    cloud.put_live(dormant=dormant)
    cloud.store(happened("bought", at=NOON))
    cloud.settle()
    cloud.pass_time(timedelta(days=31))

    jane = cloud.customer_id(JANE)
    assert cloud.transitions("dormant") == [("entered", jane, "2026-05-02T12:00:00Z", "time")]


def test_the_same_event_thrice_counts_once(cloud: SegmentCloud) -> None:
    cloud.put_live(
        twice={"event": "bought", "count": {"gte": 2}},
        much={"event": "bought", "sum": {"of": "value", "gte": 100}, "within": {"last": "30d"}},
    )
    for _ in range(3):
        cloud.store(happened("bought", value=60, unique_id="order-1"))
        cloud.settle()
    assert (cloud.members("twice"), cloud.members("much")) == ({}, {})

    cloud.store(happened("bought", value=60, unique_id="order-2"))
    cloud.settle()
    assert cloud.members("twice").keys() == cloud.members("much").keys() != set()


def test_the_text_99_is_not_the_number_99(cloud: SegmentCloud) -> None:
    def costs(test: Document) -> Document:
        return {"event": "bought", "where": {"property": "data.price", **test}}

    cloud.put_live(
        number=costs({"op": "eq", "value": 99}),
        text=costs({"op": "eq", "value": "99"}),
        more=costs({"op": "gt", "value": 9}),
        sum_of={"event": "bought", "sum": {"of": "data.price", "gte": 1}},
    )
    cloud.store(
        happened("bought", JANE, data={"price": "99"}), happened("bought", JOHN, data={"price": 99})
    )
    cloud.settle()

    jane, john = cloud.customer_id(JANE), cloud.customer_id(JOHN)
    assert cloud.members("text").keys() == {jane}
    for segment_id in ("number", "more", "sum_of"):
        assert cloud.members(segment_id).keys() == {john}


def test_an_event_of_the_future_counts_when_its_time_has_come(cloud: SegmentCloud) -> None:
    cloud.put_live(lately={"event": "bought", "within": {"last": "1h"}}, buyers=BUYERS)
    at = NOON + timedelta(days=2)
    cloud.store(happened("bought", at=at, received=NOON))
    cloud.settle()
    jane = cloud.customer_id(JANE)
    cloud.pass_time(timedelta(days=2) - timedelta(microseconds=1))
    assert cloud.told == []

    cloud.pass_time(timedelta(hours=2))
    assert [one[:3] for one in cloud.transitions("lately")] == [
        ("entered", jane, "2026-04-04T12:00:00Z"),
        ("exited", jane, "2026-04-04T13:00:00Z"),
    ]
    assert cloud.members("buyers") == {jane: "2026-04-04T12:00:00Z"}
    cloud.check()


def test_an_import_of_years_ago_counts_where_it_belongs(cloud: SegmentCloud) -> None:
    cloud.put_live(
        lately=LAST_30_DAYS,
        thrice={"event": "bought", "count": {"gte": 3}},
        in_2020={
            **BUYERS,
            "within": {"from": "2020-01-01T00:00:00Z", "to": "2021-01-01T00:00:00Z"},
        },
        spent={"event": "bought", "sum": {"of": "value", "gte": 30}},
    )
    cloud.store(happened("bought", at=NOON, value=10))
    cloud.settle()
    years_ago = [NOON.replace(year=year) for year in (2020, 2019)]
    cloud.store(*(happened("bought", at=at, received=NOON, value=10) for at in years_ago))
    cloud.settle()

    jane = cloud.customer_id(JANE)
    for segment_id in ("lately", "thrice", "in_2020", "spent"):
        assert cloud.members(segment_id).keys() == {jane}
    cloud.pass_time(timedelta(days=31))
    assert cloud.members("lately") == {}
    assert cloud.members("in_2020").keys() == {jane}
    cloud.check()


def test_a_segment_without_a_single_customer_becomes_live(cloud: SegmentCloud) -> None:
    cloud.store(happened("seen"))
    cloud.settle()
    cloud.put_segment("nobody", BUYERS)
    cloud.pass_time(timedelta(seconds=10))

    assert not cloud.is_building()
    assert cloud.members("nobody") == {}


def test_an_edited_segment_has_other_people(cloud: SegmentCloud) -> None:
    cloud.store(happened("bought"), happened("seen", JOHN))
    cloud.settle()
    cloud.put_segment("some", BUYERS)
    cloud.pass_time(timedelta(seconds=10))
    jane, john = cloud.customer_id(JANE), cloud.customer_id(JOHN)
    assert cloud.members("some").keys() == {jane}

    cloud.put_segment("some", {"event": "seen"})
    cloud.pass_time(timedelta(seconds=10))
    assert cloud.members("some").keys() == {john}
    cloud.check()


def test_a_walk_does_not_forget_what_happens_while_it_walks(cloud: SegmentCloud) -> None:
    cloud.store(happened("bought"))
    cloud.settle()
    cloud.put_segment("twice", {"event": "bought", "count": {"gte": 2}})
    cloud.store(happened("bought", at=cloud.now))
    cloud.pass_time(timedelta(seconds=10))

    assert len(cloud.members("twice")) == 1
    cloud.check()


def test_a_membership_wakes_nobody(cloud: SegmentCloud) -> None:
    cloud.put_live(buyers=BUYERS, those={"segment": "buyers"})
    cloud.store(happened("bought"))
    cloud.settle()

    (item,) = state_items()
    assert item["version"]["N"] == "1"
    assert cloud.members("buyers").keys() == cloud.members("those").keys() != set()


def test_an_event_that_is_not_the_newest_changes_the_past(cloud: SegmentCloud) -> None:
    cloud.put_live(lately={"event": "bought", "count": {"eq": 1}, "within": {"last": "30d"}})
    cloud.store(happened("bought", at=NOON))
    cloud.settle()
    cloud.store(happened("bought", at=NOON - timedelta(days=10), received=NOON))
    cloud.settle()
    assert cloud.members("lately") == {}

    cloud.pass_time(timedelta(days=21))
    assert len(cloud.members("lately")) == 1
    cloud.pass_time(timedelta(days=10))
    assert cloud.members("lately") == {}
    cloud.check()
