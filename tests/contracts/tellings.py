"""One event, told in every dialect that can say it."""

import csv
import re
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, cast
from urllib.parse import urlencode

from cli.importing.customerio_rows import CUSTOMER_ID, NAME, TIMESTAMP
from cli.importing.reading import read_rows
from cli.importing.source import Source
from footfall.contracts import (
    customerio_operations,
    customerio_pipelines,
    customerio_track,
    klaviyo,
    klaviyo_events,
    redo,
    yotpo,
)
from footfall.contracts.customerio_calls import CallType
from footfall.contracts.customerio_events import Occasion
from footfall.contracts.customerio_identifiers import identifier_in_path
from footfall.contracts.forms import parse_form
from footfall.contracts.klaviyo_revisions import NEWEST, read_revision
from footfall.domain.events import Event
from footfall.domain.identifiers import IdentifierKind
from footfall.domain.stores import Scope
from footfall.domain.strict_json import dump_json, parse_json
from footfall.domain.timestamps import format_timestamp
from footfall.domain.values import JsonObject, JsonValue

if TYPE_CHECKING:
    from footfall.contracts.klaviyo_revisions import Revision

NOW = datetime(2026, 4, 2, 12, 30, 15, 250_000, tzinfo=UTC)
STORE = "64e5a8a1af49a89df37e4ee7"
EVENT_ID = "019d4e2b-3c00-7a1b-8c2d-3e4f5a6b7c8d"
UNIQUE_ID = "unique id"
"""The heading of the column in which a CSV file can bring it."""

_ID, _EMAIL, _PHONE, _ANONYMOUS = IdentifierKind
_SNAKE_CASE = re.compile(r"\w+", re.ASCII)
_OCCASION = Occasion(EVENT_ID, STORE, NOW)
_FLAT = cast("Revision", read_revision("2023-01-24"))


@dataclass(frozen=True)
class Telling:
    """What happened, before anybody says it.

    Attributes:
        kind: how the customer is named.
        properties: without what the event is worth.
        extra: what stands in `$extra`, where anything does.
        value: what it is worth: in the field for it where a dialect has one, and in the properties
            `value` and `currency`, where the other dialects look for it.
        at: to the second.
        unique_id: a ULID.
    """

    name: str
    kind: IdentifierKind
    customer: str
    properties: JsonObject
    extra: JsonValue
    value: Decimal | int | None
    currency: str | None
    at: datetime
    unique_id: str

    @property
    def data(self) -> JsonObject:
        """All properties, as they are told."""
        told: dict[str, JsonValue] = {**self.properties}
        if self.value is not None:
            told["value"] = self.value
        if self.currency is not None:
            told["currency"] = self.currency
        if self.extra is not None:
            told["$extra"] = self.extra
        return told

    @property
    def time(self) -> str:
        """When, in RFC 3339."""
        return format_timestamp(self.at)

    @property
    def is_text_only(self) -> bool:
        """Whether every property is a text."""
        return all(isinstance(value, str) for value in self.data.values())

    def named(self, **names: str) -> JsonObject:
        """Return the customer as an object, by what a dialect calls each kind."""
        return {names[self.kind]: self.customer}


@dataclass(frozen=True)
class Dialect:
    """One way to tell it, and what it has no words for."""

    kinds: frozenset[IdentifierKind]
    tell: Callable[[Telling], Event]
    can_say: Callable[[Telling], bool] = lambda _: True

    def has_words_for(self, telling: Telling) -> bool:
        """Tell whether the dialect can say it."""
        return telling.kind in self.kinds and self.can_say(telling)


def _sent(document: object) -> JsonObject:
    """Return the document as it comes out of a body."""
    return cast("JsonObject", parse_json(dump_json(document)))


def _in_redo(telling: Telling) -> Event:
    document = {
        "eventName": telling.name,
        "customer": telling.named(id="id", email="email", phone="phoneNumber"),
        "data": telling.data,
        "eventTimestamp": telling.time,
        "value": telling.value,
        "valueCurrency": telling.currency,
        "uniqueId": telling.unique_id,
    }
    request = redo.read_event(_sent(document), now=NOW)
    return redo.to_event(request, store_id=STORE, event_id=EVENT_ID, now=NOW, unique_id=None)


def _in_klaviyo(metric: JsonObject, profile: JsonObject, telling: Telling, by: "Revision") -> Event:
    attributes = {
        "metric": metric,
        "profile": profile,
        "properties": telling.data,
        "time": telling.time,
        "value": telling.value,
        "value_currency": telling.currency,
        "unique_id": telling.unique_id,
    }
    document: JsonObject = {"data": {"type": "event", "attributes": attributes}}
    told = klaviyo.read_event(_sent(document), now=NOW, revision=by)
    return klaviyo_events.to_event(told, store_id=STORE, event_id=EVENT_ID, now=NOW)


def _in_nested_klaviyo(telling: Telling) -> Event:
    customer = telling.named(
        id="external_id", email="email", phone="phone_number", anonymous="anonymous_id"
    )
    metric: JsonObject = {"data": {"type": "metric", "attributes": {"name": telling.name}}}
    profile: JsonObject = {"data": {"type": "profile", "attributes": customer}}
    return _in_klaviyo(metric, profile, telling, NEWEST)


