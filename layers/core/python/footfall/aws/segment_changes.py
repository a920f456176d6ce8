"""The Segments table, written: definitions change one at a time, each as its store's generation.

A change takes the next generation in the transaction that makes it. So it is made only while every
segment of the store is what it was when the change was judged: two of them never make a circle.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from footfall.aws.attempts import attempts
from footfall.aws.backfills import BUILDING
from footfall.aws.clients import dynamodb, translated_errors
from footfall.aws.items import to_item
from footfall.aws.keys import generation_sort_key
from footfall.aws.segments import Progress, StoredSegment, read_stored_segments
from footfall.domain.faults import Fault, FaultyDocumentError
from footfall.domain.timestamps import format_timestamp, from_microseconds, to_microseconds
from footfall.errors import ConflictError, PermanentError
from footfall.segments.definitions import Node
from footfall.segments.outset import outset
from footfall.segments.reading import MAX_DEFINITION_BYTES, TOO_LARGE
from footfall.segments.references import reference_faults, referring
from footfall.segments.segment import MAX_SEGMENTS, Segment, canonical_text
from footfall.settings import Setting, read_setting

if TYPE_CHECKING:
    from types_boto3_dynamodb.type_defs import PutTypeDef, TransactWriteItemTypeDef

MAX_STORE_BYTES = 8_000_000
"""Of all definitions of a store: workers read them at once."""

_ATTEMPTS = 20
_MAX_NAMED_SEGMENTS = 10


class RefusedChangeError(PermanentError):
    """The other segments of the store are in the way of a change."""


def put_segment(
    store_id: str, segment_id: str, name: str, definition: Node, at: datetime
) -> tuple[StoredSegment, bool]:
    """Make the segment what the caller wants; return it, and whether it is new.

    Nothing is written when it is so already. A name is changed by itself, as it decides nobody.

    Raises:
        FaultyDocumentError: the definition is too large, or cannot refer to what it refers to; the
            places are counted from the definition.
        RefusedChangeError: the segment is being deleted, or the store has no room for it.
        ConflictError: when others were faster again and again.
    """
    text = storable_text(definition)
    for _ in attempts(_ATTEMPTS):
        generation, stored = read_stored_segments(store_id)
        present = stored.get(segment_id)
        if present and (present.segment.name, present.definition_text) == (name, text):
            return present, False
        try:
            if present and present.definition_text == text:
                return _rename(store_id, present, name, at), False
            _check_room(segment_id, text, stored)
            start = _start(segment_id, definition, generation + 1, stored, at)
            wanted = _defined(_named(start, name), generation + 1, definition, at)
            _change(store_id, present, wanted)
        except ConflictError:
            continue
        return wanted, present is None
    raise ConflictError("the segments of the store are contended")


def delete_segment(store_id: str, segment_id: str, at: datetime) -> StoredSegment | None:
    """Begin to delete the segment: nobody shall be in it. Return it, or None if there is none.

    Nothing is written when that has begun before. Whoever sees that everybody has left removes it.

    Raises:
        RefusedChangeError: another segment refers to it.
        ConflictError: as `put_segment`.
    """
    for _ in attempts(_ATTEMPTS):
        generation, stored = read_stored_segments(store_id)
        present = stored.get(segment_id)
        if present is None or present.definition_text is None:
            return present
        others = referring(segment_id, _definitions(stored))
        if others:
            names = ", ".join(f"`{other}`" for other in others[:_MAX_NAMED_SEGMENTS])
            raise RefusedChangeError(f"Other segments refer to this one: {names}")
        going = _defined(present, generation + 1, None, at)
        try:
            _change(store_id, present, going)
        except ConflictError:
            continue
        return going
    raise ConflictError("the segments of the store are contended")


def remove_segment(store_id: str, segment_id: str, generation: int) -> None:
    """Delete the segment for good, now that everybody has left it; that is a change of its store.

    Args:
        generation: the change that began to delete it.

    Raises:
        ConflictError: when another segment of the store has changed meanwhile, or it is gone.
    """
    present, _ = read_stored_segments(store_id)
    with translated_errors("dynamodb.TransactWriteItems"):
        dynamodb().transact_write_items(
            TransactItems=[
                _put_if_still(_counter(store_id, present + 1, segment_id, deletes=True), present),
                {
                    "Delete": {
                        "TableName": read_setting(Setting.SEGMENTS_TABLE),
                        "Key": to_item({"pk": store_id, "sk": segment_id}),
                        "ConditionExpression": "generation = :generation",
                        "ExpressionAttributeValues": to_item({":generation": generation}),
                    }
                },
            ]
        )


def storable_text(definition: Node) -> str:
    """Return the text that the definition is stored as.

    Raises:
        FaultyDocumentError: it is too large.
    """
    text = canonical_text(definition)
    if _size(text) > MAX_DEFINITION_BYTES:
        raise FaultyDocumentError([Fault("", TOO_LARGE)])
    return text


def _check_room(segment_id: str, text: str, stored: Mapping[str, StoredSegment]) -> None:
    present = stored.get(segment_id)
    if present is None and len(stored) >= MAX_SEGMENTS:
        raise RefusedChangeError(f"The store has {MAX_SEGMENTS:,} segments; it can have no more")
    if present is not None and present.definition_text is None:
        raise RefusedChangeError(
            "The segment of this id is being deleted. Please try again in a moment"
        )
    others = (one.definition_text for other, one in stored.items() if other != segment_id)
    if _size(text) + sum(_size(other) for other in others if other) > MAX_STORE_BYTES:
        raise RefusedChangeError(
            f"All definitions of the store together have at most {MAX_STORE_BYTES:,} bytes"
        )


def _size(text: str) -> int:
    return len(text.encode())


def _start(
    segment_id: str,
    definition: Node,
    number: int,
    stored: Mapping[str, StoredSegment],
    at: datetime,
) -> StoredSegment:
    """Return what the definition is given to: the segment as it is, or one that is new.

    Raises:
        FaultyDocumentError: the definition cannot refer to what it refers to.
    """
    definitions = _definitions(stored)
    faults = reference_faults(segment_id, definition, definitions)
    if faults:
        raise FaultyDocumentError(faults)
    present = stored.get(segment_id)
    if present is not None:
        return present
    return StoredSegment(
        segment=Segment(
            segment_id=segment_id,
            name="",
            number=number,
            generation=number,
            definition=None,
            outset=outset(segment_id, definition, definitions),
            stored_at=to_microseconds(at),
        ),
        definition_text=None,
        created_at=at,
        updated_at=at,
        building=None,
    )


def _named(present: StoredSegment, name: str) -> StoredSegment:
    return replace(present, segment=replace(present.segment, name=name))


def _defined(
    present: StoredSegment, generation: int, definition: Node | None, at: datetime
) -> StoredSegment:
    """Return the segment with another definition; what it was decided on is void."""
    return StoredSegment(
        segment=replace(
            present.segment,
            generation=generation,
            definition=definition,
            stored_at=to_microseconds(at),
        ),
        definition_text=None if definition is None else canonical_text(definition),
        created_at=present.created_at,
        updated_at=at,
        building=Progress(),
    )


def _definitions(stored: Mapping[str, StoredSegment]) -> dict[str, Node | None]:
    return {segment_id: one.segment.definition for segment_id, one in stored.items()}


def _change(store_id: str, present: StoredSegment | None, wanted: StoredSegment) -> None:
    """Write the segment and its generation, if that is the store's next.

    Raises:
        ConflictError: when another segment of the store, or this one, has changed since.
    """
    generation = wanted.segment.generation
    deletes = wanted.definition_text is None
    counter = _counter(store_id, generation, wanted.segment.segment_id, deletes=deletes)
    with translated_errors("dynamodb.TransactWriteItems"):
        dynamodb().transact_write_items(
            TransactItems=[
                _put_if_still(counter, generation - 1),
                _put_if_still(
                    _to_attributes(store_id, wanted), present.segment.generation if present else 0
                ),
            ]
        )


def _counter(
    store_id: str, generation: int, changed: str, *, deletes: bool
) -> Mapping[str, object]:
    """Return the item that counts the store's changes, as it is after this one."""
    return {
        "pk": store_id,
        "sk": generation_sort_key(),
        "generation": generation,
        "changed": changed,
        "deletes": deletes,
    }


