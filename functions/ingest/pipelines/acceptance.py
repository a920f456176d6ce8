"""Which calls of a request are accepted, and what is wrong with the others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from footfall.contracts.customerio_calls import CallType
from footfall.contracts.customerio_pipelines import MAX_INSTRUCTIONS, Sender, read_call
from footfall.domain.faults import MAX_LISTED_FAULTS, Fault, FaultyDocumentError, json_pointer
from footfall.domain.instructions import Instruction
from footfall.domain.stores import Scope
from footfall.domain.values import JsonValue
from ingest.reception import Reception

MAX_CALLS = 10_000
"""In 500 KB, the largest batch of Customer.io's own API, there is no room for more."""

_MAX_FAULTS_OF_CALL = 10
_TYPES = {call_type.value: call_type for call_type in CallType}
_BATCH = "batch"
_CONTEXT = "context"
_NO_BATCH = Fault(json_pointer(_BATCH), "Must be an array of calls.")
_TOO_MANY = Fault(json_pointer(_BATCH), f"Must have at most {MAX_CALLS} calls.")
_NO_TYPE = Fault("/type", f"Must be one of {', '.join(CallType)}.")


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What became of the calls of a request.

    Attributes:
        instructions: what the good ones mean.
        rejected: how many are bad.
        faults: what is wrong with those, up to the listed maximum.
    """

    instructions: Sequence[Instruction]
    rejected: int
    faults: Sequence[Fault]


def accept_call(call_type: CallType, document: JsonValue, reception: Reception) -> Acceptance:
    """Judge the call of a request that is one."""
    try:
        instructions = read_call(call_type, document, _sender(reception, 1))
    except FaultyDocumentError as error:
        return Acceptance([], 1, error.faults)
    return Acceptance(instructions, 0, [])


def accept_batch(document: JsonValue, reception: Reception) -> Acceptance:
    """Judge each call of a batch by itself: no bad one spoils a good one."""
    batch = document if isinstance(document, Mapping) else {}
    calls, context = batch.get(_BATCH), batch.get(_CONTEXT)
    if not isinstance(calls, Sequence) or isinstance(calls, str):
        return Acceptance([], 1, [_NO_BATCH])
    if len(calls) > MAX_CALLS:
        return Acceptance([], len(calls), [_TOO_MANY])
    sender = _sender(reception, len(calls))
    instructions: list[Instruction] = []
    rejected = 0
    faults: list[Fault] = []
    for index, call in enumerate(calls):
        try:
            instructions += read_call(_type_of(call), _in_context(call, context), sender)
        except FaultyDocumentError as error:
            rejected += 1
            if len(faults) < MAX_LISTED_FAULTS:
                place = json_pointer(_BATCH, index)
                faults += [
                    replace(fault, pointer=place + fault.pointer)
                    for fault in error.faults[:_MAX_FAULTS_OF_CALL]
                ]
    return Acceptance(instructions, rejected, faults)


def _type_of(call: JsonValue) -> CallType:
    stated = call.get("type") if isinstance(call, dict) else None
    if not isinstance(stated, str) or stated not in _TYPES:
        raise FaultyDocumentError([_NO_TYPE])
    return _TYPES[stated]


def _in_context(call: JsonValue, context: JsonValue) -> JsonValue:
    """Return a call with the context of its batch, which is every call's; its own goes before."""
    if not isinstance(call, dict) or not isinstance(context, dict):
        return call
    own = call.get(_CONTEXT)
    return {**call, _CONTEXT: {**context, **(own if isinstance(own, dict) else {})}}


def _sender(reception: Reception, calls: int) -> Sender:
    return Sender(
        store_id=reception.store_id,
        now=reception.now,
        ids=iter(reception.new_ids(calls * MAX_INSTRUCTIONS)),
        may_write_customers=Scope.CUSTOMERS_WRITE in reception.scopes,
    )
