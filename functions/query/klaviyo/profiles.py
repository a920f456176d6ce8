"""Profiles: the customers of a store, found by what names them, or walked in the order of ids."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from http import HTTPStatus
from itertools import islice

from footfall.aws.backfills import customers_after
from footfall.aws.customers import read_customers
from footfall.aws.identities import read_identities
from footfall.aws.keys import STORE_SHARDS
from footfall.aws.roots import living_customers
from footfall.contracts.klaviyo_revisions import Revision
from footfall.domain.customers import Customer
from footfall.domain.identifiers import (
    Identifier,
    IdentifierKind,
    normalise_email,
    normalise_phone,
)
from footfall.domain.limits import MAX_NAME_CHARACTERS
from footfall.domain.values import JsonObject
from footfall.http.paging import Page, page_token
from footfall.http.problems import ProblemError
from footfall.http.requests import Request
from query.klaviyo.asking import (
    asked_order,
    asked_page,
    bad_cursor,
    bad_parameter,
    conditions_of,
    included_types,
)
from query.klaviyo.filters import Condition
from query.klaviyo.links import list_links
from query.klaviyo.resources import profile_resource

_DEFAULT_SIZE = 20
_MAX_SIZE = 100
_MAX_VALUES = 100
_CUSTOMER_ID = re.compile(r"[0-9a-f]{1,64}", re.ASCII)
_BY = ("equals", "any")
_FILTERS: Mapping[str, Sequence[str]] = {
    "id": _BY,
    "email": _BY,
    "phone_number": _BY,
    "external_id": _BY,
}


def list_profiles(store_id: str, request: Request, _revision: Revision) -> JsonObject:
    """Return a page of the profiles that the filter names, or of all, in the order of their ids."""
    conditions = conditions_of(request, _FILTERS)
    page = asked_page(request, default=_DEFAULT_SIZE, most=_MAX_SIZE)
    asked_order(request, ("id",))
    included_types(request, ())
    own_ids: Mapping[str, str] = {}
    if conditions:
        found, own_ids = _named(store_id, _one_condition(conditions))
        customers, there_is_more = _cut(found, page)
    else:
        customers, there_is_more = _walked(store_id, page)
    cursor = page_token(customers[-1].customer_id) if there_is_more else None
    return {
        "data": [
            profile_resource(request, customer, own_ids.get(customer.customer_id))
            for customer in customers
        ],
        "links": list_links(request, cursor),
    }


def get_profile(store_id: str, request: Request, _revision: Revision) -> JsonObject:
    """Return the profile that the path names."""
    included_types(request, ())
    profile_id = request.path_parameters["profileId"]
    customer = find_profile(store_id, profile_id)
    if customer is None:
        raise ProblemError(HTTPStatus.NOT_FOUND, "The store has no such profile.")
    resource = profile_resource(request, customer)
    return {"data": resource, "links": resource["links"]}


def find_profile(store_id: str, profile_id: str) -> Customer | None:
    """Return the customer of this id, or the one that it was merged into."""
    if not profile_id or len(profile_id) > MAX_NAME_CHARACTERS:
        return None
    (customer,) = _holders(store_id, [Identifier(IdentifierKind.ID, profile_id)]).values() or (
        None,
    )
    return customer


def _one_condition(conditions: Mapping[str, Sequence[Condition]]) -> Condition:
    listed = [condition for of_field in conditions.values() for condition in of_field]
    if len(listed) != 1 or len(listed[0].values) > _MAX_VALUES:
        raise bad_parameter("filter", f"Must be one condition, with at most {_MAX_VALUES} values.")
    return listed[0]


def _named(store_id: str, condition: Condition) -> tuple[list[Customer], Mapping[str, str]]:
    """Return the customers that the condition names, and the clients' own ids of those."""
    identifiers = [one for text in condition.values if (one := _identifier(condition.field, text))]
    holders = _holders(store_id, identifiers)
    own_ids = {
        customer.customer_id: identifier.value
        for identifier, customer in holders.items()
        if condition.field == "external_id"
    }
    distinct = {customer.customer_id: customer for customer in holders.values()}
    return [distinct[one] for one in sorted(distinct)], own_ids


def _holders(store_id: str, identifiers: Sequence[Identifier]) -> dict[Identifier, Customer]:
    ids = read_identities(store_id, identifiers)
    customers = living_customers({(store_id, customer_id) for customer_id in ids.values()})
    return {
        identifier: customers[store_id, customer_id]
        for identifier, customer_id in ids.items()
        if (store_id, customer_id) in customers
    }


def _identifier(field: str, text: str) -> Identifier | None:
    """Return the identifier that a filter compares with; None for what nobody can hold."""
    match field:
        case "email":
            kind, value = IdentifierKind.EMAIL, normalise_email(text)
        case "phone_number":
            kind, value = IdentifierKind.PHONE, normalise_phone(text)
        case _:
            kind, value = IdentifierKind.ID, text.strip()
    return Identifier(kind, value) if value and len(value) <= MAX_NAME_CHARACTERS else None


def _cut(customers: Sequence[Customer], page: Page) -> tuple[Sequence[Customer], bool]:
    left = [one for one in customers if page.after is None or one.customer_id > page.after]
    return left[: page.size], len(left) > page.size


def _walked(store_id: str, page: Page) -> tuple[Sequence[Customer], bool]:
    if page.after is not None and _CUSTOMER_ID.fullmatch(page.after) is None:
        raise bad_cursor()
    walk = living_profiles(store_id, page.after, page.size + 1)
    customers = list(islice(walk, page.size + 1))
    return customers[: page.size], len(customers) > page.size


def living_profiles(store_id: str, after: str | None, expected: int) -> Iterator[Customer]:
    """Yield the customers behind this id; shards are the first digits of ids, so all in order.

    Args:
        expected: how many the caller will take; no more are read at once.
    """
    first_shard = 0 if after is None else int(after[0], STORE_SHARDS)
    for shard in range(first_shard, STORE_SHARDS):
        while ids := customers_after(store_id, shard, after, expected):
            yield from _read(store_id, ids)
            after = ids[-1]
        after = None


def _read(store_id: str, ids: Collection[str]) -> Iterator[Customer]:
    customers = read_customers((store_id, customer_id) for customer_id in ids)
    for key in sorted(customers):
        if not customers[key].is_gone:
            yield customers[key]
