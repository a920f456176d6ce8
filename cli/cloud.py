"""Which cloud a command talks to: a stack deployed on AWS, or the one that `make run` started."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import cast

import boto3
from botocore.exceptions import ClientError

from footfall.domain.strict_json import parse_json
from footfall.errors import FootfallError
from footfall.settings import Setting
from local.state import STATE

_LOCAL_STACK = "footfall-local"


class Output(StrEnum):
    """The stack outputs that the command reads, by what they hold."""

    API_URL = "ApiUrl"
    USAGE_PLAN_ID = "UsagePlanId"
    KEYS_TABLE = "KeysTable"
    EVENTS_STREAM_ARN = "EventsStreamArn"
    SEGMENT_STATES_STREAM_ARN = "SegmentStatesStreamArn"
    EVENTS_QUEUE_URL = "EventsQueueUrl"
    DEAD_LETTER_QUEUE_URL = "DeadLetterQueueUrl"
    STREAM_FAILURES_QUEUE_URL = "StreamFailuresQueueUrl"


_SETTINGS = {
    Setting.KEYS_TABLE: Output.KEYS_TABLE,
    Setting.EVENTS_QUEUE_URL: Output.EVENTS_QUEUE_URL,
    Setting.DEAD_LETTER_QUEUE_URL: Output.DEAD_LETTER_QUEUE_URL,
}
"""The settings of the adapters that the command shares with the functions."""


class NoCloudError(FootfallError):
    """There is no stack to talk to; the message says how to get one."""


@dataclass(frozen=True, slots=True)
class Cloud:
    """A deployed stack, by its name and its outputs."""

    stack_name: str
    outputs: Mapping[str, str]

    @property
    def is_local(self) -> bool:
        """Whether it is the one that `make run` started."""
        return self.stack_name == _LOCAL_STACK

    @property
    def option(self) -> str:
        """What a command line needs besides the command to mean this stack."""
        return "" if self.is_local else f" --stack {self.stack_name}"

    def output(self, name: Output) -> str:
        """Return the value of an output.

        Raises:
            NoCloudError: when the stack has no such output, so that it is no stack of Footfall's.
        """
        value = self.outputs.get(name)
        if not value:
            raise NoCloudError(f"The stack {self.stack_name} has no output {name}.")
        return value


def open_cloud(stack_name: str | None) -> Cloud:
    """Return the named stack, or the local one, and point this process at it.

    The adapters are written for functions, which find AWS and their settings in the environment.
    The command is a process of its own, so it sets the same variables, here and nowhere else.

    Raises:
        NoCloudError: when there is no such stack.
    """
    cloud = _local_cloud() if stack_name is None else _deployed_cloud(stack_name)
    os.environ.update({setting: cloud.output(output) for setting, output in _SETTINGS.items()})
    return cloud


def read_local_file(name: str) -> Mapping[str, object]:
    """Return the JSON object that `make run` left in `.local/`.

    Raises:
        NoCloudError: when it is not there.
    """
    try:
        document = parse_json((STATE / name).read_text())
    except FileNotFoundError:
        document = None
    if not isinstance(document, Mapping):
        raise NoCloudError(
            "There is no stack on this machine: start one with `make run`, or name a deployed one"
            " with --stack or FOOTFALL_STACK."
        )
    return document


def _local_cloud() -> Cloud:
    outputs = cast("Mapping[str, str]", read_local_file("outputs.json")[_LOCAL_STACK])
    variables = cast("Mapping[str, str]", read_local_file("aws.json"))
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]  # the user's profile has no business here
    os.environ.update(variables)
    return Cloud(_LOCAL_STACK, outputs)


def _deployed_cloud(stack_name: str) -> Cloud:
    try:
        answer = boto3.client("cloudformation").describe_stacks(StackName=stack_name)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ValidationError":
            raise
        raise NoCloudError(f"There is no stack {stack_name} in this account and region.") from error
    (stack,) = answer["Stacks"]
    return Cloud(
        stack_name,
        {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])},
    )
