"""Sends what can never be stored to the dead-letter queue, one letter an event, with its reason.

The letter goes first, the note for those who ask by uniqueId second: a crash in between repeats
both, and a second letter of the same event does no harm when it is redriven.
"""

from dataclasses import dataclass
from datetime import datetime

from footfall.aws.queue import send_dead_letter
from footfall.aws.unique_ids import mark_dead, scope_of
from footfall.domain.events import STORE_SCOPE, UniqueRule
from footfall.domain.values import JsonObject
from footfall.errors import PermanentError
from process.arrivals import Errand, Unreadable
from process.fates import Mishap


@dataclass(frozen=True, slots=True)
class UniqueName:
    """By what an event that died can be asked for."""

    store_id: str
    scope: str
    unique_id: str
    event_id: str


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """What goes to the dead-letter queue.

    Attributes:
        message_id: of the message it came in.
        body: the envelope of one event, or a message that is none, as it came.
        name: None when the event has no uniqueId, cannot be read that far, or is stored; and when
            its uniqueId is one of its customer's own, and it died before that customer was known.
        may_stand: an earlier delivery may have stored the event.
    """

    message_id: str
    body: JsonObject | str
    reason: str
    name: UniqueName | None
    may_stand: bool


def of_refused(mishap: Mishap) -> DeadLetter:
    """Return the dead letter of an event that can never be stored."""
    return _of_mishap(mishap, mishap.reason, may_stand=False)


def of_exhausted(mishap: Mishap) -> DeadLetter:
    """Return the dead letter of an event that did not get through in its last delivery either."""
    return _of_mishap(mishap, f"retries exhausted: {mishap.reason}", may_stand=True)


def of_unreadable(unreadable: Unreadable) -> DeadLetter:
    """Return the dead letter of what cannot be read; it may still tell its name."""
    body = unreadable.letter
    name = None if isinstance(body, str) else _name(body)
    return DeadLetter(unreadable.message_id, body, unreadable.reason, name, may_stand=True)


def bury(letter: DeadLetter, now: datetime) -> None:
    """Send the letter, and note the death under the event's name.

    Raises:
        TransientError: when one of the two did not get through.
    """
    send_dead_letter(letter.body, letter.reason, now)
    if letter.name is None:
        return
    name = letter.name
    try:
        mark_dead(
            name.store_id,
            name.scope,
            name.unique_id,
            name.event_id,
            letter.reason,
            may_stand=letter.may_stand,
        )
    except PermanentError:
        return  # a name that fits no key: nobody can ask for it either


def _of_mishap(mishap: Mishap, reason: str, *, may_stand: bool) -> DeadLetter:
    return DeadLetter(
        mishap.arrival.message_id,
        mishap.arrival.envelope,
        reason,
        _name_of(mishap),
        may_stand=may_stand,
    )


def _name_of(mishap: Mishap) -> UniqueName | None:
    if isinstance(mishap.arrival, Errand):
        return None
    event, customer_id = mishap.arrival.event, mishap.customer_id
    if event.unique_id is None or mishap.is_stored:
        return None
    if event.unique_rule is UniqueRule.FIRST_OF_CUSTOMER and customer_id is None:
        return None
    scope = scope_of(event, customer_id or "")
    return UniqueName(event.store_id, scope, event.unique_id, event.event_id)


def _name(envelope: JsonObject) -> UniqueName | None:
    match envelope:
        case {"events": [{"uniqueRule": UniqueRule.FIRST_OF_CUSTOMER}]}:
            return None
        case {
            "storeId": str(store_id),
            "events": [{"uniqueId": str(unique_id), "eventId": str(event_id), **event}],
        }:
            scope = str(event.get("uniqueScope", STORE_SCOPE))
            return UniqueName(store_id, scope, unique_id, event_id)
        case _:
            return None
