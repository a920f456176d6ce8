"""Carries out merges and deletions; each may be done again, and then finds itself done."""

from collections.abc import Sequence

from footfall.aws.deleting import delete_customer
from footfall.aws.identities import Holders
from footfall.aws.queue import send_envelope
from footfall.domain.identifiers import Identifier, customer_id_for
from footfall.domain.identity import is_anonymous
from footfall.domain.instructions import Deletion, Merge
from footfall.errors import PermanentError, TransientError
from process.arrivals import Errand
from process.fates import Fates, Mishap
from process.joining import Union, join


def carry_out(errands: Sequence[Errand], fates: Fates) -> None:
    """Carry the errands out, each as far as it goes."""
    for errand in errands:
        try:
            match errand.instruction:
                case Merge():
                    _merge(errand.instruction, errand, fates)
                case Deletion():
                    _delete(errand.instruction, errand, fates)
        except PermanentError as error:
            fates.dead.append(Mishap(errand, str(error)))
        except TransientError as error:
            fates.postponed.append(Mishap(errand, str(error)))


def _merge(merge: Merge, errand: Errand, fates: Fates) -> None:
    """Make the holders of both identifiers one; a person survives a browser."""
    store_id, identifiers = merge.store_id, _by_rank(merge)
    holders = Holders()
    holders.load((store_id, identifier) for identifier in identifiers)
    holders.look_up(store_id, identifiers)
    if any(holders.is_forgotten(store_id, [one], merge.received_at) for one in identifiers):
        fates.forgotten += 1
        return
    new_customer_id = customer_id_for(store_id, merge.merge_id)
    resolution = holders.resolve(store_id, identifiers, new_customer_id, are_one=True)
    fates.merged += bool(resolution.merging)
    union = Union(
        store_id,
        resolution.customer_id,
        resolution.merging,
        identifiers,
        merge.received_at,
        errand.envelope,
    )
    join(union, holders)


def _by_rank(merge: Merge) -> Sequence[Identifier]:
    return sorted(dict.fromkeys([merge.primary, merge.secondary]), key=is_anonymous)


def _delete(deletion: Deletion, errand: Errand, fates: Fates) -> None:
    """Forget the holder of the identifier; who has it after a deletion is somebody else."""
    store_id, identifier = deletion.store_id, deletion.identifier
    holders = Holders()
    holders.load([(store_id, identifier)])
    for customer_id in holders.to_delete(store_id, identifier, deletion.received_at):
        fates.deleted += 1
        if not delete_customer(store_id, customer_id, deletion.received_at):
            send_envelope(errand.envelope)
            return
