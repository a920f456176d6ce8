"""Klaviyo's contract for events, one or many, and for the profiles of its client API.

Two shapes of an event are read, and each part of it is known by its own structure: a profile and a
metric are nested when they have a `data`, and flat as in revisions up to 2023-06-15 when not.
Source: Klaviyo's OpenAPI description and its reference of the limits of events.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, TypeAlias, cast

from pydantic import Field, PlainValidator, ValidationInfo

from footfall.contracts.fields import fault
from footfall.contracts.klaviyo_fields import (
    BulkType,
    EventType,
    JobType,
    MetricName,
    MetricType,
    Model,
    OptionalCurrency,
    OptionalNumber,
    OptionalUniqueId,
    Properties,
    Time,
)
from footfall.contracts.klaviyo_profiles import Person, read_person, read_profile
from footfall.contracts.klaviyo_revisions import Revision
from footfall.contracts.properties import NOT_AN_OBJECT, stored_properties
from footfall.contracts.reading import read_document
from footfall.domain.events import IDENTIFY, Event, UniqueRule
from footfall.domain.faults import MAX_LISTED_FAULTS, Fault, FaultyDocumentError, json_pointer
from footfall.domain.limits import MAX_BODY_BYTES
from footfall.domain.strict_json import dump_json
from footfall.domain.timestamps import to_microseconds
from footfall.domain.values import JsonObject, JsonValue

if TYPE_CHECKING:
    from footfall.domain.identifiers import Identifier

SOURCE = "klaviyo"
SCOPE = "klaviyo"
"""The unique scope of Klaviyo's contract; each customer and metric has one of its own in it."""

MAX_EVENTS = 1_000
"""Of a request, over all its profiles (Klaviyo's reference)."""

_MICROSECONDS = 1_000_000
_MAX_REPEATED_BYTES = 4 * MAX_BODY_BYTES
_TOO_MANY = f"Must have at most {MAX_EVENTS} events, over all profiles."
_TOO_REPETITIVE = (
    "Says too much of its profiles: each event is stored with what is said of its profile, "
    f"which must be {_MAX_REPEATED_BYTES} bytes as JSON at most in a request."
)
_REPEATED = "Stands twice in the request for the same profile and metric; nothing of it is stored."
_JOB_PLACE = ("data", "attributes", "events-bulk-create", "data")
_CLIENT_EVENTS_PLACE = ("data", "attributes", "events", "data")


class _FlatMetric(Model):
    name: MetricName


class _MetricResource(Model):
    type: MetricType
    attributes: _FlatMetric


class _NestedMetric(Model):
    data: _MetricResource


def _metric(value: JsonValue, info: ValidationInfo) -> str:
    if not isinstance(value, Mapping):
        raise fault(NOT_AN_OBJECT)
    if "data" in value:
        return _NestedMetric.model_validate(value, context=info.context).data.attributes.name
    return _FlatMetric.model_validate(value, context=info.context).name


def _profile_to_update(value: JsonValue, info: ValidationInfo) -> Person:
    return read_profile(value, info, clears=True)


class Occurrence(Model):
    """What happened, without whom it happened to."""

    properties: Properties
    time: Time = None
    value: OptionalNumber = None
    value_currency: OptionalCurrency = None
    unique_id: OptionalUniqueId = None
    backfill: bool | None = None
    metric: Annotated[str, PlainValidator(_metric)]


_Person: TypeAlias = Annotated[Person, PlainValidator(read_person)]


class _EventAttributes(Occurrence):
    profile: _Person


class _EventResource(Model):
    type: EventType
    attributes: _EventAttributes


class _EventDocument(Model):
    data: _EventResource


class _OccurrenceResource(Model):
    type: EventType
    attributes: Occurrence


class _Occurrences(Model):
    data: Annotated[list[_OccurrenceResource], Field(min_length=1, max_length=MAX_EVENTS)]


class _EntryAttributes(Model):
    profile: _Person
    events: _Occurrences


class _Entry(Model):
    type: BulkType
    attributes: _EntryAttributes


class _Entries(Model):
    data: Annotated[list[_Entry], Field(min_length=1, max_length=MAX_EVENTS)]


class _JobAttributes(Model):
    entries: _Entries = Field(alias="events-bulk-create")


class _JobResource(Model):
    type: JobType
    attributes: _JobAttributes


class _JobDocument(Model):
    data: _JobResource


class _EntryDocument(Model):
    data: _Entry


class _ProfileDocument(Model):
    profile: Annotated[Person, PlainValidator(_profile_to_update)]


@dataclass(frozen=True, slots=True)
class Telling:
    """One event of a request: what happened, to whom, and where the request says so."""

    person: Person
    occurrence: Occurrence
    pointer: str


def read_event(document: JsonValue, *, now: datetime, revision: Revision) -> Telling:
    """Return the event of a document.

    Raises:
        FaultyDocumentError: with every fault.
    """
    event = read_document(_EventDocument, document, now=now, revision=revision).data.attributes
    return Telling(event.profile, event, json_pointer("data", "attributes"))


