"""The Lambda entry point of segment: decides the customers that each batch of a stream tells about.

All records of a customer are decided at once. Nothing is lost when deciding fails: the batch comes
again from the first record on that is not decided, and whoever is decided twice changes nothing.
"""

from collections import defaultdict

from footfall.aws.clients import dynamodb
from footfall.aws.deciding import decide_customers
from footfall.errors import TransientError
from footfall.invocations import BatchResponse, StreamEvent, come_again
from footfall.observability import count, function_logger
from footfall.starting import finish_start
from segment.records import Batch, CustomerKey, read_batch

logger = function_logger("segment")
finish_start(dynamodb)


def handler(event: StreamEvent, _context: object) -> BatchResponse:
    """Decide a batch."""
    records = event["Records"]
    try:
        batch = read_batch(records)
    except TransientError as error:
        logger.warning("the batch is to come again", reason=str(error))
        return come_again(records[0]["dynamodb"]["SequenceNumber"])
    _leave_out(*batch.unreadable)
    undecided = _decide(batch)
    return come_again(min(undecided, key=int)) if undecided else come_again()


def _decide(batch: Batch) -> list[str]:
    """Return the first records of the customers who are not decided."""
    undecided: list[str] = []
    by_store: dict[str, list[CustomerKey]] = defaultdict(list)
    for key in batch.news:
        by_store[key[0]].append(key)
    for store_id, keys in by_store.items():
        outcome = decide_customers(store_id, {key[1]: batch.news[key].news for key in keys})
        for customer_id, refusal in outcome.refused.items():
            _leave_out(batch.news[store_id, customer_id].first_record)
            logger.error("a customer cannot be decided", reason=str(refusal))
        undecided += [batch.news[store_id, one].first_record for one in outcome.undecided]
        for reason in set(map(str, outcome.undecided.values())):
            logger.warning("customers are to be decided again", reason=reason)
        count("segment", {"StatesWritten": outcome.written})
    return undecided


def _leave_out(*sequence_numbers: str) -> None:
    for sequence_number in sequence_numbers:
        logger.error("a stream record is left out", sequence_number=sequence_number)
    count("segment", {"StreamRecordsLeftOut": len(sequence_numbers)})
