"""The examples in the OpenAPI file; a test sends the requests among them."""

from collections.abc import Mapping
from decimal import Decimal

EVENT: Mapping[str, object] = {
    "eventName": "Purchase Milestone Reached",
    "customer": {
        "email": "jane@example.com",
        "phoneNumber": "+14155550123",
        "firstName": "Jane",
        "location": {"city": "Seattle", "countryCode": "US"},
        "customFields": {"Loyalty Tier": "Gold", "Birthday": "1976-07-04T12:00:00Z"},
    },
    "eventTimestamp": "2026-04-02T12:00:00Z",
    "value": Decimal("299.99"),
    "valueCurrency": "USD",
    "uniqueId": "milestone-test-001",
    "data": {
        "Milestone Type": "100th_purchase",
        "Total Spent": 5000,
        "Enrolled At": "2025-01-01T00:00:00Z",
        "$extra": {"Most Recent Order IDs": [1, 2, 3]},
    },
}
EVENTS: Mapping[str, object] = {
    "events": [
        {
            "eventName": "User Registered",
            "customer": {"email": "alice@example.com"},
            "data": {"Plan Type": "premium"},
        },
        EVENT,
    ]
}
CUSTOMER: Mapping[str, object] = {
    "email": "jane@example.com",
    "firstName": "Jane",
    "customFields": {"Loyalty Tier": "Platinum"},
}
SEGMENT: Mapping[str, object] = {
    "name": "Recent big spenders, not refunded",
    "definition": {
        "all": [
            {
                "event": "purchase_completed",
                "count": {"gte": 2},
                "within": {"last": "30d"},
                "where": {
                    "all": [
                        {"property": "value", "op": "gt", "value": 100},
                        {"property": "data.category", "op": "in", "value": ["apparel", "shoes"]},
                    ]
                },
            },
            {"not": {"event": "refund_requested", "within": {"last": "30d"}}},
            {"attribute": "customFields.Loyalty Tier", "op": "eq", "value": "Gold"},
        ]
    },
}
PREVIEW: Mapping[str, object] = {
    "definition": SEGMENT["definition"],
    "customerIds": ["19ad3a46499a0840386a6ef2", "crm-7"],
}
PROBLEM: Mapping[str, object] = {
    "type": "about:blank",
    "title": "Bad Request",
    "status": 400,
    "detail": "The request body is not what is asked for; `errors` lists where and why.",
    "instance": "/stores/64e5a8a1af49a89df37e4ee7/events",
    "errors": [
        {"pointer": "/customer", "detail": "Must have at least one of id, email and phoneNumber."}
    ],
}
FATES: Mapping[str, object] = {
    "total": 2,
    "accepted": 1,
    "rejected": 1,
    "events": [
        {
            "index": 0,
            "eventId": "019d4e2b-3c00-7a1b-8c2d-3e4f5a6b7c8d",
            "status": "queued",
            "errors": [],
        },
        {
            "index": 1,
            "eventId": None,
            "status": "rejected",
            "errors": [{"pointer": "/events/1/eventName", "detail": "This field is required."}],
        },
    ],
}
