"""Klaviyo's events: those of a profile in either order, each of them by its id."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import quote, unquote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.domain.events import IDENTIFY, Event
from footfall.domain.timestamps import from_microseconds
from footfall.http.klaviyo_routes import GET_EVENT, GET_METRIC, GET_PROFILE, LIST_EVENTS
from footfall.http.routes import FIND_CUSTOMER
from query.klaviyo.event_ids import EventPlace, from_klaviyo_id, to_klaviyo_id
from tests.builders import JANE, NOON, deliver, email, message, own_id, purchase
from tests.functions.catalogue import stream
from tests.functions.query.calls import Caller
from tests.functions.query.klaviyo_calls import HOST, found, get, pages, refused_parameter

NOON_SECONDS = int(NOON.timestamp())


def jane() -> str:
    return str(Caller().call(FIND_CUSTOMER, query={"email": "jane@example.com"}).body["id"])


def of_jane(**query: str) -> dict[str, str]:
    """Return the query for Jane's events; `filter` adds conditions."""
    conditions = [f'equals(profile_id,"{jane()}")', *filter(None, [query.pop("filter", "")])]
    return {"filter": ",".join(conditions), **query}


def minutes(document: Mapping[str, Any]) -> list[int]:
    """Return in which minutes after noon the events happened."""
    return [(event["attributes"]["timestamp"] - NOON_SECONDS) // 60 for event in document["data"]]


def test_an_event_is_shown_in_klaviyos_shape() -> None:
    event = replace(
        purchase(1, data={"category": "apparel"}, unique_id="order-1"),
        extra={"raw": [1]},
        event_timestamp=NOON + timedelta(seconds=90, microseconds=250_000),
    )
    deliver(message(event))
    customer_id = jane()

    (shown,) = found(LIST_EVENTS, of_jane())["data"]

    metric_id = shown["relationships"]["metric"]["data"]["id"]
    link = f"{HOST}/api/events/{quote(shown['id'])}"
    assert shown == {
        "type": "event",
        "id": shown["id"],
        "attributes": {
            "timestamp": NOON_SECONDS + 90,
            "event_properties": {
                "category": "apparel",
                "$extra": {"raw": [1]},
                "$value": Decimal("149.99"),
                "$value_currency": "USD",
                "$event_id": "order-1",
            },
            "datetime": "2026-04-02T12:01:30.250000+00:00",
            "uuid": event.event_id,
        },
        "relationships": {
            "profile": {
                "data": {"type": "profile", "id": customer_id},
                "links": {"self": link, "related": f"{HOST}/api/profiles/{customer_id}"},
            },
            "metric": {
                "data": {"type": "metric", "id": metric_id},
                "links": {"self": link, "related": f"{HOST}/api/metrics/{metric_id}"},
            },
        },
        "links": {"self": link},
    }
    one = found(GET_EVENT, eventId=shown["id"])
    assert (one["data"], one["links"]) == (shown, {"self": link})


def test_old_revisions_see_the_ids_among_the_attributes() -> None:
    deliver(message(purchase(1)))
    answer = get(LIST_EVENTS, of_jane(), headers={"revision": "2023-02-22"})
    (shown,) = answer.body["data"]
    assert shown["attributes"]["profile_id"] == jane()
    assert shown["attributes"]["metric_id"] == shown["relationships"]["metric"]["data"]["id"]


def test_what_is_related_is_included_once_and_is_what_its_link_leads_to() -> None:
    bought = purchase(1)
    viewed = [replace(purchase(number), event_name="viewed") for number in (2, 3)]
    deliver(message(bought, *viewed))
    stream.deliver(stream.stored(replace(bought, event_id=viewed[0].event_id)))

    document = found(LIST_EVENTS, of_jane(include="metric,profile"))

    *metrics, profile = document["included"]
    assert [metric["attributes"]["name"] for metric in metrics] == ["purchase_completed", "viewed"]
    assert found(GET_METRIC, metricId=metrics[0]["id"])["data"] == metrics[0]
    assert metrics[1]["attributes"]["created"] is None  # the catalogue has not seen it yet
    assert found(GET_PROFILE, profileId=jane())["data"] == profile
    named = {event["relationships"]["metric"]["data"]["id"] for event in document["data"]}
    assert named == {metric["id"] for metric in metrics}
    one = found(GET_EVENT, {"include": "metric"}, eventId=document["data"][0]["id"])
    assert one["included"] == [metrics[1]]


def test_nothing_is_included_that_no_event_leads_to() -> None:
    deliver(message(purchase(1)))
    none = "greater-than(datetime,2027-01-01)"
    document = found(LIST_EVENTS, of_jane(filter=none, include="metric,profile"))
    assert (document["data"], document["included"]) == ([], [])


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (None, [4, 3, 2, 1]),
        ("-datetime", [4, 3, 2, 1]),
        ("datetime", [1, 2, 3, 4]),
        ("timestamp", [1, 2, 3, 4]),
        ("-timestamp", [4, 3, 2, 1]),
    ],
)
@pytest.mark.parametrize("size", [1, 3, 200])
def test_events_come_in_pages_in_either_order(
    order: str | None, expected: list[int], size: int
) -> None:
    deliver(message(*(purchase(number) for number in (3, 1, 4, 2))))
    deliver(message(purchase(5, email("john@example.com"))))
    query = of_jane(**{"page[size]": str(size)}, **({"sort": order} if order else {}))
    walked = list(pages(LIST_EVENTS, query))
    assert [minute for page in walked for minute in minutes(page)] == expected
    assert len(walked) == -(-4 // size)


def test_a_cursor_is_known_in_whatever_form_the_clients_send_it() -> None:
    deliver(message(*(purchase(number) for number in range(4))))
    odd = 'has(metric),less-than(datetime,"2027-01-01"),has(profile)'
    first = found(LIST_EVENTS, of_jane(**{"page[size]": "2", "#&?": "#&?", "filter": odd}))
    link = first["links"]["next"]
    cursor = link.rpartition("page%5Bcursor%5D=")[2]
    plain = link.replace("https://", "http://")
    for form in (cursor, f"={cursor}", link, plain, unquote_plus(plain)):
        page = found(LIST_EVENTS, of_jane(**{"page[cursor]": form}))
        assert minutes(page) == [1, 0]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("greater-than(datetime,2026-04-02T12:02:00Z)", [4, 3]),
        ("greater-or-equal(datetime,2026-04-02T12:02:00Z)", [4, 3, 2]),
        ("less-than(datetime,2026-04-02T12:02:00)", [1]),
        ("less-or-equal(datetime,2026-04-02T14:02:00+02:00)", [2, 1]),
        ("less-or-equal(datetime,2026-04-02T14:02:00 02:00)", [2, 1]),
        ("less-than(datetime,9999-12-31T23:59:59Z)", [4, 3, 2, 1]),
        (f"greater-than(timestamp,{NOON_SECONDS + 120})", [4, 3]),
        (f"greater-or-equal(timestamp,{NOON_SECONDS + 120})", [4, 3, 2]),
        (f"greater-or-equal(timestamp,{NOON_SECONDS + 119.5})", [4, 3, 2]),
        (f"less-than(timestamp,{NOON_SECONDS + 120})", [1]),
        (f"less-or-equal(timestamp,{NOON_SECONDS + 120})", [2, 1]),
        (
            "greater-than(datetime,2026-04-02T12:01:00Z),less-than(datetime,2026-04-02T12:04:00Z)",
            [3, 2],
        ),
        ("greater-than(datetime,2027-01-01),less-than(datetime,2026-01-01)", []),
        ("has(profile),has(metric)", [4, 3, 2, 1]),
    ],
)
def test_events_are_filtered_by_time(condition: str, expected: list[int]) -> None:
    deliver(message(*(purchase(number) for number in (1, 2, 3, 4))))
    assert minutes(found(LIST_EVENTS, of_jane(filter=condition))) == expected
    ascending = found(LIST_EVENTS, of_jane(filter=condition, sort="datetime"))
    assert minutes(ascending) == expected[::-1]


