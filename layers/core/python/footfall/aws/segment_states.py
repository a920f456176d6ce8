"""The SegmentStates table: one item a customer, written by compare and swap.

An item that decided something carries its transitions; they leave through the table's stream. A
write costs by the KB, so evidence that is longer than that is compressed.
"""

import struct
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from footfall.aws.batches import get_stored
from footfall.aws.keys import customer_key, due_shard_key
from footfall.aws.swapping import swap
from footfall.errors import PermanentError
from footfall.segments.compressing import compress, decompress
from footfall.segments.counting import CountEvidence
from footfall.segments.deciding import Decision
from footfall.segments.evidence import Evidence
from footfall.segments.packing import (
    pack_count,
    pack_ids,
    pack_sum,
    unpack_count,
    unpack_ids,
    unpack_sum,
)
from footfall.segments.readings import Reading
from footfall.segments.state import UNDECIDED, State
from footfall.segments.transitions import to_text
from footfall.settings import Setting, read_setting

if TYPE_CHECKING:
    from types_boto3_dynamodb.type_defs import AttributeValueTypeDef

    Item = dict[str, AttributeValueTypeDef]


_COMPRESSED_FROM = 1_024
"""Bytes of evidence; below, a write costs one unit in any case."""


class UnreadableStateError(PermanentError):
    """An item is no state that Footfall writes."""


def read_states(
    store_id: str, customer_ids: Iterable[str]
) -> dict[str, State | UnreadableStateError]:
    """Return the state of each of the customers, as stored now; `UNDECIDED` where there is none."""
    by_key = {customer_key(store_id, one): one for one in customer_ids}
    states: dict[str, State | UnreadableStateError] = dict.fromkeys(by_key.values(), UNDECIDED)
    keys = [{"pk": key} for key in by_key]
    for item in get_stored(read_setting(Setting.SEGMENT_STATES_TABLE), keys, consistently=True):
        customer_id = by_key[item["pk"]["S"]]
        try:
            states[customer_id] = from_state_item(item)
        except UnreadableStateError as error:
            states[customer_id] = error
    return states


def put_state(item: "Item", decision: Decision) -> None:
    """Put the item of a decided state in the place of the state that it follows.

    Raises:
        ConflictError: when somebody else has decided since.
        PermanentError: when the state has outgrown what one item may hold.
    """
    present = decision.state.version - 1
    swap(read_setting(Setting.SEGMENT_STATES_TABLE), item, "version", present or None)


def to_state_item(
    store_id: str, customer_id: str, decision: Decision
) -> "dict[str, AttributeValueTypeDef]":
    """Return the item of a decided state."""
    state, decided = decision.state, decision.decided
    reading = state.reading
    item: dict[str, AttributeValueTypeDef] = {
        "pk": {"S": customer_key(store_id, customer_id)},
        "version": _number(state.version),
        "generation": _number(state.generation),
        "as_of": _number(state.as_of),
    }
    if state.evidence:
        item["evidence"] = _evidence_attribute(state.evidence)
    if state.exceptions:
        item["exceptions"] = {"L": list(map(_number, sorted(state.exceptions)))}
    if state.dues:
        item["dues"] = {"M": {str(segment): _number(due) for segment, due in state.dues.items()}}
    if state.position is not None:
        item["position"] = _number(state.position)
    if reading is not None:
        item["read_floor"] = {"B": pack_ids([reading.floor])}
        if reading.ids:
            item["read_ids"] = {"B": pack_ids(sorted(reading.ids))}
    if state.armed is not None:
        item["due_at"] = _number(state.armed)
        item["due_shard"] = {"S": due_shard_key(customer_id)}
    if decided.transitions:
        item["transitions"] = {"S": to_text(decided)}
    return item


def from_state_item(item: "Item") -> State:
    """Return the state of an item.

    Raises:
        UnreadableStateError: when it is none.
    """
    try:
        return _from_item(item)
    except (KeyError, TypeError, ValueError, ArithmeticError, struct.error) as error:
        raise UnreadableStateError("the customer's state cannot be read") from error


def _from_item(item: "Item") -> State:
    return State(
        version=int(item["version"]["N"]),
        generation=int(item["generation"]["N"]),
        as_of=int(item["as_of"]["N"]),
        evidence={known: _unpack(one) for known, one in _evidence(item).items()},
        exceptions=frozenset(int(one["N"]) for one in _elements(item, "exceptions")),
        dues={int(segment): int(due["N"]) for segment, due in _members(item, "dues")},
        position=int(item["position"]["N"]) if "position" in item else None,
        reading=_reading(item),
        armed=int(item["due_at"]["N"]) if "due_at" in item else None,
    )


def _members(item: "Item", name: str) -> "Iterable[tuple[str, AttributeValueTypeDef]]":
    return item[name]["M"].items() if name in item else ()


def _elements(item: "Item", name: str) -> "Iterable[AttributeValueTypeDef]":
    return item[name]["L"] if name in item else ()


def _number(value: int) -> "AttributeValueTypeDef":
    return {"N": str(value)}


def _evidence_attribute(evidence: Mapping[str, Evidence]) -> "AttributeValueTypeDef":
    packed = {known: _pack(one) for known, one in evidence.items()}
    if sum(len(known) + len(one) for known, one in packed.items()) >= _COMPRESSED_FROM:
        return {"B": compress(packed)}
    return {
        "M": {
            known: {"S": one} if isinstance(one, str) else {"B": one}
            for known, one in packed.items()
        }
    }


def _evidence(item: "Item") -> Mapping[str, bytes | str]:
    attribute = item.get("evidence", {"M": {}})
    if "B" in attribute:
        return decompress(bytes(attribute["B"]))
    return {
        known: one["S"] if "S" in one else bytes(one["B"]) for known, one in attribute["M"].items()
    }


def _pack(evidence: Evidence) -> bytes | str:
    return pack_count(evidence) if isinstance(evidence, CountEvidence) else pack_sum(evidence)


def _unpack(packed: bytes | str) -> Evidence:
    return unpack_sum(packed) if isinstance(packed, str) else unpack_count(packed)


def _reading(item: "Item") -> Reading | None:
    if "read_floor" not in item:
        return None
    (floor,) = unpack_ids(bytes(item["read_floor"]["B"]))
    ids = unpack_ids(bytes(item["read_ids"]["B"])) if "read_ids" in item else []
    return Reading(floor, frozenset(ids))
