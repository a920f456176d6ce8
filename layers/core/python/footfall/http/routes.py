"""Every route of the API, once: infra deploys it, the functions and the OpenAPI file follow it."""

from dataclasses import dataclass

from footfall.domain.stores import Scope


@dataclass(frozen=True, slots=True)
class Route:
    """One method on one path.

    Attributes:
        path: the resource path as API Gateway knows it.
        function: the folder under functions/ that answers it.
        scope: what a key needs to call it.
        requests_per_second: the store's share, kept by the usage plan; also the burst.
    """

    method: str
    path: str
    function: str
    scope: Scope
    requests_per_second: int


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

ROUTES = (
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
