"""What became of an accepted event with a uniqueId."""

from http import HTTPStatus

from footfall.aws.customers import read_customer
from footfall.aws.timeline import event_is_stored
from footfall.aws.unique_ids import Marker, read_marker
from footfall.domain.events import STORE_SCOPE
from footfall.domain.limits import MAX_NAME_CHARACTERS
from footfall.domain.values import JsonObject
from footfall.http.problems import ProblemError
from footfall.http.requests import Request
from footfall.http.responses import Response, json_response


def get_event_status(store_id: str, request: Request) -> Response:
    """Answer with `stored` or `dead`; until the event is either, there is nothing to be found."""
    unique_id = request.path_parameters["uniqueId"]
    fate = _fate(store_id, unique_id)
    if fate is None:
        raise ProblemError(
            HTTPStatus.NOT_FOUND,
            "No event with this uniqueId has been stored, or has failed, so far.",
        )
    return json_response(HTTPStatus.OK, {"uniqueId": unique_id, **fate})


def _fate(store_id: str, unique_id: str) -> JsonObject | None:
    if len(unique_id) > MAX_NAME_CHARACTERS:
        return None
    marker = read_marker(store_id, STORE_SCOPE, unique_id)
    if marker is None:
        return None
    if _stands(store_id, marker):
        return {"status": "stored", "eventId": marker.event_id, "customerId": marker.customer_id}
    if marker.dead_reason is not None:
        return {"status": "dead", "eventId": marker.event_id, "reason": marker.dead_reason}
    return None


def _stands(store_id: str, marker: Marker) -> bool:
    """Tell whether the event can be read: its marker is written first, a new customer last."""
    return (
        bool(marker.timeline_key)
        and event_is_stored(store_id, marker.customer_id, marker.timeline_key)
        and read_customer(store_id, marker.customer_id) is not None
    )
