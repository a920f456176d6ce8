"""The queues: accepted events on their way, and the two places where failures wait for people."""

from aws_cdk import Duration
from aws_cdk.aws_lambda import Function
from aws_cdk.aws_lambda_event_sources import SqsEventSource
from aws_cdk.aws_sqs import DeadLetterQueue, Queue, QueueEncryption
from constructs import Construct

MAX_RECEIVES = 5
_MAX_CONCURRENCY = 100
"""A tenth of an account's default concurrency; one store at its limit keeps some forty busy."""

EVENTS_RETENTION = Duration.days(4)
DEAD_LETTER_RETENTION = Duration.days(14)
"""The longest that SQS keeps a message."""


class Queues(Construct):
    """The events queue with its dead-letter queue, and the queue of failed stream batches."""

    def __init__(self, scope: Construct, *, processing_timeout: Duration) -> None:
        super().__init__(scope, "Queues")
        self.dead_letters = self._queue("DeadLetters", retention_period=DEAD_LETTER_RETENTION)
        self.events = self._queue(
            "Events",
            retention_period=EVENTS_RETENTION,
            # AWS asks for six times the consumer's timeout: Lambda's own retries of a throttled
            # function happen while the message is invisible.
            visibility_timeout=Duration.seconds(6 * processing_timeout.to_seconds()),
            dead_letter_queue=DeadLetterQueue(
                queue=self.dead_letters, max_receive_count=MAX_RECEIVES
            ),
        )
        self.stream_failures = self._queue("StreamFailures", retention_period=DEAD_LETTER_RETENTION)

    def deliver_to(self, function: Function) -> None:
        """Hand the accepted events to the function.

        Requests arrive as whole envelopes already, so five messages are up to 500 events, and five
        times 5 MB when they stand in S3: as much as the function can hold, and store in time.
        """
        function.add_event_source(
            SqsEventSource(
                self.events,
                batch_size=5,
                report_batch_item_failures=True,
                max_concurrency=_MAX_CONCURRENCY,
            )
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
