"""The queues: accepted events and hints on their way, and where failures wait for people.

A hint names customers or a walk to look at. All it leads to stands in the tables: a hint that is
lost is found again by the next sweep, and one that comes twice finds nothing to do.
"""

from aws_cdk import Duration
from aws_cdk.aws_lambda import Function
from aws_cdk.aws_lambda_event_sources import SqsEventSource
from aws_cdk.aws_sqs import DeadLetterQueue, Queue, QueueEncryption
from constructs import Construct

MAX_RECEIVES = 5
_MAX_CONCURRENCY = 100
"""A tenth of an account's default concurrency; one store at its limit keeps some forty busy."""

_MAX_CONCURRENT_DUE = 20
"""However much falls due in one minute, live events find room beside it."""

_MAX_CONCURRENT_BACKFILL = 2
"""As few as SQS allows: history can wait, live events and timers cannot."""

_MAX_HINT_RECEIVES = 3

EVENTS_RETENTION = Duration.days(4)
DEAD_LETTER_RETENTION = Duration.days(14)
"""The longest that SQS keeps a message."""

_DUE_RETENTION = Duration.hours(1)
"""Each sweep names again what is overdue: after an outage, the older hints are only in the way."""

_BACKFILL_RETENTION = Duration.days(1)


class Queues(Construct):
    """The events queue, the queues of hints, and a queue for each way to fail.

    AWS asks for a visibility timeout of six times the consumer's timeout: Lambda's own retries of a
    throttled function happen while the message is invisible.
    """

    def __init__(
        self,
        scope: Construct,
        *,
        processing_timeout: Duration,
        deciding_timeout: Duration,
        walking_timeout: Duration,
    ) -> None:
        super().__init__(scope, "Queues")
        self.dead_letters = self._queue("DeadLetters", retention_period=DEAD_LETTER_RETENTION)
        self.events = self._queue(
            "Events",
            retention_period=EVENTS_RETENTION,
            visibility_timeout=_six_times(processing_timeout),
            dead_letter_queue=DeadLetterQueue(
                queue=self.dead_letters, max_receive_count=MAX_RECEIVES
            ),
        )
        self.stream_failures = self._queue("StreamFailures", retention_period=DEAD_LETTER_RETENTION)
        self.segment_dead_letters = self._queue(
            "SegmentDeadLetters", retention_period=DEAD_LETTER_RETENTION
        )
        self.due = self._queue_of_hints("Due", _DUE_RETENTION, deciding_timeout)
        self.backfill = self._queue_of_hints("Backfill", _BACKFILL_RETENTION, walking_timeout)

    def deliver_events_to(self, function: Function) -> None:
        """Hand the accepted events to the function.

        Requests arrive as whole envelopes already, so five messages are up to 500 events, and five
        times 5 MB when they stand in S3: as much as the function can hold, and store in time.
        """
        _deliver(self.events, function, batch_size=5, max_concurrency=_MAX_CONCURRENCY)

    def deliver_due_to(self, function: Function) -> None:
        """Hand the customers whose membership may change by itself to the function.

        A message names up to a hundred of them, so five are as much as is decided in good time.
        """
        _deliver(self.due, function, batch_size=5, max_concurrency=_MAX_CONCURRENT_DUE)

    def deliver_backfill_to(self, function: Function) -> None:
        """Hand the walks over a store's customers to the function, a stretch at a time."""
        _deliver(self.backfill, function, batch_size=1, max_concurrency=_MAX_CONCURRENT_BACKFILL)

    def _queue_of_hints(
        self, name: str, retention_period: Duration, consumer_timeout: Duration
    ) -> Queue:
        return self._queue(
            name,
            retention_period=retention_period,
            visibility_timeout=_six_times(consumer_timeout),
            dead_letter_queue=DeadLetterQueue(
                queue=self.segment_dead_letters, max_receive_count=_MAX_HINT_RECEIVES
            ),
        )

    def _queue(
        self,
        name: str,
        *,
        retention_period: Duration,
        visibility_timeout: Duration | None = None,
        dead_letter_queue: DeadLetterQueue | None = None,
    ) -> Queue:
        return Queue(
            self,
            name,
            encryption=QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            retention_period=retention_period,
            visibility_timeout=visibility_timeout,
            dead_letter_queue=dead_letter_queue,
        )


def _deliver(queue: Queue, function: Function, *, batch_size: int, max_concurrency: int) -> None:
    function.add_event_source(
        SqsEventSource(
            queue,
            batch_size=batch_size,
            report_batch_item_failures=True,
            max_concurrency=max_concurrency,
        )
    )


def _six_times(timeout: Duration) -> Duration:
    return Duration.seconds(6 * timeout.to_seconds())
