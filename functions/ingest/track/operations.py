"""The operations of version 2: which of them are accepted, and what is wrong with the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from footfall.contracts.customerio_events import Occasion
from footfall.contracts.customerio_faults import reason_of
from footfall.contracts.customerio_operations import read_batch, read_operation
from footfall.domain.faults import Fault, FaultyDocumentError
from footfall.domain.instructions import Instruction
from footfall.domain.values import JsonObject, JsonValue
from footfall.http.customerio_routes import TRACK_BATCH
from footfall.http.requests import Request, read_json_body
from footfall.http.responses import Response, json_response
from footfall.http.route import Route
from ingest.queueing import queue_accepted
from ingest.reception import Reception

_MAX_FAULTS_OF_OPERATION = 5
_MAX_FAULTS = 10_000
"""Every bad operation of the largest batch has to be named in one answer, of 6 MB at most."""


@dataclass(frozen=True, slots=True)
class _Refusal:
    index: int
    faults: Sequence[Fault]


def operate(route: Route, reception: Reception, request: Request) -> Response:
    """Queue the operations that are good, together; tell what is wrong with each of the others."""
    is_batch = route == TRACK_BATCH
    try:
        document = read_json_body(request)
        operations = read_batch(document) if is_batch else [document]
    except FaultyDocumentError as error:
        return _answer(HTTPStatus.BAD_REQUEST, [_error(fault) for fault in error.faults])
    accepted, refused = _judge(operations, reception)
    queue_accepted(accepted, rejected=len(refused))
    if not refused:
        return json_response(HTTPStatus.OK, {})
    share = min(_MAX_FAULTS_OF_OPERATION, _MAX_FAULTS // len(refused))
    errors: list[JsonValue] = [
        {**({"batch_index": refusal.index} if is_batch else {}), **_error(fault)}
        for refusal in refused
        for fault in refusal.faults[:share]
    ]
    return _answer(HTTPStatus.MULTI_STATUS if accepted else HTTPStatus.BAD_REQUEST, errors)


def _judge(
    operations: Sequence[JsonValue], reception: Reception
) -> tuple[Sequence[Instruction], Sequence[_Refusal]]:
    """Return what the good operations mean, and what is wrong with the bad ones."""
    accepted: list[Instruction] = []
    refused: list[_Refusal] = []
    for index, instruction_id in enumerate(reception.new_ids(len(operations))):
        occasion = Occasion(instruction_id, reception.store_id, reception.now)
        try:
            accepted.append(read_operation(operations[index], reception.scopes, occasion))
        except FaultyDocumentError as error:
            refused.append(_Refusal(index, error.faults))
    return accepted, refused


def _error(fault: Fault) -> JsonObject:
    return {
        "reason": reason_of(fault),
        "field": fault.pointer.removeprefix("/").replace("/", "."),
        "message": fault.detail,
    }


def _answer(status: HTTPStatus, errors: Sequence[JsonValue]) -> Response:
    return json_response(status, {"errors": errors})
