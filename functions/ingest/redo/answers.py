"""What clients of Redo's contract are answered: 202, with each event's fate if asked, or 400."""

from collections.abc import Sequence
from dataclasses import replace
from http import HTTPStatus

from footfall.domain.events import Event
from footfall.domain.faults import Fault, json_pointer
from footfall.domain.values import JsonValue
from footfall.http.problems import ProblemError, faulty_body
from footfall.http.responses import Response, json_response
from ingest.redo.acceptance import Acceptance
from ingest.redo.preferences import REPRESENTATION


def refused(acceptance: Acceptance, *, is_bulk: bool) -> ProblemError:
    """Return the problem that names every fault and its place in the request body."""
    return faulty_body(
        [
            fault
            for index, fate in enumerate(acceptance.fates)
            if not isinstance(fate, Event)
            for fault in _placed(fate, index, is_bulk=is_bulk)
        ]
    )


def answer(acceptance: Acceptance, *, is_bulk: bool, is_detailed: bool) -> Response:
    """Return the answer to a request whose accepted events are queued."""
    if not is_detailed:
        return Response(HTTPStatus.ACCEPTED)
    accepted = len(acceptance.events)
    return json_response(
        HTTPStatus.ACCEPTED,
        {
            "total": len(acceptance.fates),
            "accepted": accepted,
            "rejected": len(acceptance.fates) - accepted,
            "events": [
                _represented(fate, index, is_bulk=is_bulk)
                for index, fate in enumerate(acceptance.fates)
            ],
        },
        {"Preference-Applied": REPRESENTATION},
    )


def _represented(
    fate: Event | Sequence[Fault], index: int, *, is_bulk: bool
) -> dict[str, JsonValue]:
    if isinstance(fate, Event):
        return {"index": index, "eventId": fate.event_id, "status": "queued", "errors": []}
    return {
        "index": index,
        "eventId": None,
        "status": "rejected",
        "errors": [
            {"pointer": fault.pointer, "detail": fault.detail}
            for fault in _placed(fate, index, is_bulk=is_bulk)
        ],
    }


def _placed(faults: Sequence[Fault], index: int, *, is_bulk: bool) -> Sequence[Fault]:
    """Return the faults with their places in the whole request body."""
    if not is_bulk:
        return faults
    place = json_pointer("events", index)
    return [replace(fault, pointer=place + fault.pointer) for fault in faults]
