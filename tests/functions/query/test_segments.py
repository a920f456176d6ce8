"""Segments over HTTP: stored as they were sent, shown with their state, refused with reasons."""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import chain
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footfall.aws.clients import dynamodb, sqs
from footfall.aws.items import to_item
from footfall.domain.strict_json import dump_indented_json, parse_json
from footfall.http.routes import DELETE_SEGMENT, GET_SEGMENT, LIST_SEGMENTS, PUT_SEGMENT
from footfall.settings import Setting, read_setting
from query.handler import handler
from tests.aws_calls import Killed, recorded_calls
from tests.builders import STORE
from tests.definition_documents import DEFINITIONS, shuffled
from tests.functions.query.calls import Answer, Caller
from tests.moto_cloud import all_items
from tests.proxy_events import json_of, proxy_event

CALLER = Caller()
BOUGHT = {"event": "bought"}
BIG_SPENDERS = {
    "name": "Recent big spenders, not refunded",
    "definition": {
        "all": [
            {
                "event": "purchase_completed",
                "count": {"gte": 2},
                "within": {"last": "30d"},
                "where": {"property": "value", "op": "gt", "value": Decimal("99.90")},
            },
            {"not": {"event": "refund_requested", "within": {"last": "30d"}}},
            {"attribute": "customFields.Loyalty Tier", "op": "eq", "value": "Gold"},
        ]
    },
}


@pytest.fixture(autouse=True)
def _no_delay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("footfall.aws.backfill_queue.DELAY_SECONDS", 0)


def put(segment_id: str, definition: object = BOUGHT, name: object = "x") -> Answer:
    body = {"name": name, "definition": definition}
    return CALLER.call(PUT_SEGMENT, body=body, segmentId=segment_id)


def get(segment_id: str) -> Answer:
    return CALLER.call(GET_SEGMENT, segmentId=segment_id)


def delete(segment_id: str) -> Answer:
    return CALLER.call(DELETE_SEGMENT, segmentId=segment_id)


def faults(answer: Answer) -> list[str]:
    assert answer.status == 400, answer
    return [fault["pointer"] for fault in answer.body["errors"]]


def backfills() -> list[object]:
    """Return what the back-fill queue was sent, and empty it."""
    url = read_setting(Setting.BACKFILL_QUEUE_URL)
    bodies: list[object] = []
    while found := sqs().receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        bodies += [parse_json(message["Body"]) for message in found]
    return bodies


def walk_of(segment_id: str, number: int, generation: int) -> Mapping[str, object]:
    return {
        "storeId": STORE,
        "segmentId": segment_id,
        "number": number,
        "generation": generation,
        "shard": None,
    }


def count_members(segment_id: str, *counts: int) -> None:
    for shard, count in enumerate(counts):
        item = {"pk": f"{STORE}#{segment_id}#{shard}", "sk": "#count", "members": count}
        dynamodb().put_item(TableName=Setting.MEMBERS_TABLE, Item=to_item(item))


def walk_ends(segment_id: str) -> None:
    key = to_item({"pk": STORE, "sk": segment_id})
    dynamodb().update_item(
        TableName=Setting.SEGMENTS_TABLE, Key=key, UpdateExpression="REMOVE building"
    )


def test_a_new_segment_is_shown_as_it_was_sent() -> None:
    answer = CALLER.call(PUT_SEGMENT, body=BIG_SPENDERS, segmentId="big_spenders-1")

    assert answer.status == 201
    assert answer.body == {
        **BIG_SPENDERS,
        "id": "big_spenders-1",
        "status": "building",
        "progress": {"done": 0, "total": None},
        "version": answer.body["version"],
        "memberCount": 0,
        "createdAt": answer.body["createdAt"],
        "updatedAt": answer.body["createdAt"],
    }
    assert get("big_spenders-1") == Answer(200, answer.headers, answer.body)


def test_a_segment_that_was_walked_is_live_and_counts_its_members() -> None:
    put("a")
    walk_ends("a")
    count_members("a", *range(16))
    count_members("another", 7)

    document = get("a").body
    assert document["status"] == "live"
    assert "progress" not in document
    assert document["memberCount"] == sum(range(16))