def read_job(document: JsonValue, *, now: datetime, revision: Revision) -> Sequence[Telling]:
    """Return the events of a bulk job, each with the profile of its entry.

    Raises:
        FaultyDocumentError: with every fault; none of the events counts then.
    """
    job = read_document(_JobDocument, document, now=now, revision=revision)
    tellings = [
        telling
        for index, entry in enumerate(job.data.attributes.entries.data)
        for telling in _tellings(entry, (*_JOB_PLACE, index, *_CLIENT_EVENTS_PLACE[1:]))
    ]
    return _together(tellings, json_pointer(*_JOB_PLACE))


def read_entry(document: JsonValue, *, now: datetime, revision: Revision) -> Sequence[Telling]:
    """Return the events of one profile, as the client API takes them.

    Raises:
        FaultyDocumentError: with every fault; none of the events counts then.
    """
    entry = read_document(_EntryDocument, document, now=now, revision=revision)
    tellings = _tellings(entry.data, _CLIENT_EVENTS_PLACE)
    return _together(tellings, json_pointer(*_CLIENT_EVENTS_PLACE))


def read_profile_update(document: JsonValue, *, now: datetime, revision: Revision) -> Person:
    """Return whom a document of the client API tells about; null takes a value away.

    Raises:
        FaultyDocumentError: with every fault.
    """
    wrapped: Mapping[str, JsonValue] = {"profile": document}
    try:
        return read_document(_ProfileDocument, wrapped, now=now, revision=revision).profile
    except FaultyDocumentError as error:
        faults = [Fault(one.pointer.removeprefix("/profile"), one.detail) for one in error.faults]
        raise FaultyDocumentError(faults) from None


def to_event(telling: Telling, *, store_id: str, event_id: str, now: datetime) -> Event:
    """Return the event that a telling means.

    Without a unique id, the second in which it happened stands for one.

    Args:
        telling: the validated event.
        store_id: the store of the caller's key.
        event_id: a new event id.
        now: when the request came in.
    """
    person, occurrence = telling.person, telling.occurrence
    instant = occurrence.time or now.replace(microsecond=0)
    data, extra = stored_properties(cast("JsonObject", occurrence.properties))
    return Event(
        event_id=event_id,
        store_id=store_id,
        event_name=occurrence.metric,
        event_timestamp=instant,
        received_at=now,
        source=SOURCE,
        identifiers=person.identifiers,
        profile=person.fields,
        data=data,
        extra=extra,
        value=occurrence.value,
        value_currency=occurrence.value_currency,
        unique_id=occurrence.unique_id or str(to_microseconds(instant) // _MICROSECONDS),
        unique_scope=SCOPE,
        unique_rule=UniqueRule.FIRST_OF_CUSTOMER,
    )


def to_statement(person: Person, *, store_id: str, event_id: str, now: datetime) -> Event:
    """Return the event that only says something about a person, from now on."""
    return Event(
        event_id=event_id,
        store_id=store_id,
        event_name=IDENTIFY,
        event_timestamp=now,
        received_at=now,
        source=SOURCE,
        identifiers=person.identifiers,
        profile=person.fields,
    )


def _tellings(entry: _Entry, place: Sequence[str | int]) -> list[Telling]:
    attributes = entry.attributes
    return [
        Telling(attributes.profile, event.attributes, json_pointer(*place, index, "attributes"))
        for index, event in enumerate(attributes.events.data)
    ]


def _together(tellings: Sequence[Telling], pointer: str) -> Sequence[Telling]:
    """Return the events if they can stand in one request."""
    faults = [
        *([Fault(pointer, _TOO_MANY)] if len(tellings) > MAX_EVENTS else []),
        *([Fault(pointer, _TOO_REPETITIVE)] if _is_too_repetitive(tellings) else []),
        *_repeated(tellings),
    ]
    if faults:
        raise FaultyDocumentError(faults[:MAX_LISTED_FAULTS])
    return tellings


def _is_too_repetitive(tellings: Sequence[Telling]) -> bool:
    sizes: dict[int, int] = {}
    total = 0
    for telling in tellings:
        fields = telling.person.fields
        if id(fields) not in sizes:
            sizes[id(fields)] = len(dump_json(fields).encode())
        total += sizes[id(fields)]
    return total > _MAX_REPEATED_BYTES


def _repeated(tellings: Sequence[Telling]) -> list[Fault]:
    """Return a fault for each unique id that its profile and metric have had before.

    Profiles are the same when they share an identifier.
    """
    seen: set[tuple[Identifier, str, str]] = set()
    faults: list[Fault] = []
    for telling in tellings:
        occurrence = telling.occurrence
        if occurrence.unique_id is None:
            continue
        keys = {
            (identifier, occurrence.metric, occurrence.unique_id)
            for identifier in telling.person.identifiers
        }
        if keys & seen:
            faults.append(Fault(f"{telling.pointer}/unique_id", _REPEATED))
        seen |= keys
    return faults
