"""What each route takes and answers, in words and models; the routes stand in footfall.http."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

from pydantic import BaseModel

from footfall.contracts.previews import PreviewRequest
from footfall.contracts.redo import CustomerRequest, EventRequest, EventsRequest
from footfall.contracts.segments import SegmentRequest
from footfall.http import routes
from footfall.http.paging import DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE
from footfall.http.route import Route
from openapi import answers, examples

Schema = Mapping[str, object]

_TEXT: Schema = {"type": "string"}
_TIMESTAMP: Schema = {"type": "string", "format": "date-time"}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A query parameter or a header of a request."""

    place: str
    name: str
    description: str
    schema: Schema = field(default_factory=lambda: _TEXT)


@dataclass(frozen=True, slots=True)
class Operation:
    """What a route takes, and what it answers when all is well.

    Attributes:
        successes: by status, the models that the answer can be; none for an empty body.
        is_paged: whether the X-Page-* headers apply.
        can_miss: whether 404 can mean that what is asked for is not there.
        can_conflict: whether what is stored can forbid it.
    """

    name: str
    summary: str
    description: str
    successes: Mapping[HTTPStatus, Sequence[type[BaseModel]]]
    request: type[object] | None = None
    request_example: Mapping[str, object] | None = None
    parameters: Sequence[Parameter] = ()
    is_paged: bool = False
    can_miss: bool = False
    can_conflict: bool = False


_INGEST_HEADERS = (
    Parameter(
        "header",
        "Idempotency-Key",
        "Names the request, so that it may be sent again: events without a uniqueId get one, made "
        "of this key and their index.",
        {"type": "string", "pattern": "^[!-~]{1,200}$"},
    ),
    Parameter(
        "header",
        "Prefer",
        "With `return=representation`, valid events are accepted beside invalid ones, and the "
        "answer lists the fate of each.",
        {"type": "string", "examples": ["return=representation"]},
    ),
)
PAGE_HEADERS = (
    Parameter(
        "header",
        "X-Page-Size",
        "How many entries to answer with.",
        {
            "type": "integer",
            "minimum": 1,
            "maximum": MAX_PAGE_SIZE,
            "default": DEFAULT_PAGE_SIZE,
        },
    ),
    Parameter("header", "X-Page-Continue", "The X-Page-Next of the page before."),
)

OPERATIONS: Mapping[Route, Operation] = {
    routes.CREATE_EVENT: Operation(
        "createEvent",
        "Send an event",
        "202 means that the event is durable; it is on its customer's timeline soon after.",
        {HTTPStatus.ACCEPTED: [answers.EventFates]},
        request=EventRequest,
        request_example=examples.EVENT,
        parameters=_INGEST_HEADERS,
    ),
    routes.CREATE_EVENTS: Operation(
        "createEvents",
        "Send up to 100 events",
        "One invalid event refuses the whole request, unless the caller prefers "
        "`return=representation`.",
        {HTTPStatus.ACCEPTED: [answers.EventFates]},
        request=EventsRequest,
        request_example=examples.EVENTS,
        parameters=_INGEST_HEADERS,
    ),
    routes.GET_EVENT_STATUS: Operation(
        "getEventStatus",
        "See what became of an accepted event",
        "404 until the event with this uniqueId is stored, or is known to be impossible to store.",
        {HTTPStatus.OK: [answers.StoredStatus, answers.DeadStatus]},
        can_miss=True,
    ),
    routes.FIND_CUSTOMER: Operation(
        "findCustomer",
        "Find a customer",
        "By exactly one of the query parameters.",
        {HTTPStatus.OK: [answers.Customer]},
        parameters=(
            Parameter("query", "email", "In any spelling.", {"type": "string", "format": "email"}),
            Parameter("query", "phoneNumber", "E.164, its `+` sent as `%2B`."),
            Parameter("query", "id", "As returned by Footfall, or as sent in `customer.id`."),
        ),
        can_miss=True,
    ),
    routes.PUT_CUSTOMER: Operation(
        "putCustomer",
        "Create or change a customer",
        "The e-mail address decides which. Fields that are left out are left alone.",
        {
            HTTPStatus.OK: [answers.CustomerPut],
            HTTPStatus.CREATED: [answers.CustomerPut],
        },
        request=CustomerRequest,
        request_example=examples.CUSTOMER,
    ),
    routes.GET_CUSTOMER: Operation(
        "getCustomer",
        "Get a customer",
        "By Footfall's id, or by the one sent in `customer.id`.",
        {HTTPStatus.OK: [answers.Customer]},
        can_miss=True,
    ),
    routes.LIST_CUSTOMER_EVENTS: Operation(
        "listCustomerEvents",
        "List a customer's events",
        "Newest first.",
        {HTTPStatus.OK: [answers.Events]},
        parameters=(
            Parameter("query", "eventName", "Only events of this name."),
            Parameter("query", "from", "Only events at or after this instant.", _TIMESTAMP),
            Parameter("query", "to", "Only events before this instant.", _TIMESTAMP),
        ),
        is_paged=True,
        can_miss=True,
    ),
    routes.LIST_CUSTOMER_SEGMENTS: Operation(
        "listCustomerSegments",
        "List the segments that a customer is in",
        "By id, each with the instant from which on the customer is a member.",
        {HTTPStatus.OK: [answers.Memberships]},
        is_paged=True,
        can_miss=True,
    ),
    routes.LIST_EVENT_NAMES: Operation(
        "listEventNames",
        "List the event names of the store",
        "With the properties that each was seen with, and their types.",
        {HTTPStatus.OK: [answers.EventNames]},
        is_paged=True,
    ),
    routes.LIST_SEGMENTS: Operation(
        "listSegments",
        "List the segments of the store",
        "By id.",
        {HTTPStatus.OK: [answers.Segments]},
        is_paged=True,
    ),
    routes.PUT_SEGMENT: Operation(
        "putSegment",
        "Create or change a segment",
        "The caller chooses its id. A definition that is stored already changes nothing. 409 while "
        "a segment of this id is being deleted, or when the store has no room for more.",
        {
            HTTPStatus.OK: [answers.Segment],
            HTTPStatus.CREATED: [answers.Segment],
        },
        request=SegmentRequest,
        request_example=examples.SEGMENT,
        can_conflict=True,
    ),
    routes.GET_SEGMENT: Operation(
        "getSegment",
        "Get a segment",
        "With its definition, and how far it is.",
        {HTTPStatus.OK: [answers.Segment]},
        can_miss=True,
    ),
    routes.DELETE_SEGMENT: Operation(
        "deleteSegment",
        "Delete a segment",
        "Its members leave it first. 409 while another segment refers to it.",
        {HTTPStatus.NO_CONTENT: []},
        can_miss=True,
        can_conflict=True,
    ),
    routes.LIST_SEGMENT_CUSTOMERS: Operation(
        "listSegmentCustomers",
        "List the customers in a segment",
        "By id, each with the instant from which on it is a member.",
        {HTTPStatus.OK: [answers.Members]},
        is_paged=True,
        can_miss=True,
    ),
    routes.PREVIEW_SEGMENT: Operation(
        "previewSegment",
        "Try a definition on up to 100 customers",
        "Decides each of them from the whole history, with a reason for every leaf, and stores "
        "nothing.",
        {HTTPStatus.OK: [answers.Preview]},
        request=PreviewRequest,
        request_example=examples.PREVIEW,
    ),
}
