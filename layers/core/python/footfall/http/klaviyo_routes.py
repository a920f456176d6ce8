"""The routes of Klaviyo's API, with the rates that its reference gives for each.

Klaviyo states a burst for a second and a steady rate for a minute. The usage plan keeps the steady
rate by the second, rounded up.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from footfall.domain.stores import Scope
from footfall.http.route import Credential, Family, Route

_SECONDS_OF_MINUTE = 60


@dataclass(frozen=True, slots=True)
class Rate:
    """How often a route may be called, in a second and in a minute."""

    burst: int
    steady: int

    @property
    def each_second(self) -> int:
        """The steady rate by the second, rounded up."""
        return -(-self.steady // _SECONDS_OF_MINUTE)


_M = Rate(10, 150)
_L = Rate(75, 750)
_XL = Rate(350, 3_500)


def _private(method: str, path: str, function: str, rate: Rate) -> Route:
    writes = function == "ingest"
    scope = Scope.CUSTOMER_EVENTS_WRITE if writes else Scope.CUSTOMERS_READ
    return Route(method, path, function, scope, rate.each_second, rate.burst, Family.KLAVIYO)


def _public(path: str, rate: Rate) -> Route:
    return Route(
        "POST",
        path,
        "ingest",
        Scope.CUSTOMER_EVENTS_WRITE,
        rate.each_second,
        rate.burst,
        Family.KLAVIYO,
        Credential.COMPANY_ID,
        is_for_browsers=True,
    )


CREATE_EVENT = _private("POST", "/api/events", "ingest", _XL)
CREATE_EVENT_BULK_JOB = _private("POST", "/api/event-bulk-create-jobs", "ingest", _M)
LIST_EVENT_BULK_JOBS = _private("GET", "/api/event-bulk-create-jobs", "query", _M)
LIST_EVENTS = _private("GET", "/api/events", "query", _XL)
GET_EVENT = _private("GET", "/api/events/{eventId}", "query", _M)
LIST_PROFILES = _private("GET", "/api/profiles", "query", _L)
GET_PROFILE = _private("GET", "/api/profiles/{profileId}", "query", _L)
LIST_METRICS = _private("GET", "/api/metrics", "query", _M)
GET_METRIC = _private("GET", "/api/metrics/{metricId}", "query", _M)
CREATE_CLIENT_EVENT = _public("/client/events", _XL)
CREATE_CLIENT_EVENTS = _public("/client/event-bulk-create", _M)
CREATE_CLIENT_PROFILE = _public("/client/profiles", _L)

RATES: Mapping[Route, Rate] = {
    CREATE_EVENT: _XL,
    CREATE_EVENT_BULK_JOB: _M,
    LIST_EVENT_BULK_JOBS: _M,
    LIST_EVENTS: _XL,
    GET_EVENT: _M,
    LIST_PROFILES: _L,
    GET_PROFILE: _L,
    LIST_METRICS: _M,
    GET_METRIC: _M,
    CREATE_CLIENT_EVENT: _XL,
    CREATE_CLIENT_EVENTS: _M,
    CREATE_CLIENT_PROFILE: _L,
}

KLAVIYO_ROUTES = tuple(RATES)
