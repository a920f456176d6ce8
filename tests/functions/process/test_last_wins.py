"""Where the last event of a unique id counts, it stands alone, whatever came first or died."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from footfall.aws import clients
from footfall.aws.unique_ids import read_marker
from footfall.domain.events import Event
from footfall.domain.identifiers import Identifier
from footfall.domain.instructions import Merge
from footfall.domain.values import JsonValue, StatedValue
from footfall.settings import Setting
from tests.aws_calls import Call, CarryOut, Killed, around_every_call, recorded_calls, write_units
from tests.builders import JANE, NOON, STORE, deliver, email, last, message, purchase
from tests.moto_cloud import BUCKET, MAX_RECEIVES, all_items

pytestmark = pytest.mark.usefixtures("cloud")

JOHN = email("john@example.com")
LARGE = {"note": "x" * 90_000}


def _order(
    number: int,
    *identifiers: Identifier,
    minute: int | None = None,
    profile: Mapping[str, StatedValue] | None = None,
    data: Mapping[str, JsonValue] | None = None,
) -> Event:
    event = purchase(number, *identifiers, minute=minute, unique_id="order-1", data=data)
    return last(replace(event, profile={**event.profile, **(profile or {})}))


def _numbers() -> list[int]:
    """Return the numbers of the events that stand on a timeline."""
    return [int(str(item["sk"])[-12:]) for item in all_items(Setting.EVENTS_TABLE)]


def _first_names() -> list[Any]:
    """Return the field of each customer's first name, where there is one."""
    profiles: list[Any] = [item["profile"] for item in all_items(Setting.CUSTOMERS_TABLE)]
    return [one["fields"]["firstName"] for one in profiles if "firstName" in one["fields"]]


def _names() -> list[object]:
    """Return the first names of the customers that have one."""
    return [field["value"] for field in _first_names()]


def _bodies() -> int:
    return len(clients.s3().list_objects_v2(Bucket=BUCKET).get("Contents", []))


def test_the_event_accepted_last_replaces_those_before() -> None:
    for number, minute in ((1, 5), (2, 3), (3, 4)):
        assert deliver(message(_order(number, minute=minute))) == []

    assert _numbers() == [3]
    (marker,) = all_items(Setting.UNIQUE_IDS_TABLE)
    assert str(marker["event_id"])[-1] == "3"
    assert "replaces" not in marker


def test_an_event_that_comes_too_late_leaves_the_present_one_alone() -> None:
    deliver(message(_order(3)))
    assert deliver(message(_order(1), _order(2))) == []

    assert _numbers() == [3]


def test_of_two_in_one_message_the_last_stands() -> None:
    assert deliver(message(_order(1), _order(2), purchase(3))) == []

    assert sorted(_numbers()) == [2, 3]


def test_an_event_that_comes_again_is_stored_once() -> None:
    deliver(message(_order(1)))
    with recorded_calls() as calls:
        assert deliver(message(_order(1))) == []

    assert _numbers() == [1]
    assert ("PutItem", Setting.UNIQUE_IDS_TABLE) not in [
        (operation, parameters.get("TableName")) for operation, parameters in calls
    ]


def test_an_event_that_may_be_replaced_costs_five_write_units() -> None:
    deliver(message(purchase(1)))

    with recorded_calls() as calls:
        deliver(message(_order(2)))

    assert write_units(calls) == 5


def test_another_scope_or_store_has_unique_ids_of_its_own() -> None:
    deliver(message(purchase(1, unique_id="order-1")), message(_order(2)))
    deliver(message(last(purchase(3, unique_id="order-1", store_id="another-store"))))

    assert sorted(_numbers()) == [1, 2, 3]


def test_it_remembers_its_rule() -> None:
    deliver(message(_order(1)))

    (item,) = all_items(Setting.EVENTS_TABLE)
    assert (item["unique_scope"], item["unique_rule"]) == ("yotpo", "last")


def test_a_replaced_event_goes_from_the_timeline_of_another_customer() -> None:
    deliver(message(_order(1, JANE, profile={"firstName": "Jane"})))
    deliver(message(_order(2, JOHN, profile={"firstName": "John"})))

    assert _numbers() == [2]
    assert _names() == ["John"]


def test_what_held_before_a_replaced_event_holds_again() -> None:
    deliver(message(purchase(1, profile={"firstName": "Jane"})))
    deliver(message(_order(2, profile={"firstName": "Janet"})))
    assert _names() == ["Janet"]

    deliver(message(_order(3)))

    assert _names() == ["Jane"]
    assert _first_names()[0]["set_at"] == "2026-04-02T12:01:00Z"


def test_what_was_taken_away_by_a_replaced_event_is_there_again() -> None:
    deliver(message(purchase(1, profile={"firstName": "Jane"})))
    deliver(message(_order(2, profile={"firstName": None})))
    assert _names() == [None]

    deliver(message(_order(3)))

    assert _names() == ["Jane"]


def test_two_runs_of_a_value_are_one_when_what_parted_them_is_replaced() -> None:
    deliver(message(purchase(1, profile={"firstName": "Jane"})))
    deliver(message(purchase(3, profile={"firstName": "Jane"})))
    deliver(message(_order(4, minute=2, profile={"firstName": "Janet"})))

    deliver(message(_order(5)))

    (field,) = _first_names()
    assert (field["value"], field["set_at"]) == ("Jane", "2026-04-02T12:01:00Z")


def test_the_body_of_a_replaced_event_goes_too() -> None:
    deliver(message(_order(1, data=LARGE)))
    assert _bodies() == 1

    deliver(message(_order(2)))

    assert _bodies() == 0


