"""Klaviyo's contract for events, one or many, and for the profiles of its client API.

Two shapes of an event are read, and each part of it is known by its own structure: a profile and a
metric are nested when they have a `data`, and flat as in revisions up to 2023-06-15 when not.
What each part of a document is made of stands in the modules beside this one.
Source: Klaviyo's OpenAPI description and its reference of the limits of events.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from footfall.contracts.klaviyo_bulk import (
    MAX_EVENTS,
    check_together,
    share_of_faults,
    value_at,
)
from footfall.contracts.klaviyo_fields import BulkType, Document, EventType, JobType
from footfall.contracts.klaviyo_occurrences import Occurrence, Telling
from footfall.contracts.klaviyo_profiles import Person, PersonOfEvent, PersonToUpdate
from footfall.contracts.klaviyo_revisions import Revision
from footfall.contracts.reading import read_document
from footfall.domain.faults import (
    MAX_LISTED_FAULTS,
    Fault,
    FaultyDocumentError,
    json_pointer,
)
from footfall.domain.values import JsonValue

_JOB_PLACE = ("data", "attributes", "events-bulk-create", "data")
_CLIENT_EVENTS_PLACE = ("data", "attributes", "events", "data")


class _EventAttributes(Occurrence):
    profile: PersonOfEvent


class _EventResource(TypedDict):
    type: EventType
    attributes: _EventAttributes


class _EventDocument(Document):
    data: _EventResource


class _OccurrenceResource(TypedDict):
    type: EventType
    attributes: Occurrence


class _Occurrences(TypedDict):
    data: Annotated[list[_OccurrenceResource], Field(min_length=1, max_length=MAX_EVENTS)]


class _EntryAttributes(TypedDict):
    profile: PersonOfEvent
    events: _Occurrences


class _Entry(TypedDict):
    type: BulkType
    attributes: _EntryAttributes


class _Entries(TypedDict):
    data: Annotated[list[_Entry], Field(min_length=1, max_length=MAX_EVENTS)]


_JobAttributes = TypedDict("_JobAttributes", {"events-bulk-create": _Entries})


class _JobResource(TypedDict):
    type: JobType
    attributes: _JobAttributes


class _JobDocument(Document):
    data: _JobResource


class _EntryDocument(Document):
    data: _Entry


class _ProfileDocument(Document):
    profile: PersonToUpdate


def read_event(document: JsonValue, *, now: datetime, revision: Revision) -> Telling:
    """Return the event of a document.

    Raises:
        FaultyDocumentError: with every fault.
    """
    read = read_document(
        _EventDocument.model_validate, document, now=now, revision=revision, share=MAX_LISTED_FAULTS
    )
    event = read.data["attributes"]
    return Telling(event["profile"], event, ("data", "attributes"))


def read_job(document: JsonValue, *, now: datetime, revision: Revision) -> Sequence[Telling]:
    """Return the events of a bulk job, each with the profile of its entry.

    Raises:
        FaultyDocumentError: with every fault; none of the events counts then.
    """
    entries = value_at(document, *_JOB_PLACE)
    share = share_of_faults(entries, json_pointer(*_JOB_PLACE))
    job = read_document(
        _JobDocument.model_validate, document, now=now, revision=revision, share=share
    )
    tellings = [
        telling
        for index, entry in enumerate(job.data["attributes"]["events-bulk-create"]["data"])
        for telling in _tellings(entry, (*_JOB_PLACE, index, *_CLIENT_EVENTS_PLACE[1:]))
    ]
    check_together(tellings, json_pointer(*_JOB_PLACE))
    return tellings


def read_entry(document: JsonValue, *, now: datetime, revision: Revision) -> Sequence[Telling]:
    """Return the events of one profile, as the client API takes them.

    Raises:
        FaultyDocumentError: with every fault; none of the events counts then.
    """
    share = share_of_faults([value_at(document, "data")], json_pointer(*_CLIENT_EVENTS_PLACE))
    entry = read_document(
        _EntryDocument.model_validate, document, now=now, revision=revision, share=share
    )
    tellings = _tellings(entry.data, _CLIENT_EVENTS_PLACE)
    check_together(tellings, json_pointer(*_CLIENT_EVENTS_PLACE))
    return tellings


def read_profile_update(document: JsonValue, *, now: datetime, revision: Revision) -> Person:
    """Return whom a document of the client API tells about; null takes a value away.

    Raises:
        FaultyDocumentError: with every fault.
    """
    wrapped: Mapping[str, JsonValue] = {"profile": document}
    try:
        return read_document(
            _ProfileDocument.model_validate,
            wrapped,
            now=now,
            revision=revision,
            share=MAX_LISTED_FAULTS,
        ).profile
    except FaultyDocumentError as error:
        faults = [Fault(one.pointer.removeprefix("/profile"), one.detail) for one in error.faults]
        raise FaultyDocumentError(faults) from None


def _tellings(entry: _Entry, place: Sequence[str | int]) -> list[Telling]:
    attributes = entry["attributes"]
    return [
        Telling(attributes["profile"], event["attributes"], (*place, index, "attributes"))
        for index, event in enumerate(attributes["events"]["data"])
    ]
