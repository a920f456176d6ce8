"""The Identities table: which customer holds which identifier. A claim, once made, is for ever.

So the customer of an event is stable: when it is resolved again after a crash, every identifier
that ranks above the deciding one is held by the same customer, because it was claimed for it before
anything else was written.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from footfall.aws.batches import get_all
from footfall.aws.clients import dynamodb, translated_errors
from footfall.aws.items import to_item
from footfall.aws.keys import customer_key, identity_key
from footfall.domain.identifiers import Identifier, IdentifierKind
from footfall.domain.identity import Decision, decide
from footfall.errors import ConflictError
from footfall.settings import Setting, read_setting

_ATTEMPTS = 20


@dataclass(frozen=True, slots=True)
class Resolution:
    """The customer of an event.

    Attributes:
        created: nobody held any of the identifiers before.
        owned: the event's identifiers that this customer holds now; another holds the rest.
    """

    customer_id: str
    created: bool
    owned: frozenset[Identifier]


def read_identities(store_id: str, identifiers: Sequence[Identifier]) -> dict[Identifier, str]:
    """Return the customer of each identifier that is known in the store.

    A customer also answers to the id that Footfall gave it.
    """
    holders = Holders()
    holders.load((store_id, identifier) for identifier in identifiers)
    return holders.of(store_id, identifiers)


class Holders:
    """Who holds which identifier, as far as a batch has read and claimed it."""

    def __init__(self) -> None:
        self._customers: dict[tuple[str, Identifier], str] = {}

    def load(self, identifiers: Iterable[tuple[str, Identifier]]) -> None:
        """Read the holders of identifiers, each with its store."""
        wanted = set(identifiers)
        identity_keys = {identity_key(*pair): pair for pair in wanted}
        items = get_all(read_setting(Setting.IDENTITIES_TABLE), identity_keys)
        for key, item in items.items():
            self._customers[identity_keys[key]] = str(item["customer_id"])
        self._load_own_ids(wanted)

    def of(self, store_id: str, identifiers: Sequence[Identifier]) -> dict[Identifier, str]:
        """Return the customer of each identifier that is known."""
        return {
            identifier: self._customers[store_id, identifier]
            for identifier in identifiers
            if (store_id, identifier) in self._customers
        }

    def decide(
        self, store_id: str, identifiers: Sequence[Identifier], new_customer_id: str
    ) -> Decision:
        """Return the customer by what is known now, claiming nothing."""
        return decide(identifiers, self.of(store_id, identifiers), new_customer_id)

    def resolve(
        self, store_id: str, identifiers: Sequence[Identifier], new_customer_id: str
    ) -> Resolution:
        """Return the customer, with every free identifier claimed for it.

        A new customer claims all its identifiers in one transaction: of many workers that meet the
        same person, one wins all of them, and the others adopt its customer. Whenever somebody was
        faster, the holders are read again and the decision is made anew.

        Raises:
            ConflictError: when others were faster again and again; a retry will find them done.
        """
        for _ in range(_ATTEMPTS):
            decision = self.decide(store_id, identifiers, new_customer_id)
            try:
                if decision.is_new:
                    self._claim_together(store_id, decision)
                else:
                    self._claim_each(store_id, decision)
            except ConflictError:
                self.load((store_id, identifier) for identifier in identifiers)
                continue
            holders = self.of(store_id, identifiers)
            owned = frozenset(i for i, holder in holders.items() if holder == decision.customer_id)
            return Resolution(decision.customer_id, decision.is_new, owned)
        raise ConflictError("the customer's identifiers are contended")

    def _claim_together(self, store_id: str, decision: Decision) -> None:
        if len(decision.claims) == 1:
            self._claim_each(store_id, decision)
            return
        with translated_errors("dynamodb.TransactWriteItems"):
            dynamodb().transact_write_items(
                TransactItems=[
                    {"Put": _claim(store_id, identifier, decision.customer_id)}  # type: ignore[typeddict-item]
                    for identifier in decision.claims
                ]
            )
        for identifier in decision.claims:
            self._customers[store_id, identifier] = decision.customer_id

    def _claim_each(self, store_id: str, decision: Decision) -> None:
        for identifier in decision.claims:
            with translated_errors("dynamodb.PutItem"):
                dynamodb().put_item(**_claim(store_id, identifier, decision.customer_id))  # type: ignore[arg-type]
            self._customers[store_id, identifier] = decision.customer_id

    def _load_own_ids(self, wanted: Iterable[tuple[str, Identifier]]) -> None:
        candidates = {
            customer_key(store_id, identifier.value): (store_id, identifier)
            for store_id, identifier in wanted
            if identifier.kind is IdentifierKind.ID
        }
        for key in get_all(read_setting(Setting.CUSTOMERS_TABLE), candidates):
            pair = candidates[key]
            self._customers.setdefault(pair, pair[1].value)


def _claim(store_id: str, identifier: Identifier, customer_id: str) -> Mapping[str, object]:
    return {
        "TableName": read_setting(Setting.IDENTITIES_TABLE),
        "Item": to_item({"pk": identity_key(store_id, identifier), "customer_id": customer_id}),
        "ConditionExpression": "attribute_not_exists(pk)",
    }
