"""The routes of Yotpo's API: unverified, as its reference publishes no path for custom events.

Rate: 5 requests a second for each store, by Yotpo's guidelines.
"""

from footfall.domain.stores import Scope
from footfall.http.route import Credential, Family, Route

_STORE = "/core/v3/stores/{storeId}"


def _events(method: str, path: str) -> Route:
    return Route(
        method,
        f"{_STORE}/{path}",
        "ingest",
        Scope.CUSTOMER_EVENTS_WRITE,
        5,
        None,
        Family.YOTPO,
        Credential.YOTPO_TOKEN,
    )


CREATE_ACCESS_TOKEN = Route(
    "POST",
    f"{_STORE}/access_tokens",
    "ingest",
    Scope.CUSTOMER_EVENTS_WRITE,
    5,
    None,
    Family.YOTPO,
    Credential.BODY,
)
PUT_EVENT = (
    _events("POST", "customers/events"),
    _events("PATCH", "customers/events"),
    _events("POST", "customers/custom_events"),
    _events("PATCH", "customers/custom_events"),
    _events("POST", "custom_events"),
    _events("PATCH", "custom_events"),
)
"""One and the same call: which of these Yotpo means is not known."""

YOTPO_ROUTES = (CREATE_ACCESS_TOKEN, *PUT_EVENT)
