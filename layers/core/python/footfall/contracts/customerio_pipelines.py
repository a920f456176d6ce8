"""What the calls of Customer.io's Pipelines API mean to Footfall.

A call that says that somebody did something is an event; one that says something about somebody is
an event that identifies. Of the calls with one `messageId`, the first is kept.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from footfall.contracts.amounts import amount_in
from footfall.contracts.customerio_calls import (
    ALIAS_CALL,
    GROUP_CALL,
    IDENTIFY_CALL,
    TRACK_CALL,
    VIEW_CALL,
    AliasCall,
    Call,
    CallType,
    GroupCall,
    IdentifyCall,
    TrackCall,
    UserCall,
    ViewCall,
)
from footfall.contracts.customerio_events import with_reserved
from footfall.contracts.customerio_identifiers import by_priority, identifier_by_shape
from footfall.contracts.customerio_people import named_fields, person
from footfall.contracts.customerio_semantics import DELETION, stated_by, writes_customers
from footfall.contracts.profiles import size_faults
from footfall.contracts.properties import stored_properties
from footfall.contracts.reading import read_document
from footfall.domain.events import IDENTIFY, Event
from footfall.domain.faults import Fault, FaultyDocumentError
from footfall.domain.identifiers import Identifier, IdentifierKind
from footfall.domain.instructions import Deletion, Instruction, Merge
from footfall.domain.limits import EARLIEST_TIMESTAMP, LATEST_TIMESTAMP_AHEAD
from footfall.domain.properties import is_unset
from footfall.domain.stores import Scope
from footfall.domain.timestamps import parse_iso_timestamp
from footfall.domain.values import JsonObject, JsonValue, StatedValue

SOURCE = "pipelines"
SCOPE = "pipelines"

MAX_INSTRUCTIONS = 2
"""How many ids the reading of one call may take."""

_NOT_IDENTIFIED = "Must have a userId or an anonymousId."
_NOBODY_TO_IDENTIFY = "Must have a userId, an anonymousId, or an e-mail address in traits.email."
_NOT_ALLOWED = f"The API key lacks the scope {Scope.CUSTOMERS_WRITE}."


@dataclass(frozen=True, slots=True)
class Sender:
    """On whose behalf calls are read.

    Attributes:
        store_id: the store of the caller's key.
        now: when the request came in.
        ids: new ids for events, ascending; as many as the calls take.
        may_write_customers: the key may merge, delete and suppress people.
    """

    store_id: str
    now: datetime
    ids: Iterator[str]
    may_write_customers: bool


def read_call(call_type: CallType, document: JsonValue, sender: Sender) -> Sequence[Instruction]:
    """Return what a call means: one instruction, or two.

    Raises:
        FaultyDocumentError: with every fault, or when the key may not say this.
    """
    match call_type:
        case CallType.TRACK:
            return [_tracked(read_document(TRACK_CALL.validate_python, document), sender)]
        case CallType.IDENTIFY:
            return [_identification(read_document(IDENTIFY_CALL.validate_python, document), sender)]
        case CallType.PAGE | CallType.SCREEN:
            return [_view(call_type, read_document(VIEW_CALL.validate_python, document), sender)]
        case CallType.GROUP:
            return [_membership(read_document(GROUP_CALL.validate_python, document), sender)]
        case CallType.ALIAS:
            return _alias(read_document(ALIAS_CALL.validate_python, document), sender)


def _identification(call: IdentifyCall, sender: Sender) -> Event:
    stated = person(cast("JsonObject", call.get("traits") or {}))
    named = _named(call)
    identifiers = by_priority([*named, *stated.identifiers])
    if not identifiers:
        raise FaultyDocumentError([Fault("", _NOBODY_TO_IDENTIFY)])
    return _statement(call, sender, identifiers, stated.profile)


def _tracked(call: TrackCall, sender: Sender) -> Instruction:
    identifiers = _identifiers(call)
    if writes_customers(call) and not sender.may_write_customers:
        raise FaultyDocumentError([Fault("/event", _NOT_ALLOWED)])
    event = call["event"]
    if event == DELETION:
        return Deletion(next(sender.ids), sender.store_id, sender.now, SOURCE, identifiers[0])
    profile = stated_by(call)
    if profile is not None:
        return _statement(call, sender, identifiers, profile)
    return _event(
        call, sender, identifiers, event, cast("JsonObject", call.get("properties") or {})
    )


def _view(call_type: CallType, call: ViewCall, sender: Sender) -> Event:
    """Return the event `page` or `screen`; what is seen is one of its properties."""
    properties = cast("JsonObject", call.get("properties") or {})
    named: JsonObject = {"name": call.get("name"), "category": call.get("category")}
    missing = {name: value for name, value in named.items() if is_unset(properties.get(name))}
    return _event(call, sender, _identifiers(call), call_type, {**properties, **missing})


def _membership(call: GroupCall, sender: Sender) -> Event:
    """Return the event `group`: its properties are the group's traits, and which group it is."""
    traits = cast("JsonObject", call.get("traits") or {})
    return _event(
        call, sender, _identifiers(call), CallType.GROUP, {**traits, "groupId": call["group_id"]}
    )


