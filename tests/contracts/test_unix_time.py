"""Unix times: what is none means now, as Customer.io takes it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.contracts.unix_time import instant_or_now
from footfall.domain.limits import EARLIEST_TIMESTAMP, LATEST_TIMESTAMP_AHEAD
from tests.builders import NOON

IN_2013 = datetime(2013, 1, 28, 16, 10, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    "value", [1_359_389_415, "1359389415", " 1359389415 ", Decimal("1359389415.9")], ids=repr
)
def test_seconds_since_1970(value: int | str | Decimal) -> None:
    assert instant_or_now(value, now=NOON) == IN_2013


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        "",
        "now",
        "2013-01-28T16:10:15Z",
        "1359389415.5",
        "-1359389415",
        "١٣٥٩٣٨٩٤١٥",
        [1_359_389_415],
        {"t": 1_359_389_415},
        1_359_389_415_000,  # milliseconds
        0,
        -1,
        10**400,
        Decimal("1E+100000"),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_whatever_is_none_means_now(value: object) -> None:
    assert instant_or_now(value, now=NOON) == NOON  # type: ignore[arg-type]  # whatever comes


@pytest.mark.parametrize(
    ("instant", "is_taken"),
    [
        (EARLIEST_TIMESTAMP, True),
        (EARLIEST_TIMESTAMP - timedelta(seconds=1), False),
        (NOON + LATEST_TIMESTAMP_AHEAD, True),
        (NOON + LATEST_TIMESTAMP_AHEAD + timedelta(seconds=1), False),
    ],
)
def test_the_bounds_are_those_of_every_event(instant: datetime, *, is_taken: bool) -> None:
    value = int(instant.timestamp())
    assert instant_or_now(value, now=NOON) == (instant if is_taken else NOON)


@given(st.integers() | st.decimals(allow_nan=False, allow_infinity=False) | st.text())
def test_any_value_is_an_instant(value: int | Decimal | str) -> None:
    instant = instant_or_now(value, now=NOON)
    assert EARLIEST_TIMESTAMP <= instant <= NOON + LATEST_TIMESTAMP_AHEAD
