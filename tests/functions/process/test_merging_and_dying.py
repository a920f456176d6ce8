"""A crash anywhere while customers are merged, named or deleted; then all is delivered again."""

from collections.abc import Callable, Mapping, Sequence

import pytest

from footfall.aws import clients
from footfall.aws.customers import put_fields
from footfall.aws.identities import Holders
from footfall.domain.instructions import Instruction
from footfall.settings import Setting
from tests.builders import (
    JANE,
    NOON,
    STORE,
    anonymous,
    deliver,
    message,
    own_id,
    phone,
    purchase,
)
from tests.dying_process import check_wherever_it_dies
from tests.merging_people import deletion, deliver_rest, merge, people, said_by
from tests.moto_cloud import BUCKET, all_items

OLD, NEW, BROWSER = own_id("old"), own_id("new"), anonymous("browser")
LARGE = {f"part {number}": "x" * 50_000 for number in range(2)}

Deliveries = tuple[Sequence[Instruction], Sequence[Instruction]]
Scenario = Callable[[], Deliveries]
"""Returns what was delivered before, one by one, and the batch during which the function dies."""


def a_merge_of_two_who_are_known() -> Deliveries:
    before: list[Instruction] = [
        said_by(1, OLD, minute=3, profile={"firstName": "Jane"}, unique_id="order-1"),
        said_by(2, OLD, minute=1, data=LARGE),
        said_by(3, NEW, minute=2, profile={"firstName": "Janet"}),
    ]
    return before, [merge(4, NEW, OLD)]


def a_merge_of_two_whom_nobody_knows() -> Deliveries:
    return [], [merge(1, NEW, OLD), said_by(2, OLD), said_by(3, NEW)]


def a_chain_of_merges() -> Deliveries:
    third = own_id("third")
    before: list[Instruction] = [
        said_by(1, OLD),
        said_by(2, NEW),
        said_by(3, third),
        merge(4, NEW, OLD),
    ]
    return before, [merge(5, third, NEW), said_by(6, OLD, minute=0, profile={"firstName": "J."})]


def somebody_anonymous_is_named() -> Deliveries:
    return [said_by(1, BROWSER), said_by(2, BROWSER)], [said_by(3, NEW, BROWSER, unique_id="3")]


def somebody_anonymous_turns_out_to_be_known() -> Deliveries:
    before: list[Instruction] = [
        said_by(1, BROWSER, minute=5, profile={"firstName": "J."}),
        said_by(2, NEW, minute=4, profile={"firstName": "Jane"}),
    ]
    return before, [said_by(3, NEW, BROWSER, unique_id="order-3"), said_by(4, BROWSER)]


def an_event_for_one_who_was_merged() -> Deliveries:
    third = phone("+14155550123")
    before: list[Instruction] = [said_by(1, OLD, third), said_by(2, NEW), merge(3, NEW, OLD)]
    late = said_by(4, third, minute=0, unique_id="order-4", data=LARGE, profile={"firstName": "J"})
    return before, [late, said_by(5, third)]


def a_deletion() -> Deliveries:
    before: list[Instruction] = [said_by(1, NEW, JANE), said_by(2, JANE, data=LARGE)]
    return before, [deletion(3, JANE)]


def events_after_a_deletion() -> Deliveries:
    before: list[Instruction] = [said_by(1, NEW, JANE), said_by(2, JANE), deletion(4, JANE)]
    late = said_by(3, NEW, JANE, unique_id="order-3", data=LARGE)
    return before, [late, said_by(5, JANE, unique_id="order-5", data=LARGE), said_by(6, NEW)]


def a_deletion_between_events() -> Deliveries:
    return [said_by(1, NEW)], [said_by(2, NEW), deletion(3, NEW), said_by(4, NEW)]


SCENARIOS: Sequence[Scenario] = (
    a_merge_of_two_who_are_known,
    a_merge_of_two_whom_nobody_knows,
    a_chain_of_merges,
    somebody_anonymous_is_named,
    somebody_anonymous_turns_out_to_be_known,
    an_event_for_one_who_was_merged,
    a_deletion,
    events_after_a_deletion,
    a_deletion_between_events,
)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.__name__)
def test_all_ends_as_if_nothing_had_happened(scenario: Scenario) -> None:
    before, batch = scenario()
    messages = [message(one) for one in batch]
    check_wherever_it_dies(lambda: _deliver_each(before), messages, _everything, deliver_rest)


def test_what_calls_said_joins_whenever_the_function_dies() -> None:
    def prepare() -> None:
        _deliver_each([said_by(1, OLD), said_by(2, NEW)])
        for who, name, minute in ((OLD, "Jane", 9), (NEW, "Janet", 8)):
            holders = Holders()
            holders.load([(STORE, who)])
            fields = {"firstName": name, f"customFields.of {who.value}": "yes"}
            put_fields(
                STORE, holders.of(STORE, [who])[who], fields, NOON.replace(minute=minute), name
            )

    expected = check_wherever_it_dies(prepare, [message(merge(3, NEW, OLD))], _everything)

    assert "'firstName': {'value': 'Jane'" in str(expected)
    assert "of old" in str(expected)
    assert "of new" in str(expected)


def _deliver_each(instructions: Sequence[Instruction]) -> None:
    for one in instructions:
        assert deliver(message(one)) == []


def _everything() -> Mapping[str, object]:
    """Return all people, the bodies that are left, and that every body has an event."""
    bodies = clients.s3().list_objects_v2(Bucket=BUCKET).get("Contents", [])
    pointed_to = {
        item["body_object"] for item in all_items(Setting.EVENTS_TABLE) if "body_object" in item
    }
    assert pointed_to <= {body["Key"] for body in bodies}
    return {**people(), "bodies": len(bodies), "pointed to": len(pointed_to)}


def test_the_events_of_these_tests_say_nothing_about_addresses() -> None:
    assert said_by(1, JANE).profile == {}
    assert purchase(1, JANE).profile
