"""The usage plan at the front: a token bucket for each store and route."""

import pytest

from local.throttle import Limit, Throttle

LIMITS = {
    "/stores/{storeId}/events/{uniqueId}/GET": Limit(rate=2, burst=2),
    "/stores/{storeId}/events/POST": Limit(rate=10, burst=3),
    "/stores/{storeId}/events/latest/GET": Limit(rate=1, burst=1),
}


class Clock:
    """A clock that stands still until it is told otherwise."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def throttle(clock: Clock) -> Throttle:
    return Throttle(LIMITS, clock)


def test_a_burst_is_admitted_and_no_more(throttle: Throttle) -> None:
    admitted = [throttle.admits("POST", "/stores/shop/events") for _ in range(5)]
    assert admitted == [True, True, True, False, False]


def test_tokens_come_back_at_the_rate_up_to_the_burst(throttle: Throttle, clock: Clock) -> None:
    while throttle.admits("POST", "/stores/shop/events"):
        pass
    clock.now += 0.15
    assert throttle.admits("POST", "/stores/shop/events")
    assert not throttle.admits("POST", "/stores/shop/events")
    clock.now += 3600
    admitted = [throttle.admits("POST", "/stores/shop/events") for _ in range(4)]
    assert admitted == [True, True, True, False]


def test_stores_and_routes_do_not_share(throttle: Throttle) -> None:
    while throttle.admits("POST", "/stores/shop/events"):
        pass
    assert throttle.admits("POST", "/stores/bakery/events")
    assert throttle.admits("GET", "/stores/shop/events/order-1")


def test_the_values_of_a_parameter_share(throttle: Throttle) -> None:
    admitted = [throttle.admits("GET", f"/stores/shop/events/{number}") for number in range(3)]
    assert admitted == [True, True, False]


def test_a_literal_path_goes_before_a_parameter(throttle: Throttle) -> None:
    admitted = [throttle.admits("GET", "/stores/shop/events/latest") for _ in range(2)]
    assert admitted == [True, False]


def test_a_route_outside_the_plan_is_not_throttled(throttle: Throttle) -> None:
    assert all(throttle.admits("GET", "/elsewhere") for _ in range(1000))
