"""Keeps the last event of a unique id, where that is the rule: the one accepted last stands alone.

Event ids sort by acceptance. The marker of the unique id names the present event and, until they
are gone, the places of all it replaces. An event takes it over only from events accepted before
it, and adds their places, on the condition that the marker is as it was read; so the present event
is the last of all that have come, and no place is forgotten. From this follows, whatever the order:

- An event gets onto a timeline in one transaction with the check that the marker names it. So it
  gets there before another takes the marker over, which then knows its place; or never any more.
  A late event, or one that is overtaken between its marker and its timeline, leaves nothing there.
- The events replaced go after the new one stands, so that one of them can be read at any time.
  Should the function die before they have gone, the places are still in the marker: its own
  redelivery finishes, or whichever event takes the marker over next.
- Deleting what is gone, and settling a profile that is settled, change nothing. The places are
  taken out of the marker last of all, and only while it is this event's.
- A customer may be merged meanwhile. The redirect stands before its timeline is moved, and events
  are moved under the same check. So whoever has taken the marker over and follows the redirects
  finds the event on one of the timelines on the way, or it is never moved again.

An event that does not stand was heard all the same: its identifiers stay with its customer, whether
it came too late or was replaced later. What it said about the customer no longer counts.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from footfall.aws.attempts import attempts
from footfall.aws.bodies import delete_body
from footfall.aws.customers import settle_without
from footfall.aws.items import stored_instant
from footfall.aws.keys import body_object_key, split_timeline_key
from footfall.aws.roots import follow
from footfall.aws.timeline import (
    PlacedEvent,
    delete_event,
    delete_stray_body,
    write_event_while,
)
from footfall.aws.unique_ids import Place, forget_replaced, is_present, take_over
from footfall.domain.events import Event, UniqueRule
from footfall.errors import ConflictError, PermanentError

_ATTEMPTS = 10


def replaces_others(event: Event) -> bool:
    """Tell whether the event takes the place of those with its unique id that came before."""
    return event.unique_rule is UniqueRule.LAST and event.unique_id is not None


def heard_only(placed: PlacedEvent) -> PlacedEvent:
    """Return the event as far as its customer was heard of by it: it says nothing."""
    return replace(placed, event=replace(placed.event, profile={}))


def write_if_last(placed: PlacedEvent) -> Sequence[Place] | None:
    """Put the event on its timeline, unless one accepted later has its unique id.

    Returns:
        The places of the events that it replaces, or None when it came too late.

    Raises:
        PermanentError: it can never be stored.
        TransientError: whether it stands cannot be told now.
    """
    event, customer_id = placed.event, placed.customer_id
    unique_id = event.unique_id or ""
    check = is_present(event.store_id, event.unique_scope, unique_id, event.event_id)
    for _ in attempts(_ATTEMPTS):
        replaced = take_over(event, unique_id, customer_id)
        if replaced is None:
            delete_stray_body(placed)
            return None
        with suppress(ConflictError):  # overtaken, or another writer was at the marker or the item
            write_event_while(placed, check)
            return replaced
    raise ConflictError("the event's unique id is contended")


def remove_replaced(event: Event, places: Sequence[Place]) -> None:
    """Delete the events that stood there, and settle what their customers' profiles are then.

    Raises:
        TransientError: not all of them are known to be gone.
    """
    if not places:
        return
    for place in places:
        path = follow(event.store_id, place.customer_id)
        for customer_id in (*(alias.customer_id for alias in path.aliases), path.root_id):
            delete_event(event.store_id, customer_id, place.timeline_key)
        delete_body(body_object_key(event.store_id, place.event_id))
        _settle_profile(event.store_id, path.root_id, place)
    forget_replaced(event, event.unique_id or "", places)


def _settle_profile(store_id: str, customer_id: str, place: Place) -> None:
    timestamp, event_id = split_timeline_key(place.timeline_key)
    with suppress(PermanentError):  # what held before has no room: the profile is left as it is
        settle_without(store_id, customer_id, (stored_instant(timestamp), event_id))
