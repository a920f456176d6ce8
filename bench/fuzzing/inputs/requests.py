"""Requests of every route as API Gateway hands them over: bodies, headers, paths and queries."""

import base64
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from hypothesis import strategies as st

from bench.fuzzing.inputs import examples
from bench.fuzzing.inputs.bodies import form_bodies, json_bodies, packed
from bench.fuzzing.inputs.floods import flooded
from bench.fuzzing.inputs.json_values import TEXTS
from footfall.domain.stores import Scope
from footfall.domain.strict_json import dump_json
from footfall.domain.values import JsonValue
from footfall.http import klaviyo_routes
from footfall.http.requests import ProxyEvent
from footfall.http.route import Family, Route
from footfall.http.routes import CREATE_EVENTS, PREVIEW_SEGMENT, PUT_CUSTOMER, PUT_SEGMENT
from tests.proxy_events import proxy_event

PUBLIC_KEY = f"footfall_public_{'p' * 43}"
SECRET_KEY = f"footfall_{'s' * 43}"
"""Both open the store of all requests, where its keys are kept."""

KNOWN_CUSTOMER = "c-1"
KNOWN_SEGMENT = "big-spenders"
KNOWN_UNIQUE_ID = "u-1"

_MEDIA_TYPES = (
    *("application/json", "application/json; charset=utf-8", "application/json;charset=latin-1"),
    *("application/vnd.api+json", "text/plain", "application/x-www-form-urlencoded", "", ";", "é"),
)
_FORM_FIELDS = ("name", "data", "type", "timestamp", "id", "anonymous_id", "email", "device")
_WITH_KEYS: Mapping[str, JsonValue] = {"writeKey": PUBLIC_KEY, "secret": SECRET_KEY}
_OF_CALLS = [*examples.PIPELINES_CALLS.values(), *examples.PIPELINES_EVENTS_OF_PEOPLE]
_OF_FAMILIES: Mapping[Family, Sequence[JsonValue]] = {
    Family.OWN: examples.REDO_EVENTS,
    Family.KLAVIYO: examples.KLAVIYO_EVENTS,
    Family.TRACK_1: [
        *(*examples.TRACK_PEOPLE, *examples.TRACK_EVENTS),
        *(*examples.TRACK_DEVICES, *examples.TRACK_MERGES),
    ],
    Family.TRACK_2: [*examples.TRACK_OPERATIONS, *examples.TRACK_BATCHES],
    Family.PIPELINES: [*_OF_CALLS, *examples.PIPELINES_BATCHES],
    Family.YOTPO: examples.YOTPO_EVENTS,
}
_OF_ROUTES: Mapping[Route, Sequence[JsonValue]] = {
    CREATE_EVENTS: examples.REDO_BULKS,
    PUT_CUSTOMER: examples.REDO_CUSTOMERS,
    PUT_SEGMENT: examples.SEGMENTS,
    PREVIEW_SEGMENT: examples.PREVIEWS,
    klaviyo_routes.CREATE_EVENT_BULK_JOB: examples.KLAVIYO_JOBS,
    klaviyo_routes.CREATE_CLIENT_EVENTS: examples.KLAVIYO_ENTRIES,
    klaviyo_routes.CREATE_CLIENT_PROFILE: examples.KLAVIYO_PROFILES,
}
_HEADERS: Mapping[str, st.SearchStrategy[str]] = {
    "Content-Type": st.sampled_from(_MEDIA_TYPES),
    "Content-Encoding": st.sampled_from(["", "gzip", "identity", "br", "gzip, gzip"]),
    "Content-Length": st.sampled_from(["", "0", "5", "-1", "9" * 5_000, "٣", "1e3"]),
    "Prefer": st.sampled_from(["return=representation", 'return="representation";x, y', "\0"]),
    "Idempotency-Key": st.sampled_from(["k-1", "", " ", "k" * 201, "é"]),
    "revision": st.sampled_from(["2022-10-17", "2026-07-15", "2026-07-15.pre", "2026-13-01", ""]),
    "X-Strict-Mode": st.sampled_from(["1", "0", ""]),
    "X-Page-Size": st.sampled_from(["1", "500", "501", "0", "-1", "٣", "9" * 5_000, ""]),
    "X-Page-Continue": st.text("ABCabc019+/-_=", max_size=40)
    | TEXTS.map(lambda text: base64.urlsafe_b64encode(text.encode()).decode()),
    "X-Forwarded-Host": st.sampled_from(["a.b", "a b", "", "x.execute-api.y"]),
    "X-Forwarded-Proto": st.sampled_from(["https", "http,https", ""]),
    "Authorization": st.sampled_from([f"Basic {'=' * 9}", f"Bearer {SECRET_KEY}", "\0"]),
    "Host": st.sampled_from(["", "a.b", "[::1", "localhost:99999"]),
}
_QUERY: Mapping[str, st.SearchStrategy[str]] = {
    "email": st.sampled_from(["jane@example.com", "@", ""]) | TEXTS,
    "phoneNumber": st.sampled_from(["+14155550123", " 14155550123", ""]) | TEXTS,
    "id": st.sampled_from([KNOWN_CUSTOMER, ""]) | TEXTS,
    "eventName": st.sampled_from(["Order Placed", ""]) | TEXTS,
    "from": st.sampled_from(["2026-04-02T12:00:00Z", "9999-12-31T23:59:59-23:59"]) | TEXTS,
    "to": st.sampled_from(["2026-04-02T12:00:00Z", "0001-01-01T00:00:00+23:59"]) | TEXTS,
    "filter": st.builds(
        "{}({},{})".format,
        st.sampled_from(["equals", "any", "greater-than", "less-or-equal", "has"]),
        st.sampled_from(["profile_id", "metric_id", "datetime", "timestamp", "email", "id"]),
        st.sampled_from(
            ["1775131200", "1e999999", "-1", "2026-04-02", "9999-12-31", '["a"]', "NaN"]
        )
        | TEXTS.map(lambda text: f'"{text}"'),
    )
    | TEXTS,
    "sort": st.sampled_from(["datetime", "-datetime", "-created", "x", ""]),
    "include": st.sampled_from(["metric", "metric,profile", "attributes", ","]),
    "page[size]": st.sampled_from(["1", "1000", "0", "٣", "9" * 5_000]),
    "page[cursor]": st.text("ABCabc019+/-_=", max_size=40)
    | TEXTS.map(lambda text: base64.urlsafe_b64encode(text.encode()).decode())
    | st.sampled_from(["https://a/b?page[cursor]=QQ", "://"]),
    "fields[event]": TEXTS,
    "additional-fields[profile]": TEXTS,
    "company_id": st.sampled_from([PUBLIC_KEY, SECRET_KEY, ""]),
}
_SCOPES = st.sampled_from([" ".join(Scope), "customer_events_write customers_read", ""])


