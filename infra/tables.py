"""The tables: on demand, with point-in-time recovery, kept or dropped with the stack by stage.

A stream keeps what happened for a day, for at most two readers of a shard at once; Events has both.
"""

from collections.abc import Mapping

from aws_cdk import Duration, RemovalPolicy
from aws_cdk.aws_dynamodb import (
    Attribute,
    AttributeType,
    BillingMode,
    PointInTimeRecoverySpecification,
    ProjectionType,
    StreamViewType,
    Table,
    WarmThroughput,
)
from aws_cdk.aws_lambda import FilterCriteria, FilterRule, Function, StartingPosition
from aws_cdk.aws_lambda_event_sources import DynamoEventSource, SqsDlq
from aws_cdk.aws_sqs import IQueue
from constructs import Construct

from footfall.aws.api_keys import BY_STORE_INDEX
from footfall.aws.backfills import BUILDING_INDEX, BY_STORE_SHARD_INDEX
from footfall.aws.due_index import DUE_INDEX
from infra.config import Stage

_NEW_TABLE_READS = 12_000
"""Reads per second of a new on-demand table; DynamoDB wants both sides of a warm throughput."""

_EVIDENCE_BATCH = 250
_TRANSITIONS_BATCH = 100
_TRANSITIONS_BATCHES_PER_SHARD = 4
"""Lambda then keeps the order of each item's changes only; an item is a customer's state."""


class Tables(Construct):
    """Every table, once. No partition key is a store alone on what grows with its traffic."""

    def __init__(self, scope: Construct, *, stage: Stage) -> None:
        super().__init__(scope, "Tables")
        self._stage = stage

        self.keys = self._table("Keys")
        self.keys.add_global_secondary_index(
            index_name=BY_STORE_INDEX,
            partition_key=_text("store_id"),
            sort_key=_text("created_at"),
        )
        self.identities = self._table("Identities")
        self.customers = self._table("Customers", stream=StreamViewType.NEW_AND_OLD_IMAGES)
        _add_keys_index(
            self.customers, BY_STORE_SHARD_INDEX, _text("store_shard"), sort_key=_text("pk")
        )
        self.unique_ids = self._table("UniqueIds", warm=True)
        self.events = self._table(
            "Events",
            sort_key=_text("sk"),
            warm=True,
            stream=StreamViewType.NEW_AND_OLD_IMAGES,
        )
        self.event_names = self._table("EventNames", sort_key=_text("sk"))
        self.segments = self._table("Segments", sort_key=_text("sk"))
        _add_keys_index(self.segments, BUILDING_INDEX, _text("building"), sort_key=_text("pk"))
        self.segment_states = self._table(
            "SegmentStates", warm=True, stream=StreamViewType.NEW_IMAGE
        )
        _add_keys_index(
            self.segment_states,
            DUE_INDEX,
            _text("due_shard"),
            sort_key=Attribute(name="due_at", type=AttributeType.NUMBER),
        )
        self.members = self._table("Members", sort_key=_text("sk"))

    def stream_new_events_to(self, function: Function, *, failures: IQueue) -> None:
        """Hand every newly stored event to the function, many at once."""
        _stream(
            self.events,
            function,
            failures=failures,
            pattern={"eventName": FilterRule.is_equal("INSERT")},
            batch_size=1_000,
            batching_window=Duration.seconds(5),
        )

    def stream_evidence_to(self, function: Function, *, failures: IQueue) -> None:
        """Hand everything that segments are decided from to the function, at once.

        That is every change of an event, and every profile but those that are removed. What has
        come while the function was at work is a batch, so that the busier a shard is, the more a
        write of a state settles; waiting for company would only make the first one late. A shard is
        read in order: sums look an event up that comes before its time.

        No record is given up while the stream keeps it: the next event would be counted without it.
        """
        _stream(
            self.events,
            function,
            failures=failures,
            batch_size=_EVIDENCE_BATCH,
            gives_up=False,
        )
        _stream(
            self.customers,
            function,
            failures=failures,
            pattern={"eventName": FilterRule.or_("INSERT", "MODIFY")},
            batch_size=_EVIDENCE_BATCH,
            gives_up=False,
        )

    def stream_transitions_to(self, function: Function, *, failures: IQueue) -> None:
        """Hand every state that was written together with transitions to the function, at once.

        As long as the stream keeps them: a transition given up would leave a member where none is.
        The function itself leaves out what cannot be read.
        """
        _stream(
            self.segment_states,
            function,
            failures=failures,
            pattern={"dynamodb": {"NewImage": {"transitions": {"S": FilterRule.exists()}}}},
            batch_size=_TRANSITIONS_BATCH,
            batches_per_shard=_TRANSITIONS_BATCHES_PER_SHARD,
            gives_up=False,
        )

    def _table(
        self,
        name: str,
        *,
        sort_key: Attribute | None = None,
        stream: StreamViewType | None = None,
        warm: bool = False,
    ) -> Table:
        kept = self._stage.keeps_data
        return Table(
            self,
            name,
            partition_key=_text("pk"),
            sort_key=sort_key,
            stream=stream,
            billing_mode=BillingMode.PAY_PER_REQUEST,
            warm_throughput=self._warm_throughput() if warm else None,
            point_in_time_recovery_specification=PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            deletion_protection=kept,
            removal_policy=RemovalPolicy.RETAIN if kept else RemovalPolicy.DESTROY,
        )

    def _warm_throughput(self) -> WarmThroughput | None:
        if self._stage.warm_writes is None:
            return None
        return WarmThroughput(
            read_units_per_second=_NEW_TABLE_READS,
            write_units_per_second=self._stage.warm_writes,
        )


def _add_keys_index(
    table: Table, name: str, partition_key: Attribute, *, sort_key: Attribute
) -> None:
    """Add an index of nothing but keys: items without these attributes have no place in it."""
    table.add_global_secondary_index(
        index_name=name,
        partition_key=partition_key,
        sort_key=sort_key,
        projection_type=ProjectionType.KEYS_ONLY,
    )


def _stream(  # noqa: PLR0913 - each is a decision of the caller's
    table: Table,
    function: Function,
    *,
    failures: IQueue,
    batch_size: int,
    pattern: Mapping[str, object] | None = None,
    batching_window: Duration | None = None,
    batches_per_shard: int | None = None,
    gives_up: bool = True,
) -> None:
    """Hand the changes of a table to the function, or those of a pattern.

    A record that fails again and again is cut out of its batch and named in the failures queue:
    without the limits it would block its shard for a day and then vanish.

    Args:
        gives_up: whether there are these limits.
    """
    function.add_event_source(
        DynamoEventSource(
            table,
            starting_position=StartingPosition.TRIM_HORIZON,
            filters=[FilterCriteria.filter(dict(pattern))] if pattern else None,
            batch_size=batch_size,
            max_batching_window=batching_window,
            parallelization_factor=batches_per_shard,
            report_batch_item_failures=True,
            bisect_batch_on_error=True,
            retry_attempts=10 if gives_up else None,
            max_record_age=Duration.hours(6) if gives_up else None,
            on_failure=SqsDlq(failures),
        )
    )


def _text(name: str) -> Attribute:
    return Attribute(name=name, type=AttributeType.STRING)