def _alias(call: AliasCall, sender: Sender) -> Sequence[Instruction]:
    """Return that the previous id is the same person: as an anonymous id, and as a person's own.

    A call does not say which of the two the previous id was. A key that may not merge people says
    the first only: an anonymous id joins nobody who was somebody before.
    """
    user, previous = identifier_by_shape(call["user_id"]), identifier_by_shape(call["previous_id"])
    anonymous_ids = dict.fromkeys([call["previous_id"], call.get("anonymous_id")])
    identifiers = [
        user,
        *(Identifier(IdentifierKind.ANONYMOUS, one) for one in anonymous_ids if one is not None),
    ]
    merge_id = next(sender.ids)
    statement = _statement(call, sender, identifiers, {})
    if previous == user or not sender.may_write_customers:
        return [statement]
    return [Merge(merge_id, sender.store_id, sender.now, SOURCE, user, previous), statement]


def _statement(
    call: Call,
    sender: Sender,
    identifiers: Sequence[Identifier],
    fields: Mapping[str, StatedValue],
) -> Event:
    """Return the event that only says something about a person: these fields, by path.

    Raises:
        FaultyDocumentError: when it says too much.
    """
    profile = {**named_fields(identifiers), **fields}
    if faults := size_faults(profile, ""):
        raise FaultyDocumentError(faults)
    return Event(
        event_id=next(sender.ids),
        store_id=sender.store_id,
        event_name=IDENTIFY,
        event_timestamp=_moment(call, sender.now),
        received_at=sender.now,
        source=SOURCE,
        identifiers=identifiers,
        profile=profile,
        unique_id=call.get("message_id"),
        unique_scope=SCOPE,
    )


def _event(
    call: Call,
    sender: Sender,
    identifiers: Sequence[Identifier],
    name: str,
    properties: JsonObject,
) -> Event:
    data, extra = stored_properties(properties)
    value, currency = amount_in(properties)
    return Event(
        event_id=next(sender.ids),
        store_id=sender.store_id,
        event_name=name,
        event_timestamp=_moment(call, sender.now),
        received_at=sender.now,
        source=SOURCE,
        identifiers=identifiers,
        profile=named_fields(identifiers),
        data=data,
        extra=with_reserved(extra, data),
        value=value,
        value_currency=currency,
        unique_id=call.get("message_id"),
        unique_scope=SCOPE,
    )


def _identifiers(call: UserCall) -> Sequence[Identifier]:
    """Return whom the call names.

    Raises:
        FaultyDocumentError: when it names nobody.
    """
    identifiers = _named(call)
    if not identifiers:
        raise FaultyDocumentError([Fault("", _NOT_IDENTIFIED)])
    return identifiers


def _named(call: UserCall) -> list[Identifier]:
    """Return whom the ids name: a userId is read as in paths of Track, to be the same person."""
    user_id, anonymous_id = call.get("user_id"), call.get("anonymous_id")
    identifiers = [] if user_id is None else [identifier_by_shape(user_id)]
    if anonymous_id is not None:
        identifiers.append(Identifier(IdentifierKind.ANONYMOUS, anonymous_id))
    return identifiers


def _moment(call: Call, now: datetime) -> datetime:
    """Return when it happened: the first time of the two that is believable, else now."""
    for stated in (call.get("timestamp"), call.get("original_timestamp")):
        instant = parse_iso_timestamp(stated) if isinstance(stated, str) else None
        if instant and EARLIEST_TIMESTAMP <= instant <= now + LATEST_TIMESTAMP_AHEAD:
            return instant
    return now
