"""Events of the Pipelines API that are orders: forget, suppress, know a device."""

import pytest

from footfall.contracts.customerio_calls import CallType
from footfall.domain.events import IDENTIFY
from footfall.domain.identifiers import Identifier
from footfall.domain.instructions import Deletion
from tests.builders import anonymous, email, own_id
from tests.contracts.pipelines_calls import (
    NOW,
    STORE,
    event_of,
    faults_of,
    ids,
    instructions_of,
)

FIRST_ID = next(ids())
DEVICE = {"token": "t-1", "type": "ios", "attribute": True}
ORDERS = ["User Deleted", "User Suppressed", "User Unsuppressed"]


@pytest.mark.parametrize(
    ("named", "identifier"),
    [
        ({"userId": "1", "anonymousId": "a-1"}, own_id("1")),
        ({"userId": "jane@example.com"}, email("jane@example.com")),
        ({"anonymousId": "a-1"}, anonymous("a-1")),
    ],
)
def test_a_deleted_user_is_forgotten(named: dict[str, str], identifier: Identifier) -> None:
    (deletion,) = instructions_of(CallType.TRACK, {**named, "event": "User Deleted"})
    assert deletion == Deletion(FIRST_ID, STORE, NOW, "pipelines", identifier)


@pytest.mark.parametrize(
    ("name", "stated"), [("User Suppressed", True), ("User Unsuppressed", None)]
)
def test_a_suppressed_user_is_marked(name: str, stated: bool | None) -> None:  # noqa: FBT001  # a value
    event = event_of(CallType.TRACK, userId="1", event=name, properties={"reason": "gdpr"})
    assert event.event_name == IDENTIFY
    assert event.profile == {"customFields.suppressed": stated}
    assert event.data == {}


@pytest.mark.parametrize("name", ORDERS)
def test_a_key_that_may_only_send_events_gives_no_orders(name: str) -> None:
    call = {"userId": "1", "event": name}
    faults = faults_of(CallType.TRACK, call, may_write_customers=False)
    assert faults == {"/event": "The API key lacks the scope customers_write."}


@pytest.mark.parametrize("name", ORDERS)
def test_an_order_is_about_somebody(name: str) -> None:
    assert list(faults_of(CallType.TRACK, {"event": name})) == [""]


@pytest.mark.parametrize("place", ["context", "properties"])
@pytest.mark.parametrize(
    ("name", "platform"), [("Device Created or Updated", "ios"), ("Device Deleted", None)]
)
def test_a_device_is_a_custom_field(place: str, name: str, platform: str | None) -> None:
    call = {"userId": "1", "event": name, place: {"device": DEVICE}}
    (event,) = instructions_of(CallType.TRACK, call, may_write_customers=False)
    assert event == event_of(CallType.TRACK, **call)
    assert event_of(CallType.TRACK, **call).profile == {"customFields.device t-1": platform}
    assert event_of(CallType.TRACK, **call).event_name == IDENTIFY


def test_a_device_without_a_platform_is_known_all_the_same() -> None:
    device = {"device": {"token": "t-1", "type": None}}
    event = event_of(CallType.TRACK, userId="1", event="Device Created or Updated", context=device)
    assert event.profile == {"customFields.device t-1": "unknown"}


@pytest.mark.parametrize(
    "context",
    [
        None,
        "x",
        {},
        {"device": None},
        {"device": {"type": "ios"}},
        {"device": {"token": ""}},
        {"device": {"token": 5}},
        {"device": {"token": "t" * 1_001}},
    ],
)
@pytest.mark.parametrize("name", ["Device Created or Updated", "Device Deleted"])
def test_a_device_has_a_token(name: str, context: object) -> None:
    call = {"userId": "1", "event": name, "context": context}
    assert list(faults_of(CallType.TRACK, call)) == ["/context/device/token"]


@pytest.mark.parametrize(
    "name", ["Object Deleted", "Relationship Deleted", "Report Delivery Event", "user deleted"]
)
def test_any_other_name_is_that_of_an_event(name: str) -> None:
    event = event_of(CallType.TRACK, userId="1", event=name, properties={"a": 1})
    assert (event.event_name, event.data) == (name, {"a": 1})
