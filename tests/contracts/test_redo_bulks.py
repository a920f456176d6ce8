"""The events of a bulk, read together: each means what it would mean alone."""

from decimal import Decimal

import pytest

from footfall.contracts.redo import EventRequest, read_event, read_events
from footfall.domain.faults import FaultyDocumentError
from footfall.domain.strict_json import parse_json
from footfall.domain.values import JsonValue
from tests.contracts.redo_documents import NOW

JANE: JsonValue = {"email": "jane@example.com"}


def purchase(customer: JsonValue) -> JsonValue:
    return {"eventName": "Order Placed", "customer": customer}


def test_customers_who_are_only_equal_in_python_stay_apart() -> None:
    values: list[JsonValue] = [1, True, Decimal("1.0"), Decimal("1.00"), "1"]
    documents = [
        purchase({"email": "jane@example.com", "customFields": {"VIP": value}}) for value in values
    ]
    requests = read_events(documents, now=NOW)
    fields = [
        request.customer.profile["customFields.VIP"]
        for request in requests
        if isinstance(request, EventRequest)
    ]
    assert [repr(value) for value in fields] == [repr(value) for value in values]


@pytest.mark.parametrize(
    "bad",
    [
        purchase({}),
        purchase({"email": "no address"}),
        purchase({"email": "jane@example.com", "firstName": "x" * 70_000}),
        {"customer": JANE},
        None,
    ],
)
def test_a_bad_event_among_good_ones_has_the_faults_that_it_has_alone(bad: JsonValue) -> None:
    with pytest.raises(FaultyDocumentError) as alone:
        read_event(bad, now=NOW)
    first, faults, last = read_events([purchase(JANE), bad, purchase(JANE)], now=NOW)
    assert tuple(faults) == alone.value.faults
    assert isinstance(first, EventRequest)
    assert first == last == read_event(purchase(JANE), now=NOW)


def test_a_customer_nested_as_deeply_as_json_is_read_is_refused_and_no_failure() -> None:
    deep = parse_json("[" * 190 + "]" * 190)
    document = purchase({"email": "jane@example.com", "customFields": {"deep": deep}})
    with pytest.raises(FaultyDocumentError) as refused:
        read_event(document, now=NOW)
    assert [fault.pointer for fault in refused.value.faults] == ["/customer/customFields/deep"]
