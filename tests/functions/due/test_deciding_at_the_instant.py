"""Who is due is decided at the very second, nobody else is; and messages may come as they like."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from footfall.domain.timestamps import format_timestamp, parse_timestamp
from footfall.settings import Setting
from tests.aws_calls import Call, CarryOut, around_every_call
from tests.builders import JANE, NOON, STORE, email
from tests.segment_cloud import SegmentCloud, happened, segment_cloud, state_items
from tests.segments.naive import Document

JOHN = email("john@example.com")
LATELY: Document = {"event": "bought", "within": {"last": "1h"}}
WINDOW = timedelta(hours=1)


@pytest.fixture
def cloud() -> Iterator[SegmentCloud]:
    with segment_cloud() as cloud:
        cloud.put_live(lately=LATELY, idle={"not": LATELY})
        yield cloud


def body(*customer_ids: str) -> str:
    return json.dumps({"storeId": STORE, "customerIds": customer_ids})


def writes(cloud: SegmentCloud) -> int:
    return [operation for operation, _ in cloud.calls].count("PutItem")


@pytest.mark.parametrize("seconds", [0, 1, 17, 29, 30, 31, 59])
@pytest.mark.parametrize("microsecond", [0, 1, 999_999])
def test_an_exit_is_told_within_a_second_or_two_of_the_windows_end(
    seconds: int, microsecond: int, cloud: SegmentCloud
) -> None:
    at = NOON + timedelta(seconds=seconds, microseconds=microsecond)
    cloud.now = at
    cloud.store(happened("bought", at=at))
    cloud.settle()
    cloud.pass_time(2 * WINDOW)

    told = [one for kind, one in cloud.told if kind == "segment.exited"]
    ((left),) = [one for one in told if one["segmentId"] == "lately"]
    decided_at = parse_timestamp(left["at"])
    assert left["effectiveAt"] == format_timestamp(at + WINDOW)
    assert left["cause"] == "time"
    assert decided_at is not None
    assert timedelta(0) <= decided_at - (at + WINDOW) < timedelta(seconds=2)
    cloud.check()


def test_what_falls_due_before_a_sweep_can_find_it_is_decided_on_time(cloud: SegmentCloud) -> None:
    at = NOON - WINDOW + timedelta(seconds=5)
    cloud.store(happened("bought", at=at))
    cloud.settle()
    cloud.pass_time(timedelta(seconds=7), sweeps=False)

    assert [one[0] for one in cloud.transitions("lately")] == ["entered", "exited"]


def test_a_message_that_comes_too_early_or_again_or_for_nothing_writes_nothing(
    cloud: SegmentCloud,
) -> None:
    cloud.store(happened("bought", at=NOON), happened("bought", JOHN, at=NOON + WINDOW / 2))
    cloud.settle()
    jane, john = cloud.customer_id(JANE), cloud.customer_id(JOHN)
    cloud.calls.clear()
    assert cloud.due(body(jane, john, "f" * 24)) == []
    assert writes(cloud) == 0

    cloud.now = NOON + WINDOW
    assert cloud.due(body(jane, john)) == []
    before = state_items()
    assert writes(cloud) == 2
    assert cloud.due(body(jane, john), body(jane)) == []
    assert writes(cloud) == 2
    assert state_items() == before


def test_at_the_very_instant_it_is_due_and_not_before(cloud: SegmentCloud) -> None:
    cloud.store(happened("bought", at=NOON))
    cloud.settle()
    jane = cloud.customer_id(JANE)
    for now, expected in ((NOON + WINDOW - timedelta(microseconds=1), 0), (NOON + WINDOW, 1)):
        cloud.now = now
        cloud.calls.clear()
        cloud.due(body(jane))
        assert writes(cloud) == expected


def test_who_comes_late_tells_every_flip_in_its_order(cloud: SegmentCloud) -> None:
    cloud.store(happened("bought", at=NOON), happened("bought", at=NOON + 2 * WINDOW))
    cloud.settle()
    cloud.now = NOON + 9 * WINDOW
    cloud.due(body(cloud.customer_id(JANE)))
    cloud.settle()

    assert [one[0::2] for one in cloud.transitions("lately")] == [
        ("entered", "2026-04-02T12:00:00Z"),
        ("exited", "2026-04-02T13:00:00Z"),
        ("entered", "2026-04-02T14:00:00Z"),
        ("exited", "2026-04-02T15:00:00Z"),
    ]
    cloud.check()


def test_a_message_of_which_somebody_is_not_decided_comes_again(cloud: SegmentCloud) -> None:
    cloud.store(happened("bought", at=NOON), happened("bought", JOHN, at=NOON))
    cloud.settle()
    jane, john = cloud.customer_id(JANE), cloud.customer_id(JOHN)
    cloud.now = NOON + WINDOW
    messages = body(jane), body(john)

    def refuse(carry_out: CarryOut, call: Call) -> object:
        operation, parameters = call
        if operation == "PutItem" and parameters["Item"]["pk"]["S"].endswith(jane):
            raise ClientError({"Error": {"Code": "ThrottlingException"}}, operation)
        return carry_out()

    with around_every_call(refuse):
        assert cloud.due(*messages) == [body(jane)]
    assert cloud.due(body(jane)) == []
    cloud.settle()
    assert cloud.members("lately") == {}


@pytest.mark.parametrize("text", ["no JSON", "[]", '{"storeId":1,"customerIds":[]}'])
def test_a_message_that_is_none_is_left_out(
    text: str, cloud: SegmentCloud, caplog: pytest.LogCaptureFixture
) -> None:
    assert cloud.due(text) == []
    assert [record.levelname for record in caplog.records] == ["ERROR"]


def test_a_customer_with_a_date_at_the_end_of_time_blocks_nobody_of_the_message(
    cloud: SegmentCloud,
) -> None:
    cloud.put_segment(
        "near",
        {
            "any": [
                {
                    "all": [
                        {
                            "not": {
                                "attribute": "customFields.date",
                                "op": "within_last",
                                "value": "3650d",
                            }
                        },
                        LATELY,
                    ]
                },
                {"event": "never"},
            ]
        },
    )
    cloud.pass_time(timedelta(seconds=10))
    far: dict[str, Any] = {"customFields.date": "9999-12-31T23:59:59Z"}
    cloud.store(
        happened("bought", at=cloud.now, profile=far),
        happened("bought", JOHN, at=cloud.now),
    )
    cloud.settle()
    cloud.pass_time(2 * WINDOW)

    assert cloud.members("near") == {}
    cloud.check()


def test_the_due_queue_is_asked_once_for_each_whose_time_is_near(cloud: SegmentCloud) -> None:
    cloud.store(happened("bought", at=NOON - WINDOW + timedelta(seconds=30)))
    cloud.settle()
    (waiting,) = cloud.waiting[Setting.DUE_QUEUE_URL]

    assert json.loads(waiting.body) == {"storeId": STORE, "customerIds": [cloud.customer_id(JANE)]}
    assert waiting.ready_at == NOON + timedelta(seconds=31)
