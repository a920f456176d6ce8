"""A definition tried on some customers, from their whole histories; nothing is stored."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from http import HTTPStatus

from footfall.aws.identities import read_identities
from footfall.aws.roots import living_customers
from footfall.aws.segment_cache import refreshed_segments_of, segments_of
from footfall.aws.segment_changes import storable_text
from footfall.aws.segments import read_generation
from footfall.contracts.previews import read_preview
from footfall.contracts.segments import faults_of_definition
from footfall.domain.customers import Customer
from footfall.domain.faults import FaultyDocumentError
from footfall.domain.identifiers import Identifier, IdentifierKind
from footfall.domain.timestamps import format_timestamp
from footfall.domain.values import JsonObject
from footfall.http.requests import Request, read_json_body
from footfall.http.responses import Response, json_response
from footfall.segments.definitions import Node
from footfall.segments.history import Question, Verdict, question_faults
from footfall.segments.references import references
from query.answer_size import MAX_ANSWER_BYTES, answer_size
from query.reasons import reason_document
from query.verdicts import verdicts


def preview_segment(store_id: str, request: Request) -> Response:
    """Answer for each of the customers whether it would be a member, and for what reasons."""
    definition, customer_ids = read_preview(read_json_body(request))
    try:
        question = _question(store_id, definition)
    except FaultyDocumentError as error:
        raise FaultyDocumentError(faults_of_definition(error)) from None
    asked = list(dict.fromkeys(customer_ids))
    customers = _customers(store_id, asked)
    now = datetime.now(UTC)
    decided: list[JsonObject] = []
    undecided: list[str] = []
    room = MAX_ANSWER_BYTES
    for named, (customer_id, verdict) in zip(
        customers, verdicts(question, list(customers.values()), now), strict=True
    ):
        document = None if verdict is None else _document(named, customer_id, verdict)
        size = 0 if document is None else answer_size(document)
        if document is None or size > room:
            undecided.append(named)
        else:
            decided.append(document)
            room -= size
    return json_response(
        HTTPStatus.OK,
        {
            "at": format_timestamp(now),
            "customers": decided,
            "unknown": [one for one in asked if one not in customers],
            "undecided": undecided,
        },
    )


def _document(named: str, customer_id: str, verdict: Verdict) -> JsonObject:
    return {
        "id": customer_id,
        "customerId": named,
        "member": verdict.is_member,
        "reasons": [reason_document(one) for one in verdict.reasons],
    }


def _question(store_id: str, definition: Node) -> Question:
    """Return what is asked, if it could be stored as a segment.

    Raises:
        FaultyDocumentError: the definition is too large, or cannot refer to what it refers to; the
            places are counted from the definition.
    """
    storable_text(definition)
    others = _definitions(store_id) if references(definition) else {}
    faults = question_faults(definition, others)
    if faults:
        raise FaultyDocumentError(faults)
    return Question(definition, others)


def _definitions(store_id: str) -> Mapping[str, Node | None]:
    known = segments_of(store_id)
    if known.generation != read_generation(store_id):
        known = refreshed_segments_of(store_id)
    return {one.segment_id: one.definition for one in known.segments.values()}


def _customers(store_id: str, named: Sequence[str]) -> Mapping[str, Customer]:
    """Return the customers that exist, each by what it is named in the request."""
    identifiers = [Identifier(IdentifierKind.ID, one) for one in named]
    holders = read_identities(store_id, identifiers)
    found = living_customers({(store_id, one) for one in holders.values()})
    return {
        one.value: found[store_id, holders[one]]
        for one in identifiers
        if one in holders and (store_id, holders[one]) in found
    }