def _in_flat_klaviyo(telling: Telling) -> Event:
    profile = telling.named(id="$id", email="$email", phone="$phone_number", anonymous="$anonymous")
    return _in_klaviyo({"name": telling.name}, profile, telling, _FLAT)


def _in_track_1(document: JsonObject, telling: Telling) -> Event:
    if telling.kind is _ANONYMOUS:
        anonymous = {**document, "anonymous_id": telling.customer}
        return customerio_track.read_anonymous_event(anonymous, _OCCASION)
    return customerio_track.read_event(document, identifier_in_path(telling.customer), _OCCASION)


def _in_track_1_json(telling: Telling) -> Event:
    document = {
        "name": telling.name,
        "data": telling.data,
        "id": telling.unique_id,
        "timestamp": int(telling.at.timestamp()),
    }
    return _in_track_1(_sent(document), telling)


def _in_track_1_form(telling: Telling) -> Event:
    fields = {
        "name": telling.name,
        "id": telling.unique_id,
        "timestamp": str(int(telling.at.timestamp())),
        **{f"data[{name}]": str(value) for name, value in telling.data.items()},
    }
    return _in_track_1(parse_form(urlencode(fields)), telling)


def _in_track_2(telling: Telling) -> Event:
    operation = {
        "type": "person",
        "identifiers": telling.named(id="id", email="email", phone="phone"),
        "action": "event",
        "name": telling.name,
        "attributes": telling.data,
        "id": telling.unique_id,
        "timestamp": int(telling.at.timestamp()),
    }
    told = customerio_operations.read_operation(_sent(operation), frozenset(Scope), _OCCASION)
    assert isinstance(told, Event)
    return told


def _in_pipelines(telling: Telling) -> Event:
    call = {
        "type": "track",
        **telling.named(id="userId", email="userId", anonymous="anonymousId"),
        "event": telling.name,
        "properties": telling.data,
        "messageId": telling.unique_id,
        "timestamp": telling.time,
    }
    sender = customerio_pipelines.Sender(STORE, NOW, iter([EVENT_ID]), may_write_customers=True)
    (told,) = customerio_pipelines.read_call(CallType.TRACK, _sent(call), sender)
    assert isinstance(told, Event)
    return told


def _in_yotpo(telling: Telling) -> Event:
    document = {
        "type": telling.name,
        "customer": telling.named(id="external_id", email="email", phone="phone_number"),
        "properties": telling.data,
        "occurred_at": telling.time,
        "id": telling.unique_id,
    }
    custom = yotpo.read_custom_event(_sent(document), now=NOW)
    return yotpo.to_event(custom, store_id=STORE, event_id=EVENT_ID, now=NOW)


def _in_csv(telling: Telling) -> Event:
    headings = [NAME, CUSTOMER_ID, TIMESTAMP, UNIQUE_ID, *telling.data]
    seconds = str(int(telling.at.timestamp()))
    cells = [telling.name, telling.customer, seconds, telling.unique_id, *telling.data.values()]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "events.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([headings, cells])
        (row,) = read_rows(Source(path, mapping={UNIQUE_ID: "uniqueId"}))
    assert row.faults == ()
    request = redo.read_event(parse_json(row.text), now=NOW)
    return redo.to_event(request, store_id=STORE, event_id=EVENT_ID, now=NOW, unique_id=None)


def _is_of_yotpo(telling: Telling) -> bool:
    return _SNAKE_CASE.fullmatch(telling.name) is not None and all(
        name.split() == [name]
        and not name.startswith("$")
        and value is not None
        and isinstance(value, str | int | Decimal)
        for name, value in telling.data.items()
    )


def _is_of_forms(telling: Telling) -> bool:
    return telling.is_text_only and not any(set("[]") & set(name) for name in telling.data)


DIALECTS: Mapping[str, Dialect] = {
    "Redo": Dialect(frozenset({_ID, _EMAIL, _PHONE}), _in_redo),
    "Klaviyo, nested": Dialect(frozenset(IdentifierKind), _in_nested_klaviyo),
    "Klaviyo, flat": Dialect(frozenset(IdentifierKind), _in_flat_klaviyo),
    # In a path, a phone number is an id.
    "Track v1, JSON": Dialect(frozenset({_ID, _EMAIL, _ANONYMOUS}), _in_track_1_json),
    "Track v1, form": Dialect(frozenset({_ID, _EMAIL, _ANONYMOUS}), _in_track_1_form, _is_of_forms),
    "Track v2": Dialect(frozenset({_ID, _EMAIL, _PHONE}), _in_track_2),
    "Pipelines": Dialect(frozenset({_ID, _EMAIL, _ANONYMOUS}), _in_pipelines),
    "Yotpo": Dialect(frozenset({_ID, _EMAIL, _PHONE}), _in_yotpo, _is_of_yotpo),
    "CSV": Dialect(
        frozenset({_ID, _EMAIL}),
        _in_csv,
        lambda telling: telling.is_text_only and telling.extra is None,
    ),
}
