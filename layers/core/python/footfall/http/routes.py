"""Every route of the API, once: infra deploys it, the functions and the OpenAPI file follow it."""

from footfall.domain.stores import Scope
from footfall.http.customerio_routes import CUSTOMERIO_ROUTES
from footfall.http.klaviyo_routes import KLAVIYO_ROUTES
from footfall.http.route import Route
from footfall.http.yotpo_routes import YOTPO_ROUTES

CREATE_EVENT = Route("POST", "/stores/{storeId}/events", "ingest", Scope.CUSTOMER_EVENTS_WRITE, 100)
CREATE_EVENTS = Route(
    "POST", "/stores/{storeId}/events/bulk", "ingest", Scope.CUSTOMER_EVENTS_WRITE, 100
)
GET_EVENT_STATUS = Route(
    "GET", "/stores/{storeId}/events/{uniqueId}", "query", Scope.CUSTOMERS_READ, 100
)
FIND_CUSTOMER = Route("GET", "/stores/{storeId}/customers", "query", Scope.CUSTOMERS_READ, 100)
PUT_CUSTOMER = Route("PUT", "/stores/{storeId}/customers", "query", Scope.CUSTOMERS_WRITE, 50)
GET_CUSTOMER = Route(
    "GET", "/stores/{storeId}/customers/{customerId}", "query", Scope.CUSTOMERS_READ, 100
)
LIST_CUSTOMER_EVENTS = Route(
    "GET", "/stores/{storeId}/customers/{customerId}/events", "query", Scope.CUSTOMERS_READ, 100
)
LIST_CUSTOMER_SEGMENTS = Route(
    "GET", "/stores/{storeId}/customers/{customerId}/segments", "query", Scope.CUSTOMERS_READ, 50
)
LIST_EVENT_NAMES = Route("GET", "/stores/{storeId}/event-names", "query", Scope.CUSTOMERS_READ, 50)
LIST_SEGMENTS = Route("GET", "/stores/{storeId}/segments", "query", Scope.CUSTOMERS_READ, 50)
PUT_SEGMENT = Route(
    "PUT", "/stores/{storeId}/segments/{segmentId}", "query", Scope.SEGMENTS_WRITE, 50
)
GET_SEGMENT = Route(
    "GET", "/stores/{storeId}/segments/{segmentId}", "query", Scope.CUSTOMERS_READ, 50
)
DELETE_SEGMENT = Route(
    "DELETE", "/stores/{storeId}/segments/{segmentId}", "query", Scope.SEGMENTS_WRITE, 50
)
LIST_SEGMENT_CUSTOMERS = Route(
    "GET", "/stores/{storeId}/segments/{segmentId}/customers", "query", Scope.CUSTOMERS_READ, 50
)
PREVIEW_SEGMENT = Route(
    "POST", "/stores/{storeId}/segments/preview", "query", Scope.CUSTOMERS_READ, 10
)

OWN_ROUTES = (
    CREATE_EVENT,
    CREATE_EVENTS,
    GET_EVENT_STATUS,
    FIND_CUSTOMER,
    PUT_CUSTOMER,
    GET_CUSTOMER,
    LIST_CUSTOMER_EVENTS,
    LIST_CUSTOMER_SEGMENTS,
    LIST_EVENT_NAMES,
    LIST_SEGMENTS,
    PUT_SEGMENT,
    GET_SEGMENT,
    DELETE_SEGMENT,
    LIST_SEGMENT_CUSTOMERS,
    PREVIEW_SEGMENT,
)

ROUTES = (*OWN_ROUTES, *KLAVIYO_ROUTES, *CUSTOMERIO_ROUTES, *YOTPO_ROUTES)
