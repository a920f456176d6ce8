"""Which customer holds which identifier, as far as a batch has read and claimed it.

A claim is for ever. So the customer of an event is stable: when it is resolved again after a crash,
every identifier that ranks above the deciding one is held by the same customer, because it was
claimed for it before anything else was written.

The customer may be merged into another one, or deleted, while its identifiers still name it. That
is learned where it matters, or where it comes for free, and the identifiers follow then: to the
customer that it was merged into, or, from a deleted one, to whoever comes with them next.
"""

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeAlias

from footfall.aws.customers import read_customers
from footfall.aws.holdings import Swap, read_holdings, swap_holding, swap_together
from footfall.domain.customers import Customer
from footfall.domain.identifiers import Identifier, IdentifierKind
from footfall.domain.identity import Decision, Holding, decide, is_anonymous
from footfall.errors import ConflictError

_ATTEMPTS = 20
_IDENTIFYING_PATHS = ("email", "phoneNumber")

_Question: TypeAlias = tuple[str, tuple[Identifier, ...], bool]
"""A store, the identifiers of an instruction, and whether these are one by its word."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """The customer that an instruction is about.

    Attributes:
        created: nobody held any of the identifiers before.
        owned: the identifiers that this customer holds now; another holds the rest.
        merging: the customers whose histories are to become this one's.
    """

    customer_id: str
    created: bool
    owned: frozenset[Identifier]
    merging: tuple[str, ...] = ()


def read_identities(store_id: str, identifiers: Sequence[Identifier]) -> dict[Identifier, str]:
    """Return the customer of each identifier that is known in the store, merged or not.

    A customer also answers to the id that Footfall gave it.
    """
    holders = Holders()
    holders.load((store_id, identifier) for identifier in identifiers)
    return holders.of(store_id, identifiers)


@dataclass(frozen=True, slots=True)
class _Answers:
    """What follows from what is known: the same people come again and again.

    Attributes:
        decisions, resolutions: where nothing has to be written.
        deletions: when the customer was deleted, or None.
    """

    decisions: dict[_Question, Decision] = field(default_factory=dict)
    resolutions: dict[_Question, Resolution] = field(default_factory=dict)
    deletions: dict[_Question, datetime | None] = field(default_factory=dict)


class Holders:
    """Who holds which identifier."""

    def __init__(self) -> None:
        self._answers = _Answers()
        self._holdings: dict[tuple[str, Identifier], Holding] = {}
        self._own_ids: set[tuple[str, Identifier]] = set()
        self._customers: dict[tuple[str, str], Customer | None] = {}

    def load(
        self, identifiers: Iterable[tuple[str, Identifier]], *, consistently: bool = True
    ) -> None:
        """Read the holders of identifiers, each with its store.

        Args:
            consistently: else at half the price, as they were a moment ago.
        """
        wanted = set(identifiers)
        self._answers = _Answers()
        self._holdings |= read_holdings(wanted, consistently=consistently)
        self._own_ids -= self._holdings.keys()
        self._load_own_ids(wanted)

    def note(self, customer: Customer) -> None:
        """Take to account what was learned about a customer."""
        self._customers[customer.store_id, customer.customer_id] = customer
        self._answers = _Answers()

    def of(self, store_id: str, identifiers: Sequence[Identifier]) -> dict[Identifier, str]:
        """Return the customer that each identifier names, of those that are known."""
        return {
            identifier: found.customer_id
            for identifier in identifiers
            if (found := self._named(store_id, identifier)) is not None
        }

    def decide(
        self,
        store_id: str,
        identifiers: Sequence[Identifier],
        new_customer_id: str,
        *,
        are_one: bool = False,
    ) -> Decision:
        """Return the customer by what is known now, claiming nothing.

        Customers are read only where the identifiers name more than one, or an anonymous one.
        """
        question = store_id, tuple(identifiers), are_one
        known = self._answers.decisions.get(question)
        if known is not None:
            return known
        self._read_customers_in_question(store_id, identifiers)
        holdings = self._living(store_id, identifiers)
        decision = decide(identifiers, holdings, new_customer_id, are_one=are_one)
        if decision.is_settled:
            self._answers.decisions[question] = decision
        return decision

    def resolve(
        self,
        store_id: str,
        identifiers: Sequence[Identifier],
        new_customer_id: str,
        *,
        are_one: bool = False,
    ) -> Resolution:
        """Return the customer, with every free identifier claimed for it.

        A new customer claims all its identifiers in one transaction: of many workers that meet the
        same person, one wins all of them, and the others adopt its customer. Whenever somebody was
        faster, the holders are read again and the decision is made anew.

        Raises:
            ConflictError: when others were faster again and again; a retry will find them done.
        """
        question = store_id, tuple(identifiers), are_one
        known = self._answers.resolutions.get(question)
        if known is not None:
            return known
        for _ in range(_ATTEMPTS):
            decision = self.decide(store_id, identifiers, new_customer_id, are_one=are_one)
            try:
                self._carry_out(store_id, decision)
            except ConflictError:
                self._forget_the_living()
                self.load((store_id, identifier) for identifier in identifiers)
                continue
            resolution = self._resolution(store_id, identifiers, decision, are_one=are_one)
            if decision.is_settled:
                self._answers.resolutions[question] = resolution
            return resolution
        raise ConflictError("the customer's identifiers are contended")

    def is_forgotten(
        self, store_id: str, identifiers: Sequence[Identifier], received_at: datetime
    ) -> bool:
        """Tell whether the customer was deleted after this was accepted, as far as is known."""
        question = store_id, tuple(identifiers), False
        if question not in self._answers.deletions:
            self._read_customers_in_question(store_id, identifiers)
            self._answers.deletions[question] = self._deleted_at(store_id, identifiers)
        deleted_at = self._answers.deletions[question]
        return deleted_at is not None and received_at <= deleted_at

    def look_up(self, store_id: str, identifiers: Sequence[Identifier]) -> None:
        """Read what has become of the customers that the identifiers name."""
        while True:
            named = self.of(store_id, identifiers).values()
            roots = {(store_id, self._root_id(store_id, one)) for one in named}
            if not self._read(roots):
                return

    def to_delete(
        self, store_id: str, identifier: Identifier, accepted_at: datetime
    ) -> Sequence[str]:
        """Return the customers that a deletion of the identifier is about.

        Whoever has come with it after an earlier deletion is somebody else: if it was this one, or
        a later one, that is to be finished.
        """
        named = self._named(store_id, identifier)
        if named is None:
            return []
        if named.freed_at is not None and named.freed_from and accepted_at <= named.freed_at:
            return [named.freed_from]
        return [named.customer_id, *([named.merging] if named.merging else [])]

    def pending(self, store_id: str, identifiers: Sequence[Identifier]) -> dict[str, list[str]]:
        """Return, by the customers that identifiers name, whose histories are still to follow."""
        found: dict[str, list[str]] = {}
        for identifier in identifiers:
            named = self._named(store_id, identifier)
            if named is not None and named.merging is not None:
                found.setdefault(named.customer_id, []).append(named.merging)
        return found

    def let_follow(self, store_id: str, identifiers: Sequence[Identifier]) -> None:
        """Let identifiers name the customer that theirs has become, once nothing is left there.

        To be called last, when all is done that was to be done: a redelivery that comes by other
        identifiers would not find what an earlier delivery left on the way.
        """
        for identifier in identifiers:
            present = self._holdings.get((store_id, identifier))
            if present is None:
                continue
            following = present
            root_id = self._root_id(store_id, present.customer_id)
            if root_id != present.customer_id and self._is_left(store_id, present.customer_id):
                following = replace(following, customer_id=root_id)
            if present.merging is not None and self._is_left(store_id, present.merging):
                following = replace(following, merging=None)
            if following != present:
                with suppress(ConflictError):  # somebody else has changed it: no need to
                    self._swap([Swap(store_id, identifier, present, following)])

    def _named(self, store_id: str, identifier: Identifier) -> Holding | None:
        """Return the holding as it stands, whatever has become of the customer."""
        key = (store_id, identifier)
        if key in self._own_ids:
            return Holding(identifier.value)
        return self._holdings.get(key)

    def _living(
        self, store_id: str, identifiers: Sequence[Identifier]
    ) -> dict[Identifier, Holding]:
        """Return the holdings of customers that exist, each with the one that it has become."""
        living: dict[Identifier, Holding] = {}
        for identifier in identifiers:
            named = self._named(store_id, identifier)
            if named is None:
                continue
            root_id = self._root_id(store_id, named.customer_id)
            root = self._customers.get((store_id, root_id))
            if root is not None and root.deleted_at is not None:
                continue
            is_joined = named.is_joined or (root is not None and _is_identified(root))
            living[identifier] = replace(named, customer_id=root_id, is_joined=is_joined)
        return living

    def _deleted_at(self, store_id: str, identifiers: Sequence[Identifier]) -> datetime | None:
        """Return when the customer was deleted, as far as is known."""
        names_person = not all(map(is_anonymous, identifiers))
        for identifier in identifiers:
            named = self._named(store_id, identifier)
            if named is None or (names_person and is_anonymous(identifier) and named.is_joined):
                continue
            root = self._customers.get((store_id, self._root_id(store_id, named.customer_id)))
            return named.freed_at if root is None else root.deleted_at or named.freed_at
        return None

    def _read_customers_in_question(self, store_id: str, identifiers: Sequence[Identifier]) -> None:
        """Read customers where it matters before anything is written whether they are gone.

        That is where identifiers name more than one, or an anonymous one could be joined.
        """
        names_person = not all(map(is_anonymous, identifiers))
        while True:
            living = self._living(store_id, identifiers)
            is_known = not all(map(is_anonymous, living))
            may_join = names_person and any(
                is_anonymous(identifier) and not (is_known and holding.is_joined)
                for identifier, holding in living.items()
            )
            roots = {(store_id, holding.customer_id) for holding in living.values()}
            if not (may_join or len(roots) > 1) or not self._read(roots):
                return

    def _read(self, keys: Collection[tuple[str, str]]) -> bool:
        """Read the customers of whom nothing is known; tell whether there were any."""
        unread = set(keys) - self._customers.keys()
        if not unread:
            return False
        found = read_customers(unread)
        self._customers |= {key: found.get(key) for key in unread}
        self._answers = _Answers()
        return True

    def _carry_out(self, store_id: str, decision: Decision) -> None:
        swaps = [
            *(self._claim(store_id, identifier, decision) for identifier in decision.claims),
            *(
                self._join(store_id, identifier, decision.customer_id)
                for identifier in decision.joins
                if identifier not in decision.claims
            ),
        ]
        if decision.is_new or decision.is_adopted:
            self._swap(swaps)
        else:
            for swap in swaps:
                self._swap([swap])

    def _claim(self, store_id: str, identifier: Identifier, decision: Decision) -> Swap:
        """Return the claim of an identifier that nobody holds, or a customer who is deleted."""
        is_joined = identifier in decision.joins
        following = Holding(decision.customer_id, is_joined=is_joined)
        present = self._holdings.get((store_id, identifier))
        named = self._named(store_id, identifier)
        if named is not None:
            deleted_id = self._root_id(store_id, named.customer_id)
            deleted = self._customers[store_id, deleted_id]
            following = replace(
                following,
                merging=named.merging,
                freed_at=None if deleted is None else deleted.deleted_at,
                freed_from=deleted_id,
            )
        return Swap(store_id, identifier, present, following)

    def _join(self, store_id: str, identifier: Identifier, customer_id: str) -> Swap:
        present = self._holdings[store_id, identifier]
        is_other = self._root_id(store_id, present.customer_id) != customer_id
        following = replace(
            present,
            customer_id=customer_id,
            is_joined=True,
            merging=present.customer_id if is_other else present.merging,
        )
        return Swap(store_id, identifier, present, following)

    def _swap(self, swaps: Sequence[Swap]) -> None:
        if len(swaps) == 1:
            swap_holding(swaps[0])
        elif swaps:
            swap_together(swaps)
        for swap in swaps:
            self._holdings[swap.store_id, swap.identifier] = swap.following
            self._own_ids.discard((swap.store_id, swap.identifier))
        self._answers = _Answers()

    def _resolution(
        self,
        store_id: str,
        identifiers: Sequence[Identifier],
        decision: Decision,
        *,
        are_one: bool,
    ) -> Resolution:
        customer_id = decision.customer_id
        living = self._living(store_id, identifiers)
        owned = frozenset(i for i, holding in living.items() if holding.customer_id == customer_id)
        merging = [one for i in owned if (one := living[i].merging) is not None]
        if are_one:
            named = self.of(store_id, [i for i in living if i in owned or not is_anonymous(i)])
            merging += named.values()
        others = tuple(one for one in dict.fromkeys(merging) if one != customer_id)
        return Resolution(customer_id, decision.is_new, owned, others)

    def _root_id(self, store_id: str, customer_id: str) -> str:
        """Return the customer that this one has become, as far as is known."""
        while True:
            customer = self._customers.get((store_id, customer_id))
            if customer is None or customer.merged_into is None:
                return customer_id
            customer_id = customer.merged_into

    def _is_left(self, store_id: str, customer_id: str) -> bool:
        """Tell whether the customer is gone, with nothing left there or on the way to its root."""
        customer = self._customers.get((store_id, customer_id))
        if customer is None or not customer.is_gone:
            return False
        while customer is not None and customer.is_gone:
            if not customer.has_moved:
                return False
            customer = self._customers.get((store_id, customer.merged_into or ""))
        return True

    def _forget_the_living(self) -> None:
        """Forget what can change; who is merged or deleted is so for ever."""
        self._answers = _Answers()
        self._customers = {
            key: customer
            for key, customer in self._customers.items()
            if customer is not None and customer.is_gone
        }

    def _load_own_ids(self, wanted: Iterable[tuple[str, Identifier]]) -> None:
        candidates = {
            (store_id, identifier.value): (store_id, identifier)
            for store_id, identifier in wanted
            if identifier.kind is IdentifierKind.ID
        }
        for key, customer in read_customers(candidates).items():
            self._customers[key] = customer
            if candidates[key] not in self._holdings:
                self._own_ids.add(candidates[key])


def _is_identified(customer: Customer) -> bool:
    """Tell whether the profile names a person, whatever its identifiers are."""
    fields = (customer.fields.get(path) for path in _IDENTIFYING_PATHS)
    return any(field is not None and field.value is not None for field in fields)