def test_a_whole_second_has_the_fractions_of_it() -> None:
    half = replace(purchase(1), event_timestamp=NOON + timedelta(seconds=10.5))
    deliver(message(half))
    for condition, count in (
        (f"less-or-equal(timestamp,{NOON_SECONDS + 10})", 1),
        (f"greater-than(timestamp,{NOON_SECONDS + 10})", 0),
        ("less-or-equal(datetime,2026-04-02T12:00:10Z)", 0),
        ("greater-than(datetime,2026-04-02T12:00:10Z)", 1),
    ):
        assert len(found(LIST_EVENTS, of_jane(filter=condition))["data"]) == count


def test_events_are_filtered_by_metric() -> None:
    deliver(message(purchase(1), replace(purchase(2), event_name="viewed"), purchase(3)))
    viewed = found(LIST_EVENTS, of_jane())["data"][1]["relationships"]["metric"]["data"]["id"]
    assert minutes(found(LIST_EVENTS, of_jane(filter=f'equals(metric_id,"{viewed}")'))) == [2]
    for none in ('equals(metric_id,"none")', f'equals(metric_id,"{viewed}"),equals(metric_id,"x")'):
        assert found(LIST_EVENTS, of_jane(filter=none))["data"] == []


def test_what_is_only_said_about_a_person_is_no_event() -> None:
    statement = replace(purchase(1, profile={"firstName": "Jane"}), event_name=IDENTIFY)
    deliver(message(statement, purchase(2)))
    document = found(LIST_EVENTS, of_jane())
    assert minutes(document) == [2]
    place = EventPlace(jane(), statement.event_timestamp, statement.event_id)
    assert get(GET_EVENT, eventId=to_klaviyo_id(place)).status == 404


