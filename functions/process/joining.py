"""Lets the histories of other customers become a customer's own, and identifiers follow."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from footfall.aws.identities import Holders
from footfall.aws.merging import merge
from footfall.aws.queue import send_envelope
from footfall.aws.roots import follow
from footfall.domain.events import Event
from footfall.domain.identifiers import Identifier
from footfall.domain.values import JsonObject


@dataclass(frozen=True, slots=True)
class Union:
    """Customers who are one.

    Attributes:
        others: those who become the customer.
        identifiers: what said so; they name the customer in the end.
        at: when that was accepted.
        envelope: what said so, to be sent once more if a history is longer than one turn takes.
    """

    store_id: str
    customer_id: str
    others: Sequence[str]
    identifiers: Sequence[Identifier]
    at: datetime
    envelope: JsonObject


def join(union: Union, holders: Holders) -> None:
    """Merge the others into the customer.

    Until all has followed the identifiers say so, and whoever comes with them goes on, too.
    """
    store_id = union.store_id
    for other in union.others:
        if not merge(store_id, other, union.customer_id, union.at):
            send_envelope(union.envelope)
            return
    for other in union.others:
        path = follow(store_id, other)
        for known in [*path.aliases, path.root]:
            if known is not None and known.is_gone:
                holders.note(known)
    holders.let_follow(store_id, union.identifiers)


def union_by(event: Event, customer_id: str, others: Sequence[str], envelope: JsonObject) -> Union:
    """Return the union that an event brings about."""
    return Union(
        event.store_id, customer_id, others, event.identifiers, event.received_at, envelope
    )
