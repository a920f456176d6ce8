"""A function of Footfall: the one place for its runtime, logs, role, settings and permissions."""

from pathlib import Path

from aws_cdk import Duration, RemovalPolicy
from aws_cdk.aws_dynamodb import ITable
from aws_cdk.aws_events import IEventBus
from aws_cdk.aws_iam import PolicyStatement, Role, ServicePrincipal
from aws_cdk.aws_lambda import (
    ApplicationLogLevel,
    Architecture,
    Function,
    LoggingFormat,
    Runtime,
    SystemLogLevel,
)
from aws_cdk.aws_logs import LogGroup
from aws_cdk.aws_s3 import IBucket
from aws_cdk.aws_sqs import IQueue
from constructs import Construct

from footfall.settings import Setting
from infra.config import Stage
from infra.layers import Layers
from infra.packing import packed_folder

_FUNCTIONS = Path(__file__).parent.parent / "functions"


class PythonFunction(Function):
    """The folder `functions/<name>`, with a role of its own that starts with nothing but its logs.

    The `use_...` methods give a setting and the permissions that belong to it together: what a
    function is told about is what it may touch.
    """

    def __init__(  # noqa: PLR0913 - each is a decision of the caller's
        self,
        scope: Construct,
        name: str,
        *,
        stage: Stage,
        layers: Layers,
        memory: int,
        timeout: Duration,
    ) -> None:
        log_group = LogGroup(
            scope,
            f"{name}Logs",
            retention=stage.log_retention,
            removal_policy=RemovalPolicy.DESTROY,
        )
        role = Role(scope, f"{name}Role", assumed_by=ServicePrincipal("lambda.amazonaws.com"))
        folder = name.lower()
        super().__init__(
            scope,
            name,
            code=packed_folder(_FUNCTIONS / folder, stage.python),
            handler=f"{folder}.handler.handler",
            runtime=Runtime.PYTHON_3_13,
            architecture=Architecture.ARM_64,
            layers=[layers.deps, layers.core],
            memory_size=memory,
            timeout=timeout,
            role=role,
            log_group=log_group,
            logging_format=LoggingFormat.JSON,
            application_log_level_v2=ApplicationLogLevel.INFO,
            system_log_level_v2=SystemLogLevel.WARN,
        )
        log_group.grant_write(role)

    def use_table(self, setting: Setting, table: ITable, *operations: str) -> None:
        """Tell the function of a table and allow it these operations on its items."""
        self.add_environment(setting, table.table_name)
        self._allow("dynamodb", operations, table.table_arn)

    def use_index(self, setting: Setting, table: ITable, index: str, *operations: str) -> None:
        """Tell the function of a table and allow it these operations on one of its indexes."""
        self.add_environment(setting, table.table_name)
        self._allow("dynamodb", operations, f"{table.table_arn}/index/{index}")

    def use_bus(self, setting: Setting, bus: IEventBus) -> None:
        """Tell the function of an event bus and allow it to put events."""
        self.add_environment(setting, bus.event_bus_name)
        self._allow("events", ("PutEvents",), bus.event_bus_arn)

    def use_queue(self, setting: Setting, queue: IQueue) -> None:
        """Tell the function of a queue and allow it to send."""
        self.add_environment(setting, queue.queue_url)
        self._allow("sqs", ("SendMessage",), queue.queue_arn)

    def use_objects(self, setting: Setting, bucket: IBucket, prefix: str, *operations: str) -> None:
        """Tell the function of a bucket and allow it these operations below a prefix."""
        self.add_environment(setting, bucket.bucket_name)
        self._allow("s3", operations, bucket.arn_for_objects(f"{prefix}*"))
        if "GetObject" in operations:
            # Otherwise S3 says AccessDenied, not NoSuchKey, about an object that does not exist.
            self._allow("s3", ("ListBucket",), bucket.bucket_arn)

    def _allow(self, service: str, operations: tuple[str, ...], resource: str) -> None:
        self.add_to_role_policy(
            PolicyStatement(
                actions=[f"{service}:{operation}" for operation in operations],
                resources=[resource],
            )
        )
