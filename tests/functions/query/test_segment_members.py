"""Who is in a segment, page by page through its sixteen partitions."""

from base64 import urlsafe_b64encode
from itertools import chain

import pytest

from footfall.aws.clients import dynamodb
from footfall.aws.items import to_item
from footfall.domain.identifiers import customer_id_for
from footfall.http.routes import DELETE_SEGMENT, LIST_SEGMENT_CUSTOMERS, PUT_SEGMENT
from footfall.settings import Setting
from tests.builders import STORE
from tests.functions.query.calls import Answer, Caller

CALLER = Caller()
SINCE = "2026-04-02T12:00:00.123456Z"


def put(segment_id: str, store_id: str = STORE) -> None:
    body = {"name": "x", "definition": {"event": "bought"}}
    Caller(store_id).call(PUT_SEGMENT, body=body, segmentId=segment_id)


def enter(segment_id: str, *customer_ids: str, store_id: str = STORE) -> None:
    for customer_id in customer_ids:
        partition = f"{store_id}#{segment_id}#{int(customer_id[0], 16)}"
        for sort_key, attribute, value in (
            (customer_id, "since", SINCE),
            ("#count", "members", 1),
        ):
            dynamodb().put_item(
                TableName=Setting.MEMBERS_TABLE,
                Item=to_item({"pk": partition, "sk": sort_key, attribute: value}),
            )


def members(segment_id: str, token: str | None = None) -> Answer:
    headers = {} if token is None else {"X-Page-Continue": token}
    return CALLER.call(LIST_SEGMENT_CUSTOMERS, headers=headers, segmentId=segment_id)


def customer(number: int) -> str:
    return customer_id_for(STORE, str(number))


def test_a_member_is_shown_with_the_instant_since_when() -> None:
    put("a")
    enter("a", customer(1))
    assert members("a").body == {"customers": [{"id": customer(1), "since": SINCE}]}


def test_a_segment_without_members() -> None:
    put("a")
    answer = members("a")
    assert (answer.status, answer.body) == (200, {"customers": []})
    assert "X-Page-Next" not in answer.headers


@pytest.mark.parametrize("size", [1, 2, 3, 19, 20, 21, 500])
def test_pages_walk_every_member_once_in_order(size: int) -> None:
    mine = sorted(customer(number) for number in range(20))
    put("a")
    put("b")
    put("a", "store-b")
    enter("a", *mine)
    enter("b", *(customer(number) for number in range(20, 30)))
    enter("a", *(customer(number) for number in range(30, 40)), store_id="store-b")

    pages = list(CALLER.pages(LIST_SEGMENT_CUSTOMERS, "customers", size=size, segmentId="a"))

    assert [one["id"] for one in chain.from_iterable(pages)] == mine
    assert all(len(page) == size for page in pages[:-1])
    assert all(pages)


@pytest.mark.parametrize(
    "after",
    ["#count", "g", "0#", f"{STORE}#b#0", "0" * 65, "F", "00\n", "\N{ARABIC-INDIC DIGIT ONE}", " "],
)
def test_a_token_reaches_nothing_but_members(after: str) -> None:
    put("a")
    enter("a", customer(1))
    assert members("a", urlsafe_b64encode(after.encode()).decode()).status == 400


def test_a_token_of_another_segment_stays_in_this_one() -> None:
    put("a")
    put("b")
    enter("a", *(customer(number) for number in range(5)))
    enter("b", *(customer(number) for number in range(5, 50)))
    token = members("b").headers["X-Page-Next"]
    mine = {customer(number) for number in range(5)}
    assert {one["id"] for one in members("a", token).body["customers"]} <= mine


def test_who_is_in_a_segment_that_is_not_there_is_not_found() -> None:
    assert members("a").status == 404
    put("a")
    enter("a", customer(1))
    CALLER.call(DELETE_SEGMENT, segmentId="a")
    assert members("a").status == 404
    assert members("a b").status == 400