def test_a_late_event_leaves_no_body() -> None:
    deliver(message(_order(2)))
    deliver(message(_order(1, data=LARGE)))

    assert _bodies() == 0


def test_an_event_that_is_overtaken_before_it_is_written_leaves_nothing() -> None:
    late = message(_order(1, JOHN, data=LARGE, profile={"firstName": "John"}))

    def overtake(carry_out: CarryOut, call: Call) -> object:
        if call[0] == "PutObject" and str(_order(1).event_id) in str(call[1]["Key"]):
            deliver(message(_order(2, JANE)))
        return carry_out()

    with around_every_call(overtake):
        assert deliver(late) == []

    assert _numbers() == [2]
    assert _bodies() == 0
    assert _names() == []


def test_a_body_that_a_crash_left_goes_when_its_event_comes_again() -> None:
    late = message(_order(1, JOHN, data=LARGE))

    def overtake_and_die(carry_out: CarryOut, call: Call) -> object:
        if call[0] != "PutObject":
            return carry_out()
        deliver(message(_order(2, JANE)))
        carry_out()
        raise Killed

    with pytest.raises(Killed), around_every_call(overtake_and_die):
        deliver(late)
    assert _bodies() == 1
    deliver(late)

    assert _bodies() == 0
    assert _numbers() == [2]


def test_a_reader_finds_one_of_them_at_any_time() -> None:
    deliver(message(_order(1)))
    seen: list[Sequence[int]] = []

    def look(carry_out: CarryOut, call: Call) -> object:
        answer = carry_out()
        if call[0] in {"PutItem", "TransactWriteItems", "DeleteItem"}:
            seen.append(_numbers())
        return answer

    with around_every_call(look):
        deliver(message(_order(2)))

    assert [1, 2] in seen
    assert [] not in seen


def test_a_profile_settled_while_its_event_was_replaced_does_not_keep_what_it_said() -> None:
    first = purchase(1, profile={"firstName": "Jane"})
    replaced = _order(2, profile={"firstName": "Janet"})
    deliver(message(first))
    replacing = [message(_order(3))]

    def replace_before_the_write(carry_out: CarryOut, call: Call) -> object:
        operation, parameters = call
        is_profile = parameters.get("TableName") == Setting.CUSTOMERS_TABLE
        if operation == "PutItem" and is_profile and replacing:
            deliver(replacing.pop())
        return carry_out()

    with around_every_call(replace_before_the_write):
        assert deliver(message(replaced)) == []

    assert _numbers() == [1, 3]
    assert _names() == ["Jane"]


def test_an_event_that_no_table_takes_leaves_what_it_would_replace() -> None:
    deliver(message(_order(1)))
    deliver(message(_order(5, data={"n": Decimal("1E+200")})))
    assert _numbers() == [1]

    deliver(message(_order(3)))

    assert _numbers() == [3]


def test_an_event_that_died_after_its_marker_is_replaced_like_any_other() -> None:
    deliver(message(_order(1)))

    def fail(carry_out: CarryOut, call: Call) -> object:
        if call[0] == "TransactWriteItems":
            raise clients.dynamodb().exceptions.ProvisionedThroughputExceededException({}, "x")
        return carry_out()

    dead = message(_order(2), deliveries=MAX_RECEIVES)
    with around_every_call(fail):
        assert deliver(dead) == []
    marker = read_marker(STORE, "yotpo", "order-1")
    assert marker is not None
    assert str(marker.dead_reason).startswith("retries exhausted")
    assert _numbers() == [1]

    deliver(dead)  # sent back

    assert _numbers() == [2]
    marker = read_marker(STORE, "yotpo", "order-1")
    assert marker is not None
    assert marker.dead_reason is None
    deliver(message(_order(3)))
    assert _numbers() == [3]


@pytest.mark.parametrize("minute", [0, 9])
def test_a_replaced_event_goes_from_the_timeline_it_was_moved_to(minute: int) -> None:
    deliver(message(_order(1, JOHN, data=LARGE, profile={"firstName": "John"})))
    deliver(message(purchase(2, JANE, minute=minute)), message(_merge(JANE, JOHN)))
    assert sorted(_numbers()) == [1, 2]

    deliver(message(_order(3, email("jill@example.com"))))

    assert sorted(_numbers()) == [2, 3]
    assert _names() == []
    assert _bodies() == 0


@pytest.mark.parametrize("operation", ["Query", "TransactWriteItems", "BatchWriteItem"])
@pytest.mark.parametrize("is_before", [True, False])
def test_an_event_replaced_while_it_is_moved_stands_nowhere(
    operation: str, *, is_before: bool
) -> None:
    deliver(message(_order(1, JOHN, profile={"firstName": "John"})), message(purchase(2, JANE)))
    replacing = [message(_order(3, email("jill@example.com")))]

    def replace_it(carry_out: CarryOut, call: Call) -> object:
        is_meant = call[0] == operation and Setting.EVENTS_TABLE in str(call[1])
        if is_meant and is_before and replacing:
            deliver(replacing.pop())
        answer = carry_out()
        if is_meant and replacing:
            deliver(replacing.pop())
        return answer

    with around_every_call(replace_it):
        assert deliver(message(_merge(JANE, JOHN))) == []

    assert replacing == []
    assert sorted(_numbers()) == [2, 3]
    assert _names() == []


def _merge(primary: Identifier, secondary: Identifier) -> Merge:
    merge_id = "00000000-0000-7000-8000-000000000099"
    return Merge(merge_id, STORE, NOON, "customerio", primary, secondary)
