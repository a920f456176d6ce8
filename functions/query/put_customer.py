"""Creates or changes a customer by e-mail address (Redo's contract)."""

import os
from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus

from footfall.aws.customers import put_fields
from footfall.aws.identities import Holders, Resolution
from footfall.contracts.redo import profile_fields, read_customer
from footfall.domain.customers import owned_fields
from footfall.domain.identifiers import (
    Identifier,
    IdentifierKind,
    customer_id_for,
    new_event_id,
)
from footfall.http.requests import Request, read_json_body
from footfall.http.responses import Response, json_response

_RANDOM_BYTES = 10


def put_customer(store_id: str, request: Request) -> Response:
    """Answer with the customer's id, and whether it is new."""
    wanted = read_customer(read_json_body(request))
    now = datetime.now(UTC)
    call_id = new_event_id(now, os.urandom(_RANDOM_BYTES))
    resolution = _resolve(
        store_id, wanted.email, wanted.phone_number, customer_id_for(store_id, call_id)
    )
    fields = owned_fields(profile_fields(wanted), resolution.owned)
    put_fields(store_id, resolution.customer_id, fields, now, call_id)
    return json_response(
        HTTPStatus.CREATED if resolution.created else HTTPStatus.OK,
        {
            "id": resolution.customer_id,
            "email": wanted.email,
            "created": resolution.created,
        },
    )


def _resolve(store_id: str, email: str, phone: str | None, new_customer_id: str) -> Resolution:
    """Return the holder of the address, which takes the number as well if nobody has it.

    Unlike in an event, a number never decides: two people may share one, and the caller has said
    whom they mean.
    """
    address = Identifier(IdentifierKind.EMAIL, email)
    number = Identifier(IdentifierKind.PHONE, phone) if phone else None
    holders = Holders()
    holders.load((store_id, one) for one in (address, number) if one)
    found = holders.resolve(store_id, [address], new_customer_id)
    if number is None:
        return found
    both = holders.resolve(store_id, [address, number], found.customer_id)
    return replace(both, created=found.created)
