"""Following merged customers to their root: the customer that they have become.

A customer is merged once and for ever, so what was followed once is never wrong, at most too short.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from footfall.aws.customers import read_customer, read_customers
from footfall.domain.customers import Customer


@dataclass(frozen=True, slots=True)
class Path:
    """The way from a customer to its root.

    Attributes:
        aliases: the merged customers on it, in order; empty when the customer is the root itself.
        root: the root as stored, or None when there is nothing stored about it (yet).
    """

    aliases: Sequence[Customer]
    root_id: str
    root: Customer | None

    @property
    def is_deleted(self) -> bool:
        """Tell whether it ends in a customer who is deleted."""
        return self.root is not None and self.root.deleted_at is not None


def follow(store_id: str, customer_id: str) -> Path:
    """Return the way from a customer to its root, as stored now."""
    aliases: list[Customer] = []
    while True:
        customer = read_customer(store_id, customer_id)
        if customer is None or customer.merged_into is None:
            return Path(aliases, customer_id, customer)
        aliases.append(customer)
        customer_id = customer.merged_into


def living_customer(store_id: str, customer_id: str) -> Customer | None:
    """Return the customer that this one has become, or None when there is none, or none any more.

    A customer who is not merged costs one reading.
    """
    path = follow(store_id, customer_id)
    return None if path.is_deleted else path.root


def living_customers(keys: Collection[tuple[str, str]]) -> dict[tuple[str, str], Customer]:
    """Return by store and id the customers that these have become, as far as there are any."""
    read: dict[tuple[str, str], Customer] = {}
    wanted = set(keys)
    while wanted:
        found = read_customers(wanted)
        read |= found
        wanted = {
            (one.store_id, one.merged_into) for one in found.values() if one.merged_into
        } - read.keys()
    roots = {key: _root(read, key) for key in keys}
    return {key: root for key, root in roots.items() if root and root.deleted_at is None}


def _root(read: Mapping[tuple[str, str], Customer], key: tuple[str, str]) -> Customer | None:
    customer = read.get(key)
    while customer is not None and customer.merged_into is not None:
        customer = read.get((customer.store_id, customer.merged_into))
    return customer
