"""A crash anywhere: the function dies after its k-th AWS call, and the batch is delivered again.

Whatever k is, the tables end as if nothing had happened.
"""

from collections.abc import Callable, Mapping, Sequence

import pytest

from footfall.aws import clients
from footfall.domain.values import JsonValue
from footfall.invocations import QueueMessage
from footfall.settings import Setting
from tests.builders import (
    JANE,
    deliver,
    email,
    first_of_customer,
    last,
    message,
    own_id,
    phone,
    purchase,
    raw_message,
)
from tests.dying_process import check_wherever_it_dies
from tests.moto_cloud import BUCKET, TABLES, all_items

JOHN = email("john@example.com")
LARGE = {"note": "x" * 90_000, "more": "y" * 90_000, "rest": "z" * 90_000, "end": "-" * 90_000}

Deliveries = tuple[Sequence[QueueMessage], Sequence[QueueMessage]]
Scenario = Callable[[], Deliveries]
"""Returns what was delivered before, and the batch during which the function dies."""


def a_new_customer() -> Deliveries:
    return [], [message(purchase(1, own_id("c-1"), JANE, phone("+14155550123"), unique_id="o-1"))]


def a_known_customer_with_a_new_identifier() -> tuple[
    Sequence[QueueMessage], Sequence[QueueMessage]
]:
    before = [message(purchase(1, JANE, profile={"firstName": "Jane"}))]
    event = purchase(2, own_id("c-1"), JANE, unique_id="o-2", profile={"firstName": "Janet"})
    return before, [message(event)]


def a_late_event_that_changes_the_past() -> Deliveries:
    before = [
        message(purchase(1, JANE, minute=10, profile={"firstName": "Jane"})),
        message(purchase(2, JANE, minute=30, profile={"firstName": "Jane"})),
    ]
    return before, [message(purchase(3, JANE, minute=20, profile={"firstName": "Janet"}))]


def duplicates_of_what_is_stored() -> Deliveries:
    before = [message(purchase(1, JANE, unique_id="o-1"))]
    return before, [message(purchase(2, JOHN, unique_id="o-1"), purchase(3, JOHN, unique_id="o-3"))]


def an_identifier_of_somebody_else() -> Deliveries:
    before = [message(purchase(1, JOHN, phone("+14155550123")))]
    return before, [message(purchase(2, JANE, phone("+14155550123"), unique_id="o-2"))]


def a_large_body() -> Deliveries:
    return [], [message(purchase(1, unique_id="o-1", data=LARGE), purchase(2, JOHN, data=LARGE))]


def a_mixed_batch_with_poison() -> Deliveries:
    bulk = message(*(purchase(n, email(f"{n % 7}@example.com")) for n in range(1, 40)))
    return [], [
        bulk,
        raw_message("no envelope", "poison"),
        message(purchase(50, JANE, unique_id="o-50"), purchase(51, JANE, unique_id="o-50")),
    ]


def an_event_that_replaces_those_of_others() -> Deliveries:
    before = [
        message(purchase(1, JOHN, profile={"firstName": "Johnny"})),
        message(
            last(purchase(2, JOHN, unique_id="o-1", data=LARGE, profile={"firstName": "John"}))
        ),
    ]
    return before, [message(last(purchase(3, JANE, unique_id="o-1", profile={"firstName": "J."})))]


def events_that_replace_each_other_in_one_batch() -> Deliveries:
    orders = [
        last(purchase(n, JANE, minute=9 - n, unique_id="o-1", profile={"firstName": f"Jane {n}"}))
        for n in range(1, 4)
    ]
    return [message(purchase(9, JANE, minute=0, profile={"firstName": "Jane"}))], [message(*orders)]


def events_that_come_too_late() -> Deliveries:
    before = [message(last(purchase(5, JANE, unique_id="o-1")))]
    late = last(purchase(2, JOHN, unique_id="o-1", data=LARGE, profile={"firstName": "John"}))
    return before, [message(late)]


def first_events_of_customers() -> Deliveries:
    before = [message(first_of_customer(purchase(1, JANE, unique_id="o-1")))]
    again = [(2, JANE, own_id("c-1")), (3, JOHN, own_id("c-2")), (4, JOHN, phone("+14155550123"))]
    return before, [
        message(*(first_of_customer(purchase(n, *names, unique_id="o-1")) for n, *names in again))
    ]


SCENARIOS: Sequence[Scenario] = (
    a_new_customer,
    a_known_customer_with_a_new_identifier,
    a_late_event_that_changes_the_past,
    duplicates_of_what_is_stored,
    an_identifier_of_somebody_else,
    a_large_body,
    a_mixed_batch_with_poison,
    an_event_that_replaces_those_of_others,
    events_that_replace_each_other_in_one_batch,
    events_that_come_too_late,
    first_events_of_customers,
)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.__name__)
def test_the_tables_end_as_if_nothing_had_happened(scenario: Scenario) -> None:
    before, batch = scenario()
    check_wherever_it_dies(lambda: _deliver_each(before), batch, _everything)


def _deliver_each(records: Sequence[QueueMessage]) -> None:
    for record in records:
        assert deliver(record) == []


def _everything() -> Mapping[str, Sequence[JsonValue]]:
    """Return the content of all tables, the bodies, and the distinct dead letters."""
    bodies = clients.s3().list_objects_v2(Bucket=BUCKET).get("Contents", [])
    letters = clients.sqs().receive_message(
        QueueUrl=Setting.DEAD_LETTER_QUEUE_URL, MaxNumberOfMessages=10
    )
    return {
        **{table: all_items(table) for table in TABLES},
        "bodies": [body["Key"] for body in bodies],
        "letters": sorted({letter["Body"] for letter in letters.get("Messages", [])}),
    }
