"""A customer is forgotten: the tombstone first, then everything that stands on the timeline.

The tombstone stays, and says when the deletion was accepted: an event that was accepted before and
comes after it is dropped. Its identifiers name nobody, and belong to whoever comes with them next.
"""

from datetime import datetime

from footfall.aws.attempts import attempts
from footfall.aws.customers import replace_customer
from footfall.aws.moving import let_go, move_timeline
from footfall.aws.roots import follow
from footfall.domain.customers import Customer, tombstone_of
from footfall.errors import ConflictError

_ATTEMPTS = 10


def delete_customer(store_id: str, customer_id: str, at: datetime) -> bool:
    """Forget a customer; return whether nothing is left of it.

    Of a customer that is merged, the one that it has become is meant. If there is more history than
    one turn may take, the rest goes when this is called again.

    Args:
        at: when the deletion was accepted.

    Raises:
        TransientError: when it is not done; it may be done again.
    """
    tombstone = _bury(store_id, customer_id, at)
    for gone in [*follow(store_id, customer_id).aliases, tombstone]:
        if gone.has_moved:
            continue
        if not move_timeline(store_id, gone.customer_id):
            return False
        let_go(gone)
    return True


def _bury(store_id: str, customer_id: str, at: datetime) -> Customer:
    for _ in attempts(_ATTEMPTS):
        path = follow(store_id, customer_id)
        present = path.root or Customer(store_id, path.root_id, at)
        tombstone = tombstone_of(present, at)
        if tombstone == path.root:
            return tombstone
        try:
            replace_customer(path.root, tombstone)
        except ConflictError:
            continue
        return tombstone
    raise ConflictError("the customer is contended")
