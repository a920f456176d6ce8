"""What a month of a user's events costs, and what the stack costs without any."""

from collections.abc import Mapping
from decimal import Decimal

from cli.cost.prices import (
    ALARM_MONTH,
    METRIC_MONTH,
    PRICES,
    RECOVERY_GB_MONTH,
    TABLE_GB_MONTH,
    Billed,
    Service,
    price_of_api_requests,
)
from cli.cost.usage import Usage, dollars_by_service, dollars_of, times

SECONDS_OF_A_MONTH = 2_629_800
"""A twelfth of a year."""

ALARMS = 28
COUNTERS = 19
"""Alarms of the stack; metrics that its functions count once there are events."""

_QUEUES = 3
_POLLERS = 5
_SECONDS_OF_A_POLL = 20
_SECONDS_BETWEEN_SWEEPS = 60
_BYTES_AROUND_AN_ITEM = 100
_GB = 1_000_000_000


def monthly_dollars(usage: Usage) -> Mapping[Service, Decimal]:
    """Return what a month's usage costs: of its requests to the gateway, the later ones less."""
    requests = usage.get(Billed.API_REQUESTS, Decimal(0))
    return dollars_by_service(usage) | {Service.API_GATEWAY: price_of_api_requests(requests)}


def standing_dollars(sweep: Usage) -> Mapping[str, Decimal]:
    """Return what a month costs before the first event.

    Args:
        sweep: what the sweep of a minute uses.
    """
    polls = Decimal(_QUEUES * _POLLERS * SECONDS_OF_A_MONTH) / _SECONDS_OF_A_POLL
    sweeps = Decimal(SECONDS_OF_A_MONTH) / _SECONDS_BETWEEN_SWEEPS
    return {
        f"{ALARMS} alarms": ALARMS * ALARM_MONTH,
        f"asking {_QUEUES} empty queues": PRICES[Billed.QUEUE_REQUESTS].of(polls),
        "a sweep each minute": dollars_of(times(sweep, sweeps)),
    }


def counters_dollars() -> Decimal:
    """Return what the functions' counters cost in a month with events."""
    return COUNTERS * METRIC_MONTH


def storage_dollars(events: Decimal, bytes_of_an_event: Decimal) -> tuple[Decimal, Decimal]:
    """Return the GB that a month's events take, and what they cost in each month from then on."""
    gigabytes = events * (bytes_of_an_event + _BYTES_AROUND_AN_ITEM) / _GB
    return gigabytes, gigabytes * (TABLE_GB_MONTH + RECOVERY_GB_MONTH)