def test_an_unknown_profile_has_no_events() -> None:
    assert found(LIST_EVENTS, {"filter": 'equals(profile_id,"unknown")'})["data"] == []


@pytest.mark.parametrize("order", ["datetime", "-datetime"])
@pytest.mark.parametrize("size", [1, 3, 200])
def test_the_events_of_all_profiles_come_in_one_order(order: str, size: int) -> None:
    people = [email(f"{name}@example.com") for name in "abcd"]
    events = [purchase(number, people[number % 3], minute=number // 2) for number in range(12)]
    deliver(message(*events), message(purchase(99, people[3], minute=1)))
    expected = sorted([*events, purchase(99, people[3], minute=1)], key=_moment)

    walked = list(pages(LIST_EVENTS, {"sort": order, "page[size]": str(size)}))

    found_ids = [event["attributes"]["uuid"] for page in walked for event in page["data"]]
    ascending = [event.event_id for event in expected]
    assert found_ids == (ascending if order == "datetime" else ascending[::-1])
    assert len(walked) == -(-13 // size)


def test_a_metric_alone_finds_its_events_of_all_profiles() -> None:
    viewed = [
        replace(purchase(number, email(f"{number}@example.com")), event_name="viewed")
        for number in (1, 2)
    ]
    deliver(message(*viewed, purchase(3)))
    metric = found(GET_EVENT, eventId=found(LIST_EVENTS)["data"][1]["id"])["data"]
    metric_id = metric["relationships"]["metric"]["data"]["id"]

    query = {"filter": f'equals(metric_id,"{metric_id}")', "include": "metric,profile"}
    document = found(LIST_EVENTS, query)

    assert minutes(document) == [2, 1]
    kinds = [resource["type"] for resource in document["included"]]
    assert kinds == ["metric", "profile", "profile"]


def _moment(event: Event) -> tuple[datetime, str]:
    return event.event_timestamp, event.event_id


def test_with_many_profiles_one_has_to_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("query.klaviyo.events._MAX_PROFILES", 2)
    deliver(message(*(purchase(number, email(f"{number}@example.com")) for number in (1, 2))))
    assert minutes(found(LIST_EVENTS)) == [2, 1]
    deliver(message(purchase(3)))
    for text in ("", 'equals(metric_id,"x")'):
        answer = get(LIST_EVENTS, {"filter": text} if text else None)
        assert answer.status == 400
        (error,) = answer.body["errors"]
        assert error["source"] == {"parameter": "filter"}
        assert "profile_id" in error["detail"]


@pytest.mark.parametrize("event_id", ["unknown", "x" * 300, "A" * 48, "_" * 48, "a/b", "=" * 48])
def test_an_unknown_event_is_404(event_id: str) -> None:
    deliver(message(purchase(1)))
    assert get(GET_EVENT, eventId=event_id).status == 404


def test_large_events_come_on_as_many_pages_as_they_need() -> None:
    large = {"text": "é" * 45_000, "more": "x" * 1_000_000}
    deliver(message(*(purchase(number, data=large) for number in range(7))))
    walked = list(pages(LIST_EVENTS, of_jane()))
    assert len(walked) == 2
    assert sum(len(page["data"]) for page in walked) == 7


def test_properties_that_no_answer_can_hold_are_left_out() -> None:
    deliver(message(purchase(1, data={"quotes": '"' * 3_000_000})))
    (shown,) = found(LIST_EVENTS, of_jane())["data"]
    assert shown["attributes"]["event_properties"] == {"$omitted": True}
    assert found(GET_EVENT, eventId=shown["id"])["data"] == shown


def test_only_the_fields_that_are_asked_for_are_shown() -> None:
    deliver(message(purchase(1)))
    query = of_jane(
        **{"fields[event]": "timestamp,event_properties.$value", "fields[profile]": "email"},
        include="profile",
    )
    document = found(LIST_EVENTS, query)
    assert document["data"][0]["attributes"] == {
        "timestamp": NOON_SECONDS + 60,
        "event_properties": {"$value": Decimal("149.99")},
    }
    assert document["included"][0]["attributes"] == {"email": "jane@example.com"}


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ({"page[size]": "1001"}, "page[size]"),
        ({"page[cursor]": "!"}, "page[cursor]"),
        ({"page[cursor]": "MjAy" * 342}, "page[cursor]"),
        ({"sort": "value"}, "sort"),
        ({"include": "attributions"}, "include"),
        ({"filter": "greater-than(datetime,yesterday)"}, "filter"),
        ({"filter": "greater-than(timestamp,soon)"}, "filter"),
        ({"filter": "greater-than(timestamp,NaN)"}, "filter"),
        ({"filter": "greater-than(timestamp,1e99)"}, "filter"),
        ({"filter": "equals(datetime,2026-01-01)"}, "filter"),
    ],
)
def test_what_is_not_offered_is_refused_by_name(query: dict[str, str], parameter: str) -> None:
    deliver(message(purchase(1, own_id("crm-7"), JANE)))
    assert refused_parameter(LIST_EVENTS, of_jane(**query)) == parameter


@given(
    st.binary(min_size=12, max_size=12),
    st.integers(0, 200_000_000_000 * 10**6),
    st.uuids(),
)
def test_an_id_leads_back_to_its_event(customer: bytes, microseconds: int, event: object) -> None:
    place = EventPlace(customer.hex(), from_microseconds(microseconds), str(event))
    text = to_klaviyo_id(place)
    assert len(text) == 48
    assert from_klaviyo_id(text) == place


@given(st.text() | st.from_regex(r"[A-Za-z0-9_-]{48}", fullmatch=True))
def test_no_text_breaks_the_reading_of_ids(text: str) -> None:
    from_klaviyo_id(text)
