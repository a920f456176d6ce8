"""The tables: on demand, with point-in-time recovery, kept or dropped with the stack by stage."""

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
from infra.config import Stage

_NEW_TABLE_READS = 12_000
"""Reads per second of a new on-demand table; DynamoDB wants both sides of a warm throughput."""


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
        self.customers = self._table("Customers")
        self.customers.add_global_secondary_index(
            index_name="by-store-shard",
            partition_key=_text("store_shard"),
            sort_key=_text("pk"),
            projection_type=ProjectionType.KEYS_ONLY,
        )
        self.unique_ids = self._table("UniqueIds", warm=True)
        self.events = self._table(
            "Events",
            sort_key=_text("sk"),
            warm=True,
            stream=StreamViewType.NEW_AND_OLD_IMAGES,
        )
        self.event_names = self._table("EventNames", sort_key=_text("sk"))

    def stream_events_to(self, function: Function, *, failures: IQueue) -> None:
        """Hand every newly stored event to the function.

        A record that fails again and again is cut out of its batch and named in the failures queue:
        without the limits it would block its shard for a day and then vanish.
        """
        function.add_event_source(
            DynamoEventSource(
                self.events,
                starting_position=StartingPosition.TRIM_HORIZON,
                filters=[FilterCriteria.filter({"eventName": FilterRule.is_equal("INSERT")})],
                batch_size=1_000,
                max_batching_window=Duration.seconds(5),
                report_batch_item_failures=True,
                bisect_batch_on_error=True,
                retry_attempts=10,
                max_record_age=Duration.hours(6),
                on_failure=SqsDlq(failures),
            )
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


def _text(name: str) -> Attribute:
    return Attribute(name=name, type=AttributeType.STRING)
