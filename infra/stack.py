"""The stack of Footfall, composed in the order in which data flows."""

from aws_cdk import CfnOutput, Duration, Stack
from aws_cdk.aws_events import EventBus
from constructs import Construct

from footfall.aws.backfills import BUILDING_INDEX, BY_STORE_SHARD_INDEX
from footfall.aws.due_index import DUE_INDEX
from footfall.aws.keys import BODIES_PREFIX, MESSAGES_PREFIX
from footfall.settings import Setting
from infra.api import Api
from infra.bodies import Bodies
from infra.checks import add_checks
from infra.clock import run_every_minute
from infra.config import Config
from infra.function import PythonFunction
from infra.layers import Layers
from infra.monitoring import Monitoring
from infra.queues import MAX_RECEIVES, Queues
from infra.tables import Tables

_PROCESSING_TIMEOUT = Duration.seconds(60)
_DECIDING_TIMEOUT = Duration.seconds(60)
_WALKING_TIMEOUT = Duration.minutes(5)
"""A stretch of a walk may meet customers with long histories, and has no one waiting for it."""

_ANSWERING_TIMEOUT = Duration.seconds(28)
"""The gateway waits 29 seconds, and would answer by itself then."""


class FootfallStack(Stack):
    """Everything that one stage of Footfall is made of."""

    def __init__(self, scope: Construct, construct_id: str, *, config: Config) -> None:
        super().__init__(scope, construct_id, termination_protection=config.stage.keeps_data)
        self._stage = config.stage
        self._layers = Layers(self, stage=config.stage)
        self._tables = Tables(self, stage=config.stage)
        self._queues = Queues(
            self,
            processing_timeout=_PROCESSING_TIMEOUT,
            deciding_timeout=_DECIDING_TIMEOUT,
            walking_timeout=_WALKING_TIMEOUT,
        )
        self._bodies = Bodies(self, stage=config.stage)
        self._bus = EventBus(self, "Bus", event_bus_name=f"footfall-{config.stage.name}")

        authorize = self._authorize()
        ingest = self._ingest()
        process = self._process()
        catalogue = self._catalogue(publishes=config.publishes_stored_events)
        segment = self._segment()
        due = self._due()
        backfill = self._backfill()
        sweep = self._sweep()
        publish = self._publish()
        query = self._query()

        self._api = Api(
            self,
            config=config,
            authorizer=authorize,
            functions={"ingest": ingest, "query": query},
        )
        self._monitoring = Monitoring(
            self,
            api=self._api.rest_api,
            queues=self._queues,
            functions={
                "Authorize": authorize,
                "Ingest": ingest,
                "Process": process,
                "Catalogue": catalogue,
                "Segment": segment,
                "Due": due,
                "Backfill": backfill,
                "Sweep": sweep,
                "Publish": publish,
                "Query": query,
            },
            alarm_email=config.alarm_email,
        )
        self._add_outputs()
        add_checks(self, bodies=self._bodies.bucket)

    def _authorize(self) -> PythonFunction:
        function = self._function("Authorize", memory=256, timeout=Duration.seconds(5))
        function.use_table(Setting.KEYS_TABLE, self._tables.keys, "GetItem")
        return function

    def _ingest(self) -> PythonFunction:
        function = self._function("Ingest", memory=512, timeout=_ANSWERING_TIMEOUT)
        function.use_table(Setting.KEYS_TABLE, self._tables.keys, "GetItem")  # for keys in bodies
        function.use_queue(Setting.EVENTS_QUEUE_URL, self._queues.events)
        function.use_objects(
            Setting.BODIES_BUCKET, self._bodies.bucket, MESSAGES_PREFIX, "PutObject"
        )
        return function

    def _process(self) -> PythonFunction:
        tables, bucket = self._tables, self._bodies.bucket
        function = self._function("Process", memory=1_024, timeout=_PROCESSING_TIMEOUT)
        self._queues.deliver_events_to(function)
        function.add_environment(Setting.MAX_RECEIVES, str(MAX_RECEIVES))
        function.use_table(Setting.IDENTITIES_TABLE, tables.identities, "BatchGetItem", "PutItem")
        function.use_table(
            Setting.CUSTOMERS_TABLE,
            tables.customers,
            *("GetItem", "BatchGetItem", "PutItem", "ConditionCheckItem"),
        )
        function.use_table(
            Setting.UNIQUE_IDS_TABLE,
            tables.unique_ids,
            *("GetItem", "PutItem", "UpdateItem", "ConditionCheckItem"),
        )
        function.use_table(
            Setting.EVENTS_TABLE,
            tables.events,
            *("GetItem", "Query", "PutItem", "BatchWriteItem", "DeleteItem"),
        )
        function.use_objects(
            Setting.BODIES_BUCKET, bucket, MESSAGES_PREFIX, "GetObject", "PutObject"
        )
        function.use_objects(
            Setting.BODIES_BUCKET,
            bucket,
            BODIES_PREFIX,
            *("GetObject", "PutObject", "DeleteObject"),
        )
        function.use_queue(Setting.EVENTS_QUEUE_URL, self._queues.events)  # for what is left to do
        function.use_queue(Setting.DEAD_LETTER_QUEUE_URL, self._queues.dead_letters)
        return function

    def _catalogue(self, *, publishes: bool) -> PythonFunction:
        function = self._function("Catalogue", memory=256, timeout=Duration.seconds(60))
        self._tables.stream_new_events_to(function, failures=self._queues.stream_failures)
        function.use_table(
            Setting.EVENT_NAMES_TABLE, self._tables.event_names, "GetItem", "PutItem"
        )
        if publishes:
            function.use_bus(Setting.EVENT_BUS_NAME, self._bus)
        return function

    def _segment(self) -> PythonFunction:
        function = self._function("Segment", memory=1_024, timeout=_DECIDING_TIMEOUT)
        self._tables.stream_evidence_to(function, failures=self._queues.stream_failures)
        self._let_decide(function)
        function.use_table(Setting.EVENTS_TABLE, self._tables.events, "GetItem")
        return function

    def _due(self) -> PythonFunction:
        function = self._function("Due", memory=1_024, timeout=_DECIDING_TIMEOUT)
        self._queues.deliver_due_to(function)
        self._let_decide(function)
        return function

    def _backfill(self) -> PythonFunction:
        tables = self._tables
        function = self._function("Backfill", memory=1_024, timeout=_WALKING_TIMEOUT)
        self._queues.deliver_backfill_to(function)
        self._let_decide(function)
        function.use_table(
            Setting.SEGMENTS_TABLE, tables.segments, "PutItem", "UpdateItem", "DeleteItem"
        )
        function.use_index(Setting.CUSTOMERS_TABLE, tables.customers, BY_STORE_SHARD_INDEX, "Query")
        function.use_queue(Setting.BACKFILL_QUEUE_URL, self._queues.backfill)
        return function

    def _let_decide(self, function: PythonFunction) -> None:
        """Let the function decide customers: from states and timelines, into states and timers."""
        tables, bucket = self._tables, self._bodies.bucket
        function.use_table(Setting.SEGMENTS_TABLE, tables.segments, "GetItem", "Query")
        function.use_table(
            Setting.SEGMENT_STATES_TABLE,
            tables.segment_states,
            *("GetItem", "BatchGetItem", "PutItem"),
        )
        function.use_table(Setting.CUSTOMERS_TABLE, tables.customers, "GetItem", "BatchGetItem")
        function.use_table(Setting.EVENTS_TABLE, tables.events, "Query")
        function.use_objects(Setting.BODIES_BUCKET, bucket, BODIES_PREFIX, "GetObject")
        function.use_queue(Setting.DUE_QUEUE_URL, self._queues.due)

    def _sweep(self) -> PythonFunction:
        tables, queues = self._tables, self._queues
        function = self._function("Sweep", memory=256, timeout=Duration.seconds(60))
        run_every_minute(self, function)
        function.use_index(Setting.SEGMENT_STATES_TABLE, tables.segment_states, DUE_INDEX, "Query")
        function.use_index(Setting.SEGMENTS_TABLE, tables.segments, BUILDING_INDEX, "Query")
        function.use_table(Setting.SEGMENTS_TABLE, tables.segments, "GetItem")
        function.use_queue(Setting.DUE_QUEUE_URL, queues.due)
        function.use_queue(Setting.BACKFILL_QUEUE_URL, queues.backfill)
        return function

    def _publish(self) -> PythonFunction:
        function = self._function("Publish", memory=512, timeout=Duration.seconds(60))
        self._tables.stream_transitions_to(function, failures=self._queues.stream_failures)
        function.use_table(
            Setting.MEMBERS_TABLE,
            self._tables.members,
            *("BatchGetItem", "PutItem", "DeleteItem", "UpdateItem"),
        )
        function.use_bus(Setting.EVENT_BUS_NAME, self._bus)
        return function

    def _query(self) -> PythonFunction:
        tables = self._tables
        function = self._function("Query", memory=512, timeout=_ANSWERING_TIMEOUT)
        function.use_table(Setting.IDENTITIES_TABLE, tables.identities, "BatchGetItem", "PutItem")
        function.use_table(
            Setting.CUSTOMERS_TABLE, tables.customers, "GetItem", "BatchGetItem", "PutItem"
        )
        function.use_table(Setting.UNIQUE_IDS_TABLE, tables.unique_ids, "GetItem")
        function.use_table(Setting.EVENTS_TABLE, tables.events, "GetItem", "Query")
        function.use_index(Setting.CUSTOMERS_TABLE, tables.customers, BY_STORE_SHARD_INDEX, "Query")
        function.use_table(Setting.EVENT_NAMES_TABLE, tables.event_names, "GetItem", "Query")
        function.use_table(
            Setting.SEGMENTS_TABLE,
            tables.segments,
            *("GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem"),
        )
        function.use_table(
            Setting.SEGMENT_STATES_TABLE, tables.segment_states, "GetItem", "BatchGetItem"
        )
        function.use_table(Setting.MEMBERS_TABLE, tables.members, "BatchGetItem", "Query")
        function.use_queue(Setting.BACKFILL_QUEUE_URL, self._queues.backfill)
        function.use_objects(Setting.BODIES_BUCKET, self._bodies.bucket, BODIES_PREFIX, "GetObject")
        return function

    def _function(self, name: str, *, memory: int, timeout: Duration) -> PythonFunction:
        return PythonFunction(
            self, name, stage=self._stage, layers=self._layers, memory=memory, timeout=timeout
        )

    def _add_outputs(self) -> None:
        """Name everything that the `footfall` command and operators look up, never guess."""
        api, tables, queues = self._api, self._tables, self._queues
        outputs = {
            "ApiUrl": api.url,
            "DomainTarget": api.domain_target,
            "ApiId": api.rest_api.rest_api_id,
            "ApiStage": api.rest_api.deployment_stage.stage_name,
            "UsagePlanId": api.usage_plan.usage_plan_id,
            "KeysTable": tables.keys.table_name,
            "IdentitiesTable": tables.identities.table_name,
            "CustomersTable": tables.customers.table_name,
            "UniqueIdsTable": tables.unique_ids.table_name,
            "EventsTable": tables.events.table_name,
            "EventNamesTable": tables.event_names.table_name,
            "SegmentsTable": tables.segments.table_name,
            "SegmentStatesTable": tables.segment_states.table_name,
            "MembersTable": tables.members.table_name,
            "EventsStreamArn": tables.events.table_stream_arn,
            "CustomersStreamArn": tables.customers.table_stream_arn,
            "SegmentStatesStreamArn": tables.segment_states.table_stream_arn,
            "EventsQueueUrl": queues.events.queue_url,
            "DeadLetterQueueUrl": queues.dead_letters.queue_url,
            "StreamFailuresQueueUrl": queues.stream_failures.queue_url,
            "SegmentDeadLetterQueueUrl": queues.segment_dead_letters.queue_url,
            "DueQueueUrl": queues.due.queue_url,
            "BackfillQueueUrl": queues.backfill.queue_url,
            "EventBusName": self._bus.event_bus_name,
            "BodiesBucket": self._bodies.bucket.bucket_name,
            "DashboardName": self._monitoring.dashboard_name,
        }
        for name, value in outputs.items():
            if value is not None:
                CfnOutput(self, name, value=value)
