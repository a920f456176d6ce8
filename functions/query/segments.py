"""The segments of a store: stored, shown and deleted."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus

from footfall.aws import segment_changes
from footfall.aws.backfill_queue import start_backfill
from footfall.aws.backfills import Walk
from footfall.aws.member_pages import member_counts
from footfall.aws.segment_changes import RefusedChangeError
from footfall.aws.segments import Progress, StoredSegment, page_of_segments, read_segment
from footfall.contracts import segments as contract
from footfall.domain.faults import FaultyDocumentError
from footfall.domain.strict_json import parse_json
from footfall.domain.timestamps import format_timestamp
from footfall.domain.values import JsonObject, JsonValue
from footfall.http.paging import next_page_headers, not_a_page, requested_page
from footfall.http.problems import ProblemError
from footfall.http.requests import Request, read_json_body
from footfall.http.responses import Response, json_response
from footfall.segments.definitions import SEGMENT_ID


def list_segments(store_id: str, request: Request) -> Response:
    """Answer with a page of the store's segments, in the order of their ids."""
    page = requested_page(request)
    if page.after is not None and not _is_id(page.after):
        raise not_a_page()
    found, next_after = page_of_segments(store_id, after=page.after, limit=page.size)
    counts = member_counts(store_id, [one.segment.segment_id for one in found])
    return json_response(
        HTTPStatus.OK,
        {"segments": [segment_document(one, counts[one.segment.segment_id]) for one in found]},
        next_page_headers(next_after),
    )


def put_segment(store_id: str, request: Request) -> Response:
    """Answer with the segment as it is stored now, new or changed or as it was.

    Its back-fill is asked for after the write, and again by a repeated request that finds it
    unfinished: the first request may have ended in between.
    """
    segment_id = _segment_id(request)
    name, definition = contract.read_segment(read_json_body(request))
    try:
        stored, is_new = segment_changes.put_segment(
            store_id, segment_id, name, definition, datetime.now(UTC)
        )
    except FaultyDocumentError as error:
        raise FaultyDocumentError(contract.faults_of_definition(error)) from None
    except RefusedChangeError as error:
        raise ProblemError(HTTPStatus.CONFLICT, f"{error}.") from None
    if stored.building is not None:
        _start_backfill(store_id, stored)
    status = HTTPStatus.CREATED if is_new else HTTPStatus.OK
    return json_response(status, _document(store_id, stored))


def get_segment(store_id: str, request: Request) -> Response:
    """Answer with the segment that the path names."""
    return json_response(HTTPStatus.OK, _document(store_id, segment_of_path(store_id, request)))


def delete_segment(store_id: str, request: Request) -> Response:
    """Answer once it is certain that the segment goes; its members leave it one by one."""
    try:
        going = segment_changes.delete_segment(store_id, _segment_id(request), datetime.now(UTC))
    except RefusedChangeError as error:
        raise ProblemError(HTTPStatus.CONFLICT, f"{error}.") from None
    if going is None:
        raise _unknown()
    _start_backfill(store_id, going)
    return Response(HTTPStatus.NO_CONTENT)


def segment_of_path(store_id: str, request: Request) -> StoredSegment:
    """Return the segment that the path names.

    Raises:
        ProblemError: 400 when that is no id of a segment, 404 when the store has no such segment.
    """
    stored = read_segment(store_id, _segment_id(request))
    if stored is None or stored.definition_text is None:
        raise _unknown()
    return stored


def segment_document(stored: StoredSegment, member_count: int) -> JsonObject:
    """Return the segment as the API shows it.

    Args:
        stored: a segment that is not being deleted.
    """
    segment = stored.segment
    return {
        "id": segment.segment_id,
        "name": segment.name,
        "definition": parse_json(stored.definition_text or ""),
        **_status(stored.building),
        "version": segment.version,
        "memberCount": member_count,
        "createdAt": format_timestamp(stored.created_at),
        "updatedAt": format_timestamp(stored.updated_at),
    }


def _status(building: Progress | None) -> Mapping[str, JsonValue]:
    if building is None:
        return {"status": "live"}
    return {
        "status": "building",
        "progress": {"done": building.done, "total": building.total},
    }


def _document(store_id: str, stored: StoredSegment) -> JsonObject:
    segment_id = stored.segment.segment_id
    return segment_document(stored, member_counts(store_id, [segment_id])[segment_id])


def _start_backfill(store_id: str, stored: StoredSegment) -> None:
    segment = stored.segment
    start_backfill(Walk(store_id, segment.segment_id, segment.number, segment.generation))


def _segment_id(request: Request) -> str:
    segment_id = request.path_parameters["segmentId"]
    if not _is_id(segment_id):
        raise ProblemError(
            HTTPStatus.BAD_REQUEST,
            "The path parameter `segmentId` must be 1 to 64 letters, digits, `_` or `-`.",
        )
    return segment_id


def _is_id(text: str) -> bool:
    return re.fullmatch(SEGMENT_ID, text) is not None


def _unknown() -> ProblemError:
    return ProblemError(HTTPStatus.NOT_FOUND, "The store has no such segment.")
