from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from footfall.aws.members import settle_members
from footfall.errors import ConflictError, TransientError
from footfall.settings import Setting
from tests.aws_calls import Call, CarryOut, around_every_call, recorded_calls
from tests.builders import NOON
from tests.moto_cloud import all_items, moto_cloud

VIPS, OTHERS = "store#vip#1", "store#vip#2"
LATER = NOON + timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("footfall.aws.attempts.time", SimpleNamespace(sleep=lambda _: None))
    with moto_cloud():
        yield


def stored() -> dict[str, object]:
    return {
        f"{item['pk']} {item['sk']}": item["members"] if item["sk"] == "#count" else item["since"]
        for item in all_items(Setting.MEMBERS_TABLE)
    }


def operations(calls: list[Call]) -> list[str]:
    return [operation for operation, _ in calls]


def test_members_stand_with_their_count() -> None:
    settle_members({VIPS: {"1a": NOON, "1b": LATER, "1c": None}, OTHERS: {"2a": NOON}})

    assert stored() == {
        f"{VIPS} #count": 2,
        f"{VIPS} 1a": "2026-04-02T12:00:00Z",
        f"{VIPS} 1b": "2026-04-02T12:00:01Z",
        f"{OTHERS} #count": 1,
        f"{OTHERS} 2a": "2026-04-02T12:00:00Z",
    }


def test_what_is_so_already_is_not_written() -> None:
    wanted = {VIPS: {"1a": NOON, "1b": None}}
    settle_members(wanted)
    with recorded_calls() as calls:
        settle_members(wanted)

    assert operations(calls) == ["BatchGetItem"]


def test_nobody_to_settle_is_no_call() -> None:
    with recorded_calls() as calls:
        settle_members({})
    assert calls == []


def test_one_who_comes_and_one_who_goes_leave_the_count_alone() -> None:
    settle_members({VIPS: {"1a": NOON}})
    with recorded_calls() as calls:
        settle_members({VIPS: {"1a": None, "1b": NOON}})

    assert stored() == {f"{VIPS} #count": 1, f"{VIPS} 1b": "2026-04-02T12:00:00Z"}
    (_, parameters) = calls[-1]
    assert [next(iter(one)) for one in parameters["TransactItems"]] == ["Delete", "Put"]


def test_another_since_is_no_other_member() -> None:
    settle_members({VIPS: {"1a": NOON}})
    settle_members({VIPS: {"1a": LATER}})

    assert stored() == {f"{VIPS} #count": 1, f"{VIPS} 1a": "2026-04-02T12:00:01Z"}


def test_no_transaction_holds_more_than_a_hundred_items() -> None:
    many = {f"1{n:03}": NOON for n in range(150)}
    few = {f"2{n:03}": NOON for n in range(60)}
    with recorded_calls() as calls:
        settle_members({VIPS: many, OTHERS: few})

    sizes = [len(parameters["TransactItems"]) for name, parameters in calls if "Trans" in name]
    assert sizes == [100, 52, 61]
    assert operations(calls).count("BatchGetItem") == 3
    assert stored()[f"{VIPS} #count"] == 150
    assert stored()[f"{OTHERS} #count"] == 60


@pytest.mark.parametrize(
    ("before", "meanwhile", "wanted", "members"),
    [
        ({}, {"1a": NOON}, {"1a": NOON}, 1),
        ({}, {"1a": LATER}, {"1a": NOON, "1b": NOON}, 2),
        ({}, {"1c": NOON}, {"1a": NOON}, 2),
        ({"1a": NOON}, {"1a": None}, {"1a": None}, 0),
        ({"1a": NOON}, {"1a": None}, {"1a": LATER}, 1),
        ({"1a": NOON}, {"1a": NOON + timedelta(days=1)}, {"1a": LATER}, 1),
    ],
)
def test_who_was_faster_is_counted_once(
    before: dict[str, Any], meanwhile: dict[str, Any], wanted: dict[str, Any], members: int
) -> None:
    settle_members({VIPS: before, OTHERS: {"2a": NOON}})
    was_in_the_way = False

    def get_in_the_way(carry_out: CarryOut, call: Call) -> object:
        nonlocal was_in_the_way
        if call[0] == "TransactWriteItems" and not was_in_the_way:
            was_in_the_way = True
            settle_members({VIPS: meanwhile})
        return carry_out()

    with around_every_call(get_in_the_way):
        settle_members({VIPS: wanted, OTHERS: {"2a": None}})

    found = stored()
    assert found.pop(f"{VIPS} #count") == members
    assert found.pop(f"{OTHERS} #count") == 0
    standing = {**before, **meanwhile, **wanted}
    assert set(found) == {f"{VIPS} {one}" for one, since in standing.items() if since}
    for customer_id, since in wanted.items():
        expected = since and since.isoformat().replace("+00:00", "Z")
        assert found.get(f"{VIPS} {customer_id}") == expected


def test_partitions_that_collide_are_settled_one_by_one() -> None:
    transactions: list[int] = []

    def refuse_the_large(carry_out: CarryOut, call: Call) -> object:
        operation, parameters = call
        if operation == "TransactWriteItems":
            transactions.append(len(parameters["TransactItems"]))
            if transactions[-1] > 2:
                raise ClientError({"Error": {"Code": "TransactionCanceledException"}}, operation)
        return carry_out()

    with around_every_call(refuse_the_large):
        settle_members({VIPS: {"1a": NOON}, OTHERS: {"2a": NOON}})

    assert transactions == [4, 2, 2]
    assert stored()[f"{VIPS} #count"] == stored()[f"{OTHERS} #count"] == 1


def test_others_that_are_faster_for_ever_are_a_transient_error() -> None:
    def refuse(carry_out: CarryOut, call: Call) -> object:
        if call[0] == "TransactWriteItems":
            raise ClientError({"Error": {"Code": "TransactionCanceledException"}}, call[0])
        return carry_out()

    with around_every_call(refuse), pytest.raises(ConflictError):
        settle_members({VIPS: {"1a": NOON}})
    assert stored() == {}


def test_keys_that_are_left_unprocessed_are_read_again() -> None:
    settle_members({VIPS: {"1a": NOON, "1b": NOON}})

    def leave_one(carry_out: CarryOut, call: Call) -> object:
        operation, parameters = call
        if operation != "BatchGetItem":
            return carry_out()
        request = parameters["RequestItems"]["MEMBERS_TABLE"]
        first, *rest = request["Keys"]
        request["Keys"] = [first]
        response: Any = carry_out()
        if rest:
            response["UnprocessedKeys"] = {"MEMBERS_TABLE": {**request, "Keys": rest}}
        return response

    with around_every_call(leave_one):
        settle_members({VIPS: {"1a": None, "1b": LATER}})
    assert stored() == {f"{VIPS} #count": 1, f"{VIPS} 1b": "2026-04-02T12:00:01Z"}


def test_keys_that_stay_unprocessed_are_a_transient_error() -> None:
    def leave_all(_carry_out: CarryOut, call: Call) -> object:
        return {"Responses": {}, "UnprocessedKeys": call[1]["RequestItems"]}

    with around_every_call(leave_all), pytest.raises(TransientError):
        settle_members({VIPS: {"1a": NOON}})
