"""Answers requests of Customer.io's Track API."""

from http import HTTPStatus

from footfall.contracts.customerio_events import Occasion
from footfall.domain.faults import FaultyDocumentError
from footfall.http.customerio_routes import GET_REGION
from footfall.http.requests import Request
from footfall.http.responses import Response, json_response
from footfall.http.route import Family, Route
from ingest.queueing import queue_accepted
from ingest.reception import Reception
from ingest.track.calls import instruction_of
from ingest.track.operations import operate
from ingest.track.region import region


def answer(route: Route, reception: Reception, request: Request) -> Response:
    """Queue what a request tells; 200 and `{}` only when the queue has confirmed it."""
    if route.family is Family.TRACK_2:
        return operate(route, reception, request)
    if route == GET_REGION:
        return region(reception, request)
    (instruction_id,) = reception.new_ids(1)
    occasion = Occasion(instruction_id, reception.store_id, reception.now)
    try:
        instruction = instruction_of(route, request, occasion)
    except FaultyDocumentError:
        queue_accepted([], rejected=1)
        raise
    queue_accepted([instruction])
    return json_response(HTTPStatus.OK, {})
