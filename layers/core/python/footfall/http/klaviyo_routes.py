"""The routes of Klaviyo's API, with the rates that its reference gives for each (burst; steady).

Klaviyo states a steady rate a minute; the usage plan keeps it by the second, rounded up.
"""

from footfall.domain.stores import Scope
from footfall.http.route import Credential, Family, Route


def _private(method: str, path: str, function: str, steady: int, burst: int) -> Route:
    writes = function == "ingest"
    scope = Scope.CUSTOMER_EVENTS_WRITE if writes else Scope.CUSTOMERS_READ
    return Route(method, path, function, scope, steady, burst, Family.KLAVIYO)


def _public(path: str, steady: int, burst: int) -> Route:
    return Route(
        "POST",
        path,
        "ingest",
        Scope.CUSTOMER_EVENTS_WRITE,
        steady,
        burst,
        Family.KLAVIYO,
        Credential.COMPANY_ID,
        is_for_browsers=True,
    )


CREATE_EVENT = _private("POST", "/api/events", "ingest", 59, 350)
CREATE_EVENT_BULK_JOB = _private("POST", "/api/event-bulk-create-jobs", "ingest", 3, 10)
LIST_EVENT_BULK_JOBS = _private("GET", "/api/event-bulk-create-jobs", "query", 3, 10)
LIST_EVENTS = _private("GET", "/api/events", "query", 59, 350)
GET_EVENT = _private("GET", "/api/events/{eventId}", "query", 3, 10)
LIST_PROFILES = _private("GET", "/api/profiles", "query", 13, 75)
GET_PROFILE = _private("GET", "/api/profiles/{profileId}", "query", 13, 75)
LIST_METRICS = _private("GET", "/api/metrics", "query", 3, 10)
GET_METRIC = _private("GET", "/api/metrics/{metricId}", "query", 3, 10)
CREATE_CLIENT_EVENT = _public("/client/events", 59, 350)
CREATE_CLIENT_EVENTS = _public("/client/event-bulk-create", 3, 10)
CREATE_CLIENT_PROFILE = _public("/client/profiles", 13, 75)

KLAVIYO_ROUTES = (
    CREATE_EVENT,
    CREATE_EVENT_BULK_JOB,
    LIST_EVENT_BULK_JOBS,
    LIST_EVENTS,
    GET_EVENT,
    LIST_PROFILES,
    GET_PROFILE,
    LIST_METRICS,
    GET_METRIC,
    CREATE_CLIENT_EVENT,
    CREATE_CLIENT_EVENTS,
    CREATE_CLIENT_PROFILE,
)
