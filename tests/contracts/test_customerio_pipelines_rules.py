"""Which calls of the Pipelines API are refused, and where the fault is said to lie."""

from decimal import Decimal

import pytest

from footfall.contracts.customerio_calls import CallType
from footfall.domain.limits import MAX_CUSTOMER_BYTES, MAX_STRING_BYTES
from tests.contracts.pipelines_calls import faults_of, instructions_of

TRACK = {"userId": "1", "event": "e"}


@pytest.mark.parametrize("call_type", CallType)
@pytest.mark.parametrize("document", [None, 5, "call", [], [{}]])
def test_a_call_is_an_object(call_type: CallType, document: object) -> None:
    assert faults_of(call_type, document) == {"": "Must be a JSON object."}


@pytest.mark.parametrize(
    ("call_type", "call", "pointer"),
    [
        (CallType.TRACK, {"event": "e"}, ""),
        (CallType.TRACK, {"event": "e", "userId": None, "anonymousId": ""}, ""),
        (CallType.TRACK, {"event": "e", "groupId": "g-1"}, ""),
        (CallType.PAGE, {}, ""),
        (CallType.SCREEN, {}, ""),
        (CallType.GROUP, {"groupId": "g-1"}, ""),
        (CallType.IDENTIFY, {}, ""),
        (CallType.IDENTIFY, {"traits": {"email": "not an address"}}, ""),
        (CallType.GROUP, {"userId": "1"}, "/groupId"),
        (CallType.GROUP, {"userId": "1", "groupId": ""}, "/groupId"),
        (CallType.ALIAS, {"userId": "1"}, "/previousId"),
        (CallType.ALIAS, {"previousId": "1"}, "/userId"),
        (CallType.ALIAS, {"previousId": None, "userId": "1"}, "/previousId"),
        (CallType.TRACK, {"userId": "1"}, "/event"),
        (CallType.TRACK, {**TRACK, "event": None}, "/event"),
        (CallType.TRACK, {**TRACK, "event": "  "}, "/event"),
        (CallType.TRACK, {**TRACK, "event": 5}, "/event"),
        (CallType.TRACK, {**TRACK, "event": "e" * 256}, "/event"),
        (CallType.TRACK, {**TRACK, "userId": True}, "/userId"),
        (CallType.TRACK, {**TRACK, "userId": {"id": "1"}}, "/userId"),
        (CallType.TRACK, {**TRACK, "userId": "u" * 256}, "/userId"),
        (CallType.TRACK, {**TRACK, "anonymousId": ["a"]}, "/anonymousId"),
        (CallType.TRACK, {**TRACK, "messageId": "m" * 256}, "/messageId"),
        (CallType.TRACK, {**TRACK, "properties": "x"}, "/properties"),
        (CallType.TRACK, {**TRACK, "properties": []}, "/properties"),
        (CallType.TRACK, {**TRACK, "properties": {"": 1}}, "/properties"),
        (CallType.TRACK, {**TRACK, "properties": {"n": Decimal("1e200")}}, "/properties/n"),
        (CallType.PAGE, {"userId": "1", "name": 5}, "/name"),
        (CallType.PAGE, {"userId": "1", "name": "x" * (MAX_STRING_BYTES + 1)}, "/name"),
        (CallType.GROUP, {"userId": "1", "groupId": "g", "traits": 5}, "/traits"),
        (CallType.IDENTIFY, {"userId": "1", "traits": "x"}, "/traits"),
        (CallType.IDENTIFY, {"userId": "1", "traits": {"n" * 256: 1}}, "/traits"),
        (CallType.IDENTIFY, {"userId": "1", "traits": {"n": Decimal("1e200")}}, "/traits/n"),
        (
            CallType.IDENTIFY,
            {"userId": "1", "traits": {"$extra": Decimal("1e200")}},
            "/traits/$extra",
        ),
        (CallType.IDENTIFY, {"userId": "1", "traits": {"a": "x" * MAX_CUSTOMER_BYTES}}, ""),
    ],
)
def test_a_fault_is_named_by_its_place(
    call_type: CallType, call: dict[str, object], pointer: str
) -> None:
    assert list(faults_of(call_type, call)) == [pointer]


def test_every_fault_of_a_call_is_named() -> None:
    faults = faults_of(CallType.TRACK, {"userId": True, "event": 5, "properties": {"": 1}})
    assert set(faults) == {"/userId", "/event", "/properties"}


@pytest.mark.parametrize("field", ["traits", "properties"])
def test_what_is_nested_deeper_than_events_are_is_refused_at_any_depth(field: str) -> None:
    call_type = CallType.IDENTIFY if field == "traits" else CallType.TRACK
    for depth in (11, 900, 945, 946, 947, 948, 949, 950, 2_000):
        deep: object = "x"
        for _ in range(depth):
            deep = [deep]
        (pointer,) = faults_of(call_type, {**TRACK, field: {"a": deep}})
        assert pointer.startswith(f"/{field}/a/0")


def test_the_largest_event_of_customerio_is_taken() -> None:
    call = {**TRACK, "properties": {f"p{number}": "x" * 80 for number in range(400)}}
    assert instructions_of(CallType.TRACK, call)