def test_a_change_has_a_new_version_and_builds_again() -> None:
    first = put("a").body
    walk_ends("a")

    answer = put("a", {"not": BOUGHT}, name="y")

    assert answer.status == 200
    assert answer.body["version"] != first["version"]
    assert (answer.body["status"], answer.body["name"]) == ("building", "y")
    assert answer.body["createdAt"] == first["createdAt"] < answer.body["updatedAt"]
    assert put("a").body["version"] == first["version"]


def test_another_name_leaves_the_segment_live() -> None:
    first = put("a").body
    walk_ends("a")
    backfills()

    answer = put("a", name="y")

    assert answer.status == 200
    assert (answer.body["status"], answer.body["version"]) == ("live", first["version"])
    assert first["updatedAt"] < answer.body["updatedAt"]
    assert backfills() == []


@settings(max_examples=100)
@given(definition=DEFINITIONS, chance=st.randoms(use_true_random=False))
def test_any_definition_comes_back_and_is_known_in_any_layout(
    definition: Mapping[str, Any], chance: Random
) -> None:
    stored = put("any", definition)
    assert stored.status in {200, 201}, stored.body
    assert get("any").body["definition"] == definition
    before = all_items(Setting.SEGMENTS_TABLE)

    body = {"definition": shuffled(definition, chance), "name": "x"}
    text = _escaped(dump_indented_json(body))
    response = handler(proxy_event(PUT_SEGMENT, text, segmentId="any"), None)

    assert response["statusCode"] == 200
    assert json_of(response)["version"] == stored.body["version"]
    assert all_items(Setting.SEGMENTS_TABLE) == before


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ([], [""]),
        ({}, ["/name", "/definition"]),
        ({"name": "", "definition": BOUGHT}, ["/name"]),
        ({"name": "n" * 256, "definition": BOUGHT}, ["/name"]),
        ({"name": 5, "definition": None}, ["/name", "/definition"]),
        ({"name": "x", "definition": BOUGHT, "id": "a"}, ["/id"]),
        ({"name": "x", "definition": {"event": "a", "coun": 1}}, ["/definition/coun"]),
        (
            {"definition": {"all": [{"event": ""}, {"any": []}, {"sum": 1}]}, "a~/b": 1},
            [
                "/name",
                "/a~0~1b",
                "/definition/all/0/event",
                "/definition/all/1/any",
                "/definition/all/2",
            ],
        ),
        ({"name": "x", "definition": {"segment": "a"}}, ["/definition/segment"]),
        ({"name": "x", "definition": {"all": [BOUGHT] * 51}}, ["/definition/all"]),
        ({"name": "x", "definition": {"any": [{"all": [BOUGHT] * 26}] * 4}}, ["/definition"]),
        (
            {"name": "x", "definition": {"not": {"any": [{"segment": "b"}, {"segment": "lost"}]}}},
            ["/definition/not/any/1/segment"],
        ),
        (
            {"name": "x", "definition": {"attribute": "email", "op": "eq", "value": "e" * 200_000}},
            ["/definition"],
        ),
    ],
    ids=lambda value: str(value)[:60],
)
def test_every_fault_of_the_body_is_named(body: object, pointers: Sequence[str]) -> None:
    put("b")
    backfills()
    before = all_items(Setting.SEGMENTS_TABLE)

    assert sorted(faults(CALLER.call(PUT_SEGMENT, body=body, segmentId="a"))) == sorted(pointers)
    assert all_items(Setting.SEGMENTS_TABLE) == before
    assert backfills() == []


def test_references_that_are_too_much_are_faults_of_the_definition() -> None:
    put("fifty", {"any": [BOUGHT] * 50})
    put("a")
    put("b", {"any": [{"segment": "a"}] * 20})

    assert faults(put("c", {"any": [{"segment": "fifty"}] * 21})) == ["/definition"]
    assert faults(put("a", {"any": [{"segment": "fifty"}] * 2})) == ["/definition"]
    assert faults(put("a", {"not": {"segment": "b"}})) == ["/definition/not/segment"]


@pytest.mark.parametrize("segment_id", ["a b", "é", "a" * 65, "a/b", "a\n", "#generation", "."])
def test_an_id_that_is_none_is_refused(segment_id: str) -> None:
    for answer in (put(segment_id), get(segment_id), delete(segment_id)):
        assert answer.status == 400
        assert "`segmentId`" in answer.body["detail"]
    assert all_items(Setting.SEGMENTS_TABLE) == []


def test_a_segment_that_was_never_stored_is_not_found() -> None:
    assert get("a").status == 404
    assert delete("a").status == 404


