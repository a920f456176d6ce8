"""The floor of a case, and what others would use for the same events.

The floor are the requests of the gateway and of the queue, and the writes that the guarantees take:
one unit for an event, one for the marker of its `uniqueId`, three for a new customer (identifier,
profile, place in the index of the store's customers), and one for each state of a customer that
segments ask about, however many these are. It reads nothing, computes nothing and logs nothing.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from cli.cost.measured import usage_in
from cli.cost.prices import Billed
from cli.cost.usage import Usage, together

_REQUESTS = (Billed.API_REQUESTS, Billed.FAIR_QUEUE_REQUESTS)
_UNITS_OF_A_NEW_CUSTOMER = 3
_UNITS_OF_A_TRANSACTION = 4
_UNITS_OF_UNIFLOW = 2


def floor_of(case: Mapping[str, Any]) -> Usage:
    """Return the least that an event of the case can use."""
    return _with_writes(case, _writes(case))


def with_a_transaction(usage: Usage) -> Usage:
    """Return what an event uses that is written together with its marker, in a transaction.

    Args:
        usage: of an event with `uniqueId`; all but the two writes stays as it is.
    """
    return together([usage, {Billed.WRITE_UNITS: Decimal(_UNITS_OF_A_TRANSACTION - 2)}])


def with_powertools(usage: Usage, calls: Mapping[str, int]) -> Usage:
    """Return what an event uses that Powertools' idempotency stands around.

    Args:
        usage: of an event without `uniqueId`.
        calls: that Powertools makes for an event; each writes one unit.
    """
    return together([usage, {Billed.WRITE_UNITS: Decimal(sum(calls.values()))}])


def of_uniflow(case: Mapping[str, Any]) -> Usage:
    """Return the requests that Uniflow makes for an event, as published, sent as in the case.

    Its shards and jobs, which cost the same with every number of events, and all that it computes
    and logs are not in it.
    """
    return {
        Billed.API_REQUESTS: usage_in(case)[Billed.API_REQUESTS],
        Billed.WRITE_UNITS: Decimal(_UNITS_OF_UNIFLOW),
        Billed.QUEUE_REQUESTS: Decimal(1),
    }


def _writes(case: Mapping[str, Any]) -> Decimal:
    is_new = case["customers"] == "new"
    units: int = 1 + case["uniqueIds"] + is_new * _UNITS_OF_A_NEW_CUSTOMER
    return units + Decimal(str(case["stateWrites"]))


def _with_writes(case: Mapping[str, Any], units: Decimal) -> Usage:
    usage = usage_in(case)
    return {one: usage[one] for one in _REQUESTS} | {Billed.WRITE_UNITS: units}
