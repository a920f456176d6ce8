"""Which customer an instruction is about, decided from its identifiers and who holds them.

The highest-priority identifier that is known decides. The free ones are to be claimed for the same
customer; those that another customer holds are left alone. When none is known, all are claimed for
a new customer.

An anonymous id names a browser or a device, so it says less than the others. It joins one person,
once: the first that comes with it and with a stronger identifier takes over what was done under it.
Whoever uses the same browser after that is somebody else, and stays so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from footfall.domain.identifiers import Identifier, IdentifierKind


@dataclass(frozen=True, slots=True)
class Holding:
    """Who holds an identifier.

    Attributes:
        is_joined: of an anonymous id: it has joined a customer, and can join no other.
        merging: of an anonymous id that has joined: the customer whose history is still to follow.
        freed_at: when the customer who held it before was deleted; None when there was none.
        freed_from: that customer.
    """

    customer_id: str
    is_joined: bool = False
    merging: str | None = None
    freed_at: datetime | None = None
    freed_from: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """The customer, and what has to be written so that the identifiers say so.

    Attributes:
        is_new: nobody held any of the identifiers.
        is_adopted: an anonymous customer gets its first stronger identifiers, and keeps its id.
        claims: the identifiers that nobody holds yet, highest priority first.
        joins: the anonymous ids that join the customer now, claimed or held by another.
        merges: the other customers that become this one, by the word of a merge.
    """

    customer_id: str
    is_new: bool
    is_adopted: bool
    claims: tuple[Identifier, ...]
    joins: tuple[Identifier, ...] = ()
    merges: tuple[str, ...] = ()

    @property
    def is_settled(self) -> bool:
        """Tell whether nothing has to be written: the identifiers say so already."""
        return not (self.is_new or self.claims or self.joins or self.merges)


def decide(
    identifiers: Sequence[Identifier],
    holdings: Mapping[Identifier, Holding],
    new_customer_id: str,
    *,
    are_one: bool = False,
) -> Decision:
    """Return the customer that an instruction is about.

    Args:
        identifiers: highest priority first; at least one.
        holdings: of each identifier that is known; the holders are customers that exist.
        new_customer_id: the id to use when none is known.
        are_one: a merge says so: whoever holds one of them is this customer.
    """
    strong = [one for one in identifiers if not is_anonymous(one)]
    known = [one for one in strong if one in holdings]
    is_adopted = False
    if not known:
        known = _known_anonymous(identifiers, holdings, strong=bool(strong), are_one=are_one)
        is_adopted = bool(strong and known)
    customer_id = holdings[known[0]].customer_id if known else new_customer_id
    return Decision(
        customer_id=customer_id,
        is_new=not known,
        is_adopted=is_adopted,
        claims=tuple(one for one in identifiers if one not in holdings),
        joins=tuple(_joins(identifiers, holdings, known, is_named=bool(strong), are_one=are_one)),
        merges=tuple(_others(strong, holdings, customer_id) if are_one else ()),
    )


def is_anonymous(identifier: Identifier) -> bool:
    """Tell whether the identifier names a browser or a device, and no person."""
    return identifier.kind is IdentifierKind.ANONYMOUS


def _known_anonymous(
    identifiers: Sequence[Identifier],
    holdings: Mapping[Identifier, Holding],
    *,
    strong: bool,
    are_one: bool,
) -> list[Identifier]:
    """Return the anonymous ids that can decide, where no stronger identifier is known.

    Whoever comes with a stronger one that nobody knows is no customer that has one already.
    """
    known = [one for one in identifiers if is_anonymous(one) and one in holdings]
    if strong:
        return [one for one in known if not holdings[one].is_joined]
    return sorted(known, key=lambda one: not holdings[one].is_joined) if are_one else known


def _joins(
    identifiers: Sequence[Identifier],
    holdings: Mapping[Identifier, Holding],
    known: Sequence[Identifier],
    *,
    is_named: bool,
    are_one: bool,
) -> Sequence[Identifier]:
    """Return the anonymous ids that can join nobody else from now on.

    A customer who is anonymous still keeps one that a person can come by, and no more: else two
    people could come to the same customer, each by another one.
    """
    anonymous = [one for one in identifiers if is_anonymous(one)]
    if not is_named:
        first = known[0] if known else anonymous[0]
        anonymous = [one for one in anonymous if one != first and (are_one or one not in holdings)]
    return [one for one in anonymous if one not in holdings or not holdings[one].is_joined]


def _others(
    strong: Sequence[Identifier], holdings: Mapping[Identifier, Holding], customer_id: str
) -> Sequence[str]:
    held = [holdings[one].customer_id for one in strong if one in holdings]
    return list(dict.fromkeys(one for one in held if one != customer_id))