def test_a_deleted_segment_is_no_longer_shown() -> None:
    put("a")
    put("b")

    assert delete("a") == Answer(204, {}, {})

    assert get("a").status == 404
    assert [one["id"] for one in CALLER.call(LIST_SEGMENTS).body["segments"]] == ["b"]
    assert faults(put("b", {"segment": "a"})) == ["/definition/segment"]
    refused = put("a")
    assert refused.status == 409
    assert "is being deleted" in refused.body["detail"]
    assert delete("a").status == 204


def test_a_segment_that_another_refers_to_is_not_deleted() -> None:
    put("a")
    put("b", {"not": {"segment": "a"}})

    refused = delete("a")

    assert refused.status == 409
    assert "`b`" in refused.body["detail"]
    assert get("a").status == 200
    assert delete("b").status == 204
    assert delete("a").status == 204


def test_every_change_asks_for_a_walk() -> None:
    put("a")
    put("b", {"segment": "a"})
    put("a", {"not": BOUGHT})
    delete("b")
    assert backfills() == [
        walk_of("a", 1, 1),
        walk_of("b", 2, 2),
        walk_of("a", 1, 3),
        walk_of("b", 2, 4),
    ]


def test_repeating_asks_for_the_walk_until_it_has_ended() -> None:
    put("a")
    backfills()
    put("a")
    assert backfills() == [walk_of("a", 1, 1)]
    walk_ends("a")
    put("a")
    assert backfills() == []
    delete("a")
    delete("a")
    assert backfills() == [walk_of("a", 1, 2)] * 2


def test_a_put_that_died_can_be_repeated() -> None:
    with recorded_calls() as calls:
        put("whole")
    for die_after in range(1, len(calls) + 1):
        backfills()
        segment_id = f"s{die_after}"
        with pytest.raises(Killed), recorded_calls(die_after=die_after):
            put(segment_id)
        assert put(segment_id).status in {200, 201}
        document = get(segment_id).body
        assert {**document, "createdAt": "", "updatedAt": "", "id": ""} == {
            **get("whole").body,
            "createdAt": "",
            "updatedAt": "",
            "id": "",
        }
        assert backfills()[-1] == walk_of(segment_id, die_after + 1, die_after + 1)


def test_a_deletion_that_died_can_be_repeated() -> None:
    put("whole")
    with recorded_calls() as calls:
        delete("whole")
    for die_after in range(1, len(calls) + 1):
        segment_id = f"s{die_after}"
        put(segment_id)
        backfills()
        with pytest.raises(Killed), recorded_calls(die_after=die_after):
            delete(segment_id)
        assert delete(segment_id).status == 204
        assert get(segment_id).status == 404
        number = 1 + 2 * die_after
        assert backfills()[-1] == walk_of(segment_id, number, number + 1)


@pytest.mark.parametrize("size", [1, 2, 3, 4, 500])
def test_pages_walk_every_segment_once_in_order(size: int) -> None:
    ids = ["A", "a-1", "b"]
    for number, segment_id in enumerate(reversed(ids)):
        put(segment_id)
        Caller("store-b").call(
            PUT_SEGMENT, body={"name": "x", "definition": BOUGHT}, segmentId=f"{segment_id}-b"
        )
        count_members(segment_id, 1, number)

    pages = list(CALLER.pages(LIST_SEGMENTS, "segments", size=size))

    shown = list(chain.from_iterable(pages))
    assert all(pages)
    assert [one["id"] for one in shown] == ids
    assert [one["memberCount"] for one in shown] == [3, 2, 1]
    assert shown == [get(segment_id).body for segment_id in ids]


def test_many_counts_are_read_in_few_calls() -> None:
    for number in range(20):
        put(f"s{number}")
    with recorded_calls() as calls:
        CALLER.call(LIST_SEGMENTS)
    assert [operation for operation, _ in calls] == ["Query", *["BatchGetItem"] * 4]


@pytest.mark.parametrize("token", ["", "!", "I2dlbmVyYXRpb24", "YSBi"])
def test_a_token_that_leads_nowhere_is_refused(token: str) -> None:
    answer = CALLER.call(LIST_SEGMENTS, headers={"X-Page-Continue": token})
    assert answer.status == 400


def _escaped(text: str) -> str:
    return "".join(one if one.isascii() else json.dumps(one)[1:-1] for one in text)
