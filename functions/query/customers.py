"""The customers of a store, found by whatever names them, in the shape of Redo's contract."""

from http import HTTPStatus

from footfall.aws.identities import read_identities
from footfall.aws.roots import living_customer
from footfall.domain.customers import Customer
from footfall.domain.identifiers import (
    Identifier,
    IdentifierKind,
    normalise_email,
    normalise_phone,
)
from footfall.domain.limits import MAX_NAME_CHARACTERS
from footfall.domain.timestamps import format_timestamp
from footfall.domain.values import JsonObject, JsonValue
from footfall.http.problems import ProblemError
from footfall.http.requests import Request
from footfall.http.responses import Response, json_response

_SEARCHES = ("email", "phoneNumber", "id")


def find_customer(store_id: str, request: Request) -> Response:
    """Answer with the customer that has the e-mail address, the phone number or the id."""
    searches = [name for name in _SEARCHES if name in request.query]
    if len(searches) != 1:
        raise ProblemError(
            HTTPStatus.BAD_REQUEST,
            "Give exactly one of the query parameters `email`, `phoneNumber` and `id`.",
        )
    (name,) = searches
    identifier = _identifier(name, request.query[name])
    return json_response(HTTPStatus.OK, customer_document(_known(store_id, identifier)))


def get_customer(store_id: str, request: Request) -> Response:
    """Answer with the customer that the path names."""
    return json_response(HTTPStatus.OK, customer_document(customer_of_path(store_id, request)))


def customer_of_path(store_id: str, request: Request) -> Customer:
    """Return the customer that the path names, by Footfall's id or by the client's own.

    Whoever was merged into another customer is answered as that one.

    Raises:
        ProblemError: 404 when the store has no such customer.
    """
    identifier = Identifier(IdentifierKind.ID, request.path_parameters["customerId"])
    return _known(store_id, identifier)


def customer_document(customer: Customer) -> JsonObject:
    """Return the customer as the API shows it."""
    document: dict[str, JsonValue] = {"id": customer.customer_id}
    groups: dict[str, dict[str, JsonValue]] = {}
    for path, field in sorted(customer.fields.items()):
        if field.value is None:
            continue
        group, _, name = path.partition(".")
        if name:
            groups.setdefault(group, {})[name] = field.value
        else:
            document[path] = field.value
    return {
        **document,
        **groups,
        "createdAt": format_timestamp(customer.created_at),
        "updatedAt": format_timestamp(customer.updated_at),
    }


def _known(store_id: str, identifier: Identifier) -> Customer:
    customer = None
    if len(identifier.value) <= MAX_NAME_CHARACTERS:
        customer_id = read_identities(store_id, [identifier]).get(identifier)
        customer = living_customer(store_id, customer_id) if customer_id else None
    if customer is None:
        raise ProblemError(HTTPStatus.NOT_FOUND, "The store has no such customer.")
    return customer


def _identifier(name: str, text: str) -> Identifier:
    match name:
        case "email":
            kind, value = IdentifierKind.EMAIL, normalise_email(text)
            wanted = "an e-mail address"
        case "phoneNumber":
            kind, value = IdentifierKind.PHONE, normalise_phone(text)
            wanted = "a phone number in E.164 format, its `+` sent as `%2B`"
        case _:
            kind, value = IdentifierKind.ID, text.strip()
            wanted = "an id"
    if not value:
        raise ProblemError(
            HTTPStatus.BAD_REQUEST, f"The query parameter `{name}` must be {wanted}."
        )
    return Identifier(kind, value)
