"""One batch from beginning to end: open, store, bury what is dead, and count."""

from collections.abc import Sequence
from datetime import datetime

from footfall.errors import TransientError
from footfall.invocations import QueueMessage
from footfall.observability import count, function_logger
from footfall.settings import Setting, read_setting
from process.arrivals import open_messages
from process.dead_letters import DeadLetter, bury, of_exhausted, of_refused, of_unreadable
from process.errands import carry_out
from process.fates import Fates
from process.storing import store
from process.turns import turns

logger = function_logger("process")


def process_batch(records: Sequence[QueueMessage], now: datetime) -> set[str]:
    """Store the events of the messages; return the ids of the messages to deliver again.

    A message whose last delivery this is does not come again: what is left of it goes to the
    dead-letter queue here, with the reason, which SQS could not give.
    """
    opened = open_messages(records)
    fates = Fates()
    for arrivals, errands in turns(opened):
        fates.add(store(arrivals))
        carry_out(errands, fates)
    last_delivery = int(read_setting(Setting.MAX_RECEIVES))
    again = set(opened.closed)
    letters = [
        *(of_unreadable(unreadable) for unreadable in opened.unreadable),
        *(of_refused(mishap) for mishap in fates.dead),
    ]
    for mishap in fates.postponed:
        if mishap.arrival.deliveries < last_delivery:
            again.add(mishap.arrival.message_id)
        else:
            letters.append(of_exhausted(mishap))
    again |= _bury_all(letters, now)
    count(
        "process",
        {
            "EventsStored": fates.stored,
            "EventsDuplicate": fates.duplicates,
            "EventsPostponed": len(fates.postponed),
            "EventsDead": len(letters),
            "CustomersCreated": fates.new_customers,
            "IdentifiersHeldByOthers": fates.identifiers_held_by_others,
            "ProfilesRefused": fates.refused_profiles,
            "EventsForgotten": fates.forgotten,
            "CustomersMerged": fates.merged,
            "CustomersDeleted": fates.deleted,
        },
    )
    return again


def _bury_all(letters: Sequence[DeadLetter], now: datetime) -> set[str]:
    """Bury what is dead; return the ids of the messages for which that has to be tried again."""
    again: set[str] = set()
    for letter in letters:
        try:
            bury(letter, now)
        except TransientError as error:
            again.add(letter.message_id)
            logger.warning("not buried yet", message_id=letter.message_id, reason=str(error))
        else:
            logger.warning("dead letter", message_id=letter.message_id, reason=letter.reason)
    return again
