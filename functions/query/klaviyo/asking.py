"""What a request asks of a list: filter, page, order, fields and what to include."""

from collections.abc import Collection, Mapping, Sequence
from http import HTTPStatus
from urllib.parse import unquote

from footfall.http.paging import Page, page_size_of, place_of_token
from footfall.http.problems import ProblemError
from footfall.http.requests import Request
from query.klaviyo.filters import Condition, FilterSyntaxError, parse_filter

_FILTER = "filter"
_CURSOR = "page[cursor]"
_SIZE = "page[size]"
_SORT = "sort"
_INCLUDE = "include"


def bad_parameter(parameter: str, detail: str) -> ProblemError:
    """Return the problem of a query parameter."""
    return ProblemError(HTTPStatus.BAD_REQUEST, detail, parameter=parameter)


def conditions_of(
    request: Request, offered: Mapping[str, Collection[str]]
) -> Mapping[str, Sequence[Condition]]:
    """Return the conditions of the filter, by field.

    Args:
        request: the request.
        offered: the operators that each field can be compared by.

    Raises:
        ProblemError: 400 for what is no filter, or none that is offered.
    """
    text = request.query.get(_FILTER, "").strip()
    try:
        conditions = parse_filter(text) if text else []
    except FilterSyntaxError:
        raise bad_parameter(
            _FILTER, 'Must be conditions such as equals(email,"jane@example.com").'
        ) from None
    found: dict[str, list[Condition]] = {}
    for condition in conditions:
        _check_offered(condition, offered)
        found.setdefault(condition.field, []).append(condition)
    return found


def asked_page(request: Request, *, default: int, most: int) -> Page:
    """Return the page that is asked for.

    Raises:
        ProblemError: 400 for a size out of bounds, or a cursor that is none.
    """
    size = page_size_of(request.query.get(_SIZE, str(default)), most)
    if size is None:
        raise bad_parameter(_SIZE, f"Must be a whole number from 1 to {most}.")
    return Page(size, _after(request))


def bad_cursor() -> ProblemError:
    """Return the problem of a cursor that leads to no page."""
    return bad_parameter(_CURSOR, "Must be a cursor, or the link, of the page before.")


def asked_order(request: Request, offered: Sequence[str]) -> str:
    """Return by what the list is ordered; the first that is offered if nothing is asked for.

    Raises:
        ProblemError: 400 for an order that is not offered.
    """
    order = request.query.get(_SORT, "").strip() or offered[0]
    if order not in offered:
        raise bad_parameter(_SORT, f"Must be one of {', '.join(offered)}.")
    return order


def included_types(request: Request, offered: Sequence[str]) -> Collection[str]:
    """Return the types of the related resources that are asked for.

    Raises:
        ProblemError: 400 for a type that is not offered.
    """
    types = _listed(request.query.get(_INCLUDE, ""))
    if not set(types) <= set(offered):
        detail = f"Must be one of {', '.join(offered)}." if offered else "Nothing can be included."
        raise bad_parameter(_INCLUDE, detail)
    return types


def asked_fields(request: Request, resource_type: str) -> Collection[str] | None:
    """Return the attributes that are asked for, or None for all; `location.city` names one part."""
    text = request.query.get(f"fields[{resource_type}]")
    return None if text is None else _listed(text)


def _after(request: Request) -> str | None:
    """Return what the cursor says: SDKs send it with a leading `=`, or as the link it stood in.

    Of such a link the last part is the cursor; what stands before may be decoded already.
    """
    text = request.query.get(_CURSOR, "").strip()
    if "://" in text:
        _, found, text = unquote(text).rpartition(f"{_CURSOR}=")
        if not found:
            raise bad_cursor()
    text = text.lstrip("=")
    if not text:
        return None
    place = place_of_token(text)
    if place is None:
        raise bad_cursor()
    return place


def _check_offered(condition: Condition, offered: Mapping[str, Collection[str]]) -> None:
    operators = offered.get(condition.field, ())
    if condition.operator not in operators:
        choices = "; ".join(f"{field}: {', '.join(names)}" for field, names in offered.items())
        raise bad_parameter(_FILTER, f"This filter is not offered. Offered are {choices}.")
    takes_many = condition.operator == "any"
    count = len(condition.values)
    if (condition.operator == "has") != (count == 0) or (count > 1 and not takes_many):
        raise bad_parameter(
            _FILTER, f"{condition.operator} compares with another number of values."
        )


def _listed(text: str) -> Sequence[str]:
    return [name.strip() for name in text.split(",") if name.strip()]
