"""Which route a request is for: as API Gateway finds it."""

import pytest

from footfall.http.route import Route
from footfall.http.routes import (
    CREATE_EVENT,
    GET_EVENT_STATUS,
    GET_SEGMENT,
    PREVIEW_SEGMENT,
    PUT_SEGMENT,
    ROUTES,
)
from local.routing import find_route


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_every_route_is_found(route: Route) -> None:
    assert find_route(route.method, route.path.replace("{", "").replace("}", "")) == route


def test_the_values_of_a_parameter_do_not_matter() -> None:
    for value in ("1", "order%2F1", "%C3%A9%40x", "a+b", "..."):
        assert find_route("GET", f"/stores/shop/events/{value}") == GET_EVENT_STATUS


def test_a_literal_path_goes_before_a_parameter() -> None:
    assert find_route("POST", "/stores/shop/segments/preview") == PREVIEW_SEGMENT
    assert find_route("GET", "/stores/shop/segments/preview") == GET_SEGMENT
    assert find_route("PUT", "/stores/shop/segments/vip") == PUT_SEGMENT


def test_one_slash_at_the_end_is_left_out() -> None:
    assert find_route("POST", "/stores/shop/events/") == CREATE_EVENT
    assert find_route("POST", "/stores/shop/events//") is None


@pytest.mark.parametrize(
    ("method", "path"),
    [
        *(("GET", "/"), ("GET", ""), ("GET", "/stores"), ("DELETE", "/stores/shop/events")),
        *(("POST", "/stores//events"), ("POST", "/xstores/shop/events"), ("POST", "//api/events")),
    ],
)
def test_elsewhere_there_is_none(method: str, path: str) -> None:
    assert find_route(method, path) is None
