"""The routes of Customer.io's Track API (v1 and v2) and Pipelines API.

Rates: 1,000 requests a second for Track, 3,000 in three seconds for Pipelines, by their references.
"""

from footfall.domain.stores import Scope
from footfall.http.route import Credential, Family, Route

_PERSON = "/api/v1/customers/{identifier}"


def _track(
    method: str,
    path: str,
    scope: Scope = Scope.CUSTOMER_EVENTS_WRITE,
    family: Family = Family.TRACK_1,
) -> Route:
    return Route(method, path, "ingest", scope, 1_000, None, family)


def _pipelines(path: str) -> Route:
    return Route(
        "POST",
        path,
        "ingest",
        Scope.CUSTOMER_EVENTS_WRITE,
        1_000,
        3_000,
        Family.PIPELINES,
        is_for_browsers=True,
    )


def _browser(method: str, path: str) -> Route:
    return Route(
        method,
        path,
        "ingest",
        Scope.CUSTOMER_EVENTS_WRITE,
        1_000,
        3_000,
        Family.PIPELINES,
        Credential.BODY,
        is_for_browsers=True,
    )


GET_REGION = _track("GET", "/api/v1/accounts/region")
IDENTIFY_PERSON = _track("PUT", _PERSON)
DELETE_PERSON = _track("DELETE", _PERSON, Scope.CUSTOMERS_WRITE)
TRACK_PERSON = _track("POST", f"{_PERSON}/events")
TRACK_ANONYMOUS = _track("POST", "/api/v1/events")
PUT_DEVICE = _track("PUT", f"{_PERSON}/devices")
DELETE_DEVICE = _track("DELETE", f"{_PERSON}/devices/{{deviceId}}")
SUPPRESS_PERSON = _track("POST", f"{_PERSON}/suppress", Scope.CUSTOMERS_WRITE)
UNSUPPRESS_PERSON = _track("POST", f"{_PERSON}/unsuppress", Scope.CUSTOMERS_WRITE)
MERGE_PEOPLE = _track("POST", "/api/v1/merge_customers", Scope.CUSTOMERS_WRITE)
TRACK_ENTITY = _track("POST", "/api/v2/entity", family=Family.TRACK_2)
TRACK_BATCH = _track("POST", "/api/v2/batch", family=Family.TRACK_2)

CALL_IDENTIFY = _pipelines("/v1/identify")
CALL_TRACK = _pipelines("/v1/track")
CALL_PAGE = _pipelines("/v1/page")
CALL_SCREEN = _pipelines("/v1/screen")
CALL_GROUP = _pipelines("/v1/group")
CALL_ALIAS = _pipelines("/v1/alias")
CALL_BATCH = _pipelines("/v1/batch")
BROWSER_IDENTIFY = _browser("POST", "/v1/i")
BROWSER_TRACK = _browser("POST", "/v1/t")
BROWSER_PAGE = _browser("POST", "/v1/p")
BROWSER_SCREEN = _browser("POST", "/v1/s")
BROWSER_GROUP = _browser("POST", "/v1/g")
BROWSER_ALIAS = _browser("POST", "/v1/a")
BROWSER_BATCH = _browser("POST", "/v1/b")
BROWSER_METRICS = _browser("POST", "/v1/m")
BROWSER_SETTINGS = _browser("GET", "/v1/projects/{writeKey}/settings")

CUSTOMERIO_ROUTES = (
    GET_REGION,
    IDENTIFY_PERSON,
    DELETE_PERSON,
    TRACK_PERSON,
    TRACK_ANONYMOUS,
    PUT_DEVICE,
    DELETE_DEVICE,
    SUPPRESS_PERSON,
    UNSUPPRESS_PERSON,
    MERGE_PEOPLE,
    TRACK_ENTITY,
    TRACK_BATCH,
    CALL_IDENTIFY,
    CALL_TRACK,
    CALL_PAGE,
    CALL_SCREEN,
    CALL_GROUP,
    CALL_ALIAS,
    CALL_BATCH,
    BROWSER_IDENTIFY,
    BROWSER_TRACK,
    BROWSER_PAGE,
    BROWSER_SCREEN,
    BROWSER_GROUP,
    BROWSER_ALIAS,
    BROWSER_BATCH,
    BROWSER_METRICS,
    BROWSER_SETTINGS,
)
