"""Which customer an event belongs to, decided from its identifiers and who holds them.

The highest-priority identifier that is known decides. The free ones are to be claimed for the same
customer; those that another customer holds are left alone. When none is known, all are claimed for
a new customer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from footfall.domain.identifiers import Identifier


@dataclass(frozen=True, slots=True)
class Decision:
    """The customer, and the identifiers that nobody holds yet, highest priority first."""

    customer_id: str
    is_new: bool
    claims: tuple[Identifier, ...]


def decide(
    identifiers: Sequence[Identifier], holders: Mapping[Identifier, str], new_customer_id: str
) -> Decision:
    """Return the customer of an event.

    Args:
        identifiers: the event's, highest priority first; at least one.
        holders: the customer of each identifier that is known.
        new_customer_id: the id to use when none is known.
    """
    known = [holders[identifier] for identifier in identifiers if identifier in holders]
    claims = tuple(identifier for identifier in identifiers if identifier not in holders)
    return Decision(
        customer_id=known[0] if known else new_customer_id, is_new=not known, claims=claims
    )
