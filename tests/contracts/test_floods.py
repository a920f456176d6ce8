"""Bodies with more at fault than is ever listed: no more faults are made than can be told."""

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from bench.peak import peak_bytes
from footfall.contracts.closed import Closed
from footfall.contracts.klaviyo_bulk import MAX_EVENTS
from footfall.contracts.previews import PreviewRequest
from footfall.contracts.redo import EventsRequest, Location, read_customer, read_event
from footfall.contracts.segments import SegmentRequest
from footfall.domain.faults import MAX_LISTED_FAULTS, FaultyDocumentError
from footfall.domain.values import JsonValue
from footfall.segments.reading import TOO_LARGE, read_definition
from tests.contracts.klaviyo_documents import job, job_faults
from tests.contracts.redo_documents import NOW

JANE = {"email": "jane@example.com"}
_BYTES_OF_THE_LISTED_FAULTS = 2_000_000
BAD = {"properties": {f"p{number}": [[[[[[[[[[[0]]]]]]]]]]] for number in range(300)}}


def _read_event_of(customer: JsonValue) -> object:
    return read_event({"eventName": "Visited", "customer": customer}, now=NOW)


@pytest.mark.parametrize("model", [EventsRequest, Location, SegmentRequest, PreviewRequest])
def test_no_more_unknown_fields_are_named_than_are_listed(model: type[Closed]) -> None:
    unknown = {f"unknown {number}": 0 for number in range(20_000)}
    own = {field.alias or name: 0 for name, field in model.model_fields.items()}
    with pytest.raises(ValidationError) as refused:
        model.model_validate({**unknown, **own})
    found = {error["loc"][0] for error in refused.value.errors()}
    assert MAX_LISTED_FAULTS <= refused.value.error_count() <= MAX_LISTED_FAULTS + 3 * len(own)
    assert "missing" not in {error["type"] for error in refused.value.errors()}
    assert "unknown 0" in found


@pytest.mark.parametrize(
    ("read", "place"),
    [(read_customer, ""), (_read_event_of, "/customer")],
    ids=["customer", "event"],
)
def test_no_more_unknown_fields_of_a_customer_are_named_than_are_listed(
    read: Callable[[JsonValue], object], place: str
) -> None:
    unknown = {f"unknown {number}": 0 for number in range(20_000)}
    customer: JsonValue = {**unknown, **JANE}
    pointers: list[str] = []

    def be_refused() -> None:
        with pytest.raises(FaultyDocumentError) as refused:
            read(customer)
        pointers.extend(fault.pointer for fault in refused.value.faults)

    assert peak_bytes(be_refused) < _BYTES_OF_THE_LISTED_FAULTS
    assert pointers == [f"{place}/unknown {number}" for number in range(MAX_LISTED_FAULTS)]


def test_a_job_of_too_many_events_is_not_read_event_by_event() -> None:
    nothing: list[Any] = [0] * MAX_EVENTS
    sent = job((JANE, []), (JANE, []))
    for entry in sent["data"]["attributes"]["events-bulk-create"]["data"]:
        entry["attributes"]["events"]["data"] = nothing
    assert job_faults(sent) == {
        "/data/attributes/events-bulk-create/data": (
            "Must have at most 1000 events, over all profiles."
        )
    }


def test_the_faults_of_each_event_of_a_job_have_their_share_of_the_list() -> None:
    faults = job_faults(job((JANE, [BAD] * 10)))
    of_events = {pointer.split("/")[9] for pointer in faults}
    assert of_events == {str(index) for index in range(10)}
    assert len(faults) == MAX_LISTED_FAULTS


@pytest.mark.parametrize("deep", [False, True])
def test_a_definition_with_more_values_than_any_is_not_read(deep: bool) -> None:  # noqa: FBT001
    nodes: list[Any] = [0] * 50
    for _ in range(3 if deep else 0):
        nodes = [{"all": nodes}] * 50
    document = {"all": nodes if deep else [0] * 200_000}
    with pytest.raises(FaultyDocumentError) as refused:
        read_definition(document)
    (fault,) = refused.value.faults
    assert (fault.pointer, fault.detail) == ("", TOO_LARGE)
