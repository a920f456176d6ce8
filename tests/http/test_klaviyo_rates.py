"""The headers of the rate tell what one process has counted, in the window closer to full."""

from footfall.http.klaviyo_rates import rate_headers
from footfall.http.klaviyo_routes import RATES, Rate

RATE = Rate(burst=3, steady=5)
MINUTE = 60 * 29_000_000


def remaining(key: str, now: float) -> tuple[str, str, str]:
    headers = rate_headers(key, RATE, now)
    return (
        headers["RateLimit-Limit"],
        headers["RateLimit-Remaining"],
        headers["RateLimit-Reset"],
    )


def test_the_burst_is_told_until_the_minute_is_closer_to_its_end() -> None:
    assert remaining("a", MINUTE) == ("3, 3;w=1, 5;w=60", "2", "1")
    assert remaining("a", MINUTE + 0.5) == ("3, 3;w=1, 5;w=60", "1", "0")
    assert remaining("a", MINUTE + 1.25) == ("5, 3;w=1, 5;w=60", "2", "58")
    assert remaining("a", MINUTE + 1.25) == ("5, 3;w=1, 5;w=60", "1", "58")
    assert remaining("a", MINUTE + 2) == ("5, 3;w=1, 5;w=60", "0", "58")
    assert remaining("a", MINUTE + 2) == ("5, 3;w=1, 5;w=60", "0", "58")


def test_a_new_minute_begins_anew_and_each_key_has_its_own() -> None:
    later = MINUTE + 600
    for _ in range(9):
        remaining("a", later)
    assert remaining("a", later)[1] == "0"
    assert remaining("b", later)[1] == "2"
    assert remaining("a", later + 60)[1] == "2"


def test_the_rates_are_klaviyos() -> None:
    assert set(RATES.values()) == {Rate(350, 3_500), Rate(75, 750), Rate(10, 150)}
    for route, rate in RATES.items():
        assert route.burst == rate.burst
        assert route.requests_per_second * 60 >= rate.steady > (route.requests_per_second - 1) * 60