def _put_if_still(attributes: Mapping[str, object], generation: int) -> "TransactWriteItemTypeDef":
    """Put an item in the place of one of this generation, or of none where it is 0."""
    put: PutTypeDef = {
        "TableName": read_setting(Setting.SEGMENTS_TABLE),
        "Item": to_item(attributes),
        "ConditionExpression": "attribute_not_exists(pk)",
    }
    if generation:
        put["ConditionExpression"] = "generation = :generation"
        put["ExpressionAttributeValues"] = to_item({":generation": generation})
    return {"Put": put}


def _to_attributes(store_id: str, wanted: StoredSegment) -> dict[str, object]:
    segment = wanted.segment
    stored_at = format_timestamp(from_microseconds(segment.stored_at))
    return {
        "pk": store_id,
        "sk": segment.segment_id,
        "name": segment.name,
        "number": segment.number,
        "generation": segment.generation,
        "definition": wanted.definition_text,
        "outset": segment.outset,
        "stored_at": stored_at,
        "created_at": format_timestamp(wanted.created_at),
        "building": BUILDING,
        "progress_at": stored_at,
    }


def _rename(store_id: str, present: StoredSegment, name: str, at: datetime) -> StoredSegment:
    with translated_errors("dynamodb.UpdateItem"):
        dynamodb().update_item(
            TableName=read_setting(Setting.SEGMENTS_TABLE),
            Key=to_item({"pk": store_id, "sk": present.segment.segment_id}),
            UpdateExpression="SET #name = :name, renamed_at = :at",
            ConditionExpression="generation = :generation",
            ExpressionAttributeNames={"#name": "name"},
            ExpressionAttributeValues=to_item(
                {
                    ":name": name,
                    ":at": format_timestamp(at),
                    ":generation": present.segment.generation,
                }
            ),
        )
    return replace(_named(present, name), updated_at=at)
