"""What became of an accepted event with a uniqueId."""

from http import HTTPStatus

from footfall.aws.roots import living_customer
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
    customer_id = _customer_with(store_id, marker)
    if customer_id is not None:
        return {"status": "stored", "eventId": marker.event_id, "customerId": customer_id}
    if marker.dead_reason is not None:
        return {"status": "dead", "eventId": marker.event_id, "reason": marker.dead_reason}
    return None


def _customer_with(store_id: str, marker: Marker) -> str | None:
    """Return whose event it is if it can be read: its marker is written first, a customer last.

    The customer may have been merged meanwhile; the event is moved a moment later.
    """
    if not marker.timeline_key:
        return None
    customer = living_customer(store_id, marker.customer_id)
    if customer is None:
        return None
    places = dict.fromkeys([customer.customer_id, marker.customer_id])
    stands = any(event_is_stored(store_id, one, marker.timeline_key) for one in places)
    return customer.customer_id if stands else None
