"""The limits at the front: a token bucket for each store and route, or for one of all stores."""

import pytest

from local.throttle import Limit, Throttle

STATUS = "/stores/{storeId}/events/{uniqueId}/GET"
CREATE = "/stores/{storeId}/events/POST"
KLAVIYO = "/api/events/POST"
BROWSER = "/v1/t/POST"
PLAN = {
    STATUS: Limit(rate=2, burst=2),
    CREATE: Limit(rate=10, burst=3),
    KLAVIYO: Limit(rate=2, burst=6),
}
STAGE = {BROWSER: Limit(rate=1, burst=2)}


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
    return Throttle(PLAN, STAGE, clock)


def test_a_burst_is_admitted_and_no_more(throttle: Throttle) -> None:
    admitted = [throttle.admits(CREATE, "shop") for _ in range(5)]
    assert admitted == [True, True, True, False, False]


def test_tokens_come_back_at_the_rate_up_to_the_burst(throttle: Throttle, clock: Clock) -> None:
    while throttle.admits(CREATE, "shop"):
        pass
    clock.now += 0.15
    assert throttle.admits(CREATE, "shop")
    assert not throttle.admits(CREATE, "shop")
    clock.now += 3600
    admitted = [throttle.admits(CREATE, "shop") for _ in range(4)]
    assert admitted == [True, True, True, False]


def test_stores_and_routes_do_not_share(throttle: Throttle) -> None:
    while throttle.admits(CREATE, "shop"):
        pass
    assert throttle.admits(CREATE, "bakery")
    assert throttle.admits(STATUS, "shop")


def test_a_burst_may_be_more_than_a_second_refills(throttle: Throttle, clock: Clock) -> None:
    assert [throttle.admits(KLAVIYO, "shop") for _ in range(7)] == [True] * 6 + [False]
    clock.now += 1
    assert [throttle.admits(KLAVIYO, "shop") for _ in range(3)] == [True, True, False]


def test_the_stage_limits_all_stores_together(throttle: Throttle, clock: Clock) -> None:
    assert [throttle.admits(BROWSER, None) for _ in range(3)] == [True, True, False]
    clock.now += 1
    assert [throttle.admits(BROWSER, None) for _ in range(2)] == [True, False]


def test_who_has_no_store_takes_nothing_from_any(throttle: Throttle) -> None:
    assert all(throttle.admits(CREATE, None) for _ in range(1000))
    assert throttle.admits(CREATE, "shop")


def test_a_route_without_limits_is_not_throttled(throttle: Throttle) -> None:
    assert all(throttle.admits("/elsewhere/GET", "shop") for _ in range(1000))
