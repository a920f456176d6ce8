"""Creates or changes a customer by e-mail address (Redo's contract)."""

import os
from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus

from footfall.aws.attempts import attempts
from footfall.aws.customers import CustomerGoneError, put_fields
from footfall.aws.identities import Holders, Resolution
from footfall.contracts.redo import CustomerRequest, profile_fields, read_customer
from footfall.domain.customers import owned_fields
from footfall.domain.identifiers import (
    Identifier,
    IdentifierKind,
    customer_id_for,
    new_event_id,
)
from footfall.errors import ConflictError
from footfall.http.requests import Request, read_json_body
from footfall.http.responses import Response, json_response

_RANDOM_BYTES = 10
_ATTEMPTS = 5


def put_customer(store_id: str, request: Request) -> Response:
    """Answer with the customer's id, and whether it is new."""
    wanted = read_customer(read_json_body(request))
    now = datetime.now(UTC)
    call_id = new_event_id(now, os.urandom(_RANDOM_BYTES))
    resolution = _put(store_id, wanted, now, call_id)
    return json_response(
        HTTPStatus.CREATED if resolution.created else HTTPStatus.OK,
        {
            "id": resolution.customer_id,
            "email": wanted["email"],
            "created": resolution.created,
        },
    )


def _put(store_id: str, wanted: CustomerRequest, now: datetime, call_id: str) -> Resolution:
    """Put what is wanted of the customer, and of whom it has become if it was merged or deleted."""
    holders = Holders()
    new_customer_id = customer_id_for(store_id, call_id)
    for _ in attempts(_ATTEMPTS):
        found = _resolve(
            holders, store_id, wanted["email"], wanted.get("phone_number"), new_customer_id
        )
        fields = owned_fields(profile_fields(wanted), found.owned)
        try:
            put_fields(store_id, found.customer_id, fields, now, call_id)
        except CustomerGoneError as error:
            holders.note(error.customer)
            continue
        return found
    raise ConflictError("the customer is merged again and again")


def _resolve(
    holders: Holders, store_id: str, email: str, phone: str | None, new_customer_id: str
) -> Resolution:
    """Return the holder of the address, which takes the number as well if nobody has it.

    Unlike in an event, a number never decides: two people may share one, and the caller has said
    whom they mean.
    """
    address = Identifier(IdentifierKind.EMAIL, email)
    number = Identifier(IdentifierKind.PHONE, phone) if phone else None
    holders.load((store_id, one) for one in (address, number) if one)
    found = holders.resolve(store_id, [address], new_customer_id)
    if number is None:
        return found
    both = holders.resolve(store_id, [address, number], found.customer_id)
    return replace(both, created=found.created)
