"""Evidence as a few bytes, so that the state of a customer with five segments fits one write unit.

A count is its horizon (0 for none) and then its moments, 24 bytes each: the instant, the event's
id. A sum is JSON, as amounts have no fixed length:

    {"head":[[1775131200000000,"9.99"]],"total":"120.5","newest":...,"through":...,
     "ahead":[],"horizon":null}
"""

import json
from collections.abc import Sequence
from decimal import Decimal
from struct import Struct

from footfall.segments.counting import CountEvidence
from footfall.segments.summing import Amount, SumEvidence

_ENCODER = json.JSONEncoder(separators=(",", ":"))
_HORIZON = Struct(">q")
_MOMENT = Struct(">qQQ")
_ID_BYTES = 16
_HALF_OF_AN_ID = 64
_LOWER_HALF = (1 << _HALF_OF_AN_ID) - 1


def pack_count(evidence: CountEvidence) -> bytes:
    """Return the bytes of a count."""
    return _HORIZON.pack(evidence.horizon or 0) + b"".join(
        _MOMENT.pack(instant, event >> _HALF_OF_AN_ID, event & _LOWER_HALF)
        for instant, event in evidence.moments
    )


def unpack_count(packed: bytes) -> CountEvidence:
    """Return the count of these bytes.

    Raises:
        struct.error: when they are none.
    """
    (horizon,) = _HORIZON.unpack_from(packed)
    moments = _MOMENT.iter_unpack(packed[_HORIZON.size :])
    return CountEvidence(
        tuple((instant, (upper << _HALF_OF_AN_ID) | lower) for instant, upper, lower in moments),
        horizon or None,
    )


def pack_sum(evidence: SumEvidence) -> str:
    """Return the text of a sum."""
    return _ENCODER.encode(
        {
            "head": _pack_amounts(evidence.head),
            "total": str(evidence.total),
            "newest": evidence.newest,
            "through": evidence.through,
            "ahead": _pack_amounts(evidence.ahead),
            "horizon": evidence.horizon,
        }
    )


def unpack_sum(packed: str) -> SumEvidence:
    """Return the sum of this text.

    Raises:
        ValueError, KeyError, TypeError, ArithmeticError: when it is none.
    """
    document = json.loads(packed)  # nothing in it but what was packed: amounts are texts
    return SumEvidence(
        head=_unpack_amounts(document["head"]),
        total=Decimal(document["total"]),
        newest=document["newest"],
        through=document["through"],
        ahead=_unpack_amounts(document["ahead"]),
        horizon=document["horizon"],
    )


def pack_ids(numbers: Sequence[int]) -> bytes:
    """Return the bytes of event ids."""
    return b"".join(number.to_bytes(_ID_BYTES) for number in numbers)


def unpack_ids(packed: bytes) -> list[int]:
    """Return the event ids of these bytes."""
    return [
        int.from_bytes(packed[place : place + _ID_BYTES])
        for place in range(0, len(packed), _ID_BYTES)
    ]


def _pack_amounts(amounts: Sequence[Amount]) -> list[tuple[int, str]]:
    return [(instant, str(amount)) for instant, amount in amounts]


def _unpack_amounts(packed: Sequence[tuple[int, str]]) -> tuple[Amount, ...]:
    return tuple([(instant, Decimal(amount)) for instant, amount in packed])