@st.composite
def requests_of(draw: st.DrawFn, routes: Sequence[Route]) -> ProxyEvent:
    """Return a request of one of the routes."""
    route = draw(st.sampled_from(routes))
    headers = draw(st.fixed_dictionaries({}, optional=_HEADERS))
    body, is_base64 = draw(_bodies(route)) if route.method != "GET" else (None, False)
    return proxy_event(
        route,
        body,
        headers=headers,
        query=draw(st.none() | st.fixed_dictionaries({}, optional=_QUERY)),
        scopes=draw(_SCOPES) if draw(st.integers(0, 9)) == 0 else " ".join(Scope),
        is_base64=is_base64,
        **_quoted(draw(st.fixed_dictionaries(_PATH))),
    )


_PATH: Mapping[str, st.SearchStrategy[str]] = {
    "uniqueId": st.just(KNOWN_UNIQUE_ID) | TEXTS,
    "customerId": st.just(KNOWN_CUSTOMER) | TEXTS,
    "segmentId": st.just(KNOWN_SEGMENT) | TEXTS,
    "identifier": st.sampled_from(["5", "jane@example.com", "cio_5"]) | TEXTS,
    "deviceId": st.just("d-1") | TEXTS,
    "writeKey": st.just(PUBLIC_KEY) | TEXTS,
    **dict.fromkeys(
        ("eventId", "profileId", "metricId"),
        st.text("ABCDEFabcdef0123456789-_=", min_size=1, max_size=60) | TEXTS,
    ),
}


def _quoted(path: Mapping[str, str]) -> dict[str, Any]:
    return {name: quote(value, safe="") or "%20" for name, value in path.items()}


@st.composite
def floods_of(draw: st.DrawFn, routes: Sequence[Route]) -> ProxyEvent:
    """Return a request of one of the routes with a document as large as a body may be."""
    route = draw(st.sampled_from(routes))
    body = dump_json(draw(flooded([_with_keys(one) for one in _documents_of(route)])))
    headers = {"revision": "2026-07-15", "X-Strict-Mode": "1"}
    path = dict.fromkeys(_PATH, "a") | {"segmentId": KNOWN_SEGMENT}
    return proxy_event(route, body, headers=headers, **_quoted(path))


def _documents_of(route: Route) -> Sequence[JsonValue]:
    return _OF_ROUTES.get(route, _OF_FAMILIES[route.family])


def _bodies(route: Route) -> st.SearchStrategy[tuple[str, bool]]:
    plain = json_bodies([_with_keys(document) for document in _documents_of(route)])
    if route.family is Family.TRACK_1:
        plain |= form_bodies(_FORM_FIELDS)
    return (plain | plain | packed(plain)).flatmap(_as_handed_over)


def _with_keys(document: JsonValue) -> JsonValue:
    return {**document, **_WITH_KEYS} if isinstance(document, Mapping) else document


def _as_handed_over(content: bytes) -> st.SearchStrategy[tuple[str, bool]]:
    """Return the body as text, decoded as the gateway does, and as base64."""
    in_base64 = base64.b64encode(content).decode()
    return st.sampled_from(
        [(content.decode("utf-8", "replace"), False), (in_base64, True), (in_base64[:-3], True)]
    )
