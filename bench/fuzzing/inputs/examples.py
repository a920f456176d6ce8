"""Valid documents of every contract, which the tests know as such: what mutations begin with."""

import copy
from collections.abc import Mapping, Sequence
from typing import Any, cast

from footfall.contracts.customerio_calls import CallType
from footfall.domain.strict_json import parse_json
from footfall.domain.values import JsonObject, JsonValue
from openapi.examples import CUSTOMER, EVENT, EVENTS, PREVIEW, SEGMENT
from tests.contracts import klaviyo_documents, yotpo_documents
from tests.contracts.pipelines_calls import COMMON
from tests.contracts.redo_documents import DOCUMENTED_EXAMPLE


def _json(document: object) -> JsonValue:
    return cast("JsonValue", copy.deepcopy(document))


REDO_EVENTS = [parse_json(DOCUMENTED_EXAMPLE), _json(EVENT)]
REDO_BULKS = [_json(EVENTS), {"events": [parse_json(DOCUMENTED_EXAMPLE), _json(EVENT)]}]
REDO_CUSTOMERS = [_json(CUSTOMER)]

_PROFILE: Mapping[str, Any] = {
    "email": "jane@example.com",
    "phone_number": "+14155550123",
    "external_id": "c-1",
    "anonymous_id": "a-1",
    "_kx": "x",
    "location": {"latitude": "40.7", "longitude": -74, "zip": "10001", "timezone": "UTC"},
    "properties": {"Plan": "trial", "$extra": {"a": [1]}},
    "meta": {"patch_properties": {"unset": ["old"], "append": {}}},
}
KLAVIYO_EVENTS = [
    _json(klaviyo_documents.document()),
    _json(klaviyo_documents.with_profile(**_PROFILE)),
    _json(klaviyo_documents.SEED),
]
KLAVIYO_ENTRIES = [_json(klaviyo_documents.entry(_PROFILE, [{}, {"unique_id": "u-2"}]))]
KLAVIYO_JOBS = [_json(klaviyo_documents.job((_PROFILE, [{}]), ({"email": "a@b.c"}, [{}, {}])))]
KLAVIYO_PROFILES = [
    _json({"data": {"type": "profile", "id": "c-1", "attributes": _PROFILE, "meta": {}}})
]
YOTPO_EVENTS = [
    _json(yotpo_documents.document()),
    _json({"event": yotpo_documents.document({"customer": {"email": "jane@example.com"}})}),
]

_DATA: JsonObject = {
    "price": 9,
    "currency": "usd",
    "value": 5,
    "tags": ["a", {"b": 1}],
    "recipient": "jane@example.com",
    "$extra": {"a": 1},
}
TRACK_PEOPLE: Sequence[JsonValue] = [
    {
        "email": "jane@example.com",
        "phone": "+14155550123",
        "cio_id": "cio_03000001",
        "anonymous_id": "a-1",
        "created_at": 1_775_131_200,
        "_timestamp": 1_775_131_200,
        "first_name": "Jane",
        "plan": {"name": "free"},
        "tags": ["a"],
        "_update": True,
    }
]
TRACK_EVENTS: Sequence[JsonValue] = [
    {"name": "purchased", "data": _DATA, "timestamp": 1_775_131_200, "id": "u-1"},
    {"name": "purchased", "anonymous_id": "a-1", "data": _DATA},
    {"name": "https://example.com/", "type": "page", "data": {"referrer": "x"}},
]
TRACK_DEVICES: Sequence[JsonValue] = [
    {"device": {"id": "d-1", "token": "d-2", "platform": "ios", "last_used": 1_775_131_200}}
]
TRACK_MERGES: Sequence[JsonValue] = [
    {"primary": {"email": "jane@example.com"}, "secondary": {"id": "5"}},
    {"primary": {"cio_id": "cio_03000001"}, "secondary": {"id": 5}},
]
_OF_JANE: JsonObject = {"type": "person", "identifiers": {"email": "jane@example.com"}}
TRACK_OPERATIONS: Sequence[JsonValue] = [
    {**_OF_JANE, "action": "identify", "attributes": TRACK_PEOPLE[0], "timestamp": 1_775_131_200},
    {**_OF_JANE, "action": "event", "name": "purchased", "attributes": _DATA, "id": "u-1"},
    {**_OF_JANE, "action": "page", "name": "https://example.com/", "attributes": {}},
    {**_OF_JANE, "action": "add_device", "device": {"token": "d-1", "platform": "ios"}},
    {**_OF_JANE, "action": "delete_device", "device": {"token": "d-1"}},
    {**_OF_JANE, "action": "suppress"},
    {**_OF_JANE, "action": "delete"},
    {"type": "person", "action": "merge", "primary": {"id": "5"}, "secondary": {"phone": "+1"}},
    {"type": "object", "action": "identify"},
]
TRACK_BATCHES: Sequence[JsonValue] = [{"batch": list(TRACK_OPERATIONS)}]

_WHO: Mapping[str, Any] = {**COMMON, "userId": "u-1", "anonymousId": "a-1"}
_TRAITS: JsonObject = {
    "email": "jane@example.com",
    "phone": "+14155550123",
    "firstName": "Jane",
    "plan": {"name": "free"},
}
PIPELINES_CALLS: Mapping[CallType, JsonValue] = {
    CallType.IDENTIFY: _json({**_WHO, "traits": _TRAITS}),
    CallType.TRACK: _json({**_WHO, "event": "Order Completed", "properties": _DATA}),
    CallType.PAGE: _json({**_WHO, "name": "Home", "category": "Docs", "properties": {"url": "x"}}),
    CallType.SCREEN: _json({**_WHO, "name": "Home"}),
    CallType.GROUP: _json({**_WHO, "groupId": 5, "traits": {"name": "Acme"}}),
    CallType.ALIAS: _json({**_WHO, "previousId": "a-1"}),
}
PIPELINES_EVENTS_OF_PEOPLE: Sequence[JsonValue] = [
    _json({**_WHO, "event": name, "context": {"device": {"token": "d-1", "type": "ios"}}})
    for name in (
        *("User Deleted", "User Suppressed", "User Unsuppressed"),
        *("Device Created or Updated", "Device Deleted"),
    )
]
PIPELINES_BATCHES = [
    _json(
        {
            "batch": [
                {**cast("JsonObject", call), "type": kind} for kind, call in PIPELINES_CALLS.items()
            ],
            "context": {"device": {"token": "d-1"}},
            "writeKey": "x",
        }
    )
]
SEGMENTS = [_json(SEGMENT)]
PREVIEWS = [_json(PREVIEW)]
