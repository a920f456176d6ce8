"""The clock of the sweep: a rule that runs a function once a minute."""

from aws_cdk import Duration
from aws_cdk.aws_events import Rule, Schedule
from aws_cdk.aws_events_targets import LambdaFunction
from aws_cdk.aws_lambda import Function
from constructs import Construct

_MINUTE = Duration.minutes(1)


def run_every_minute(scope: Construct, function: Function) -> None:
    """Run the function each minute, and never for a minute that has passed: the next one does."""
    function.configure_async_invoke(retry_attempts=0, max_event_age=_MINUTE)
    Rule(
        scope,
        "EveryMinute",
        description="Finds what segments have to look at by themselves",
        schedule=Schedule.rate(_MINUTE),
        targets=[LambdaFunction(function, retry_attempts=0, max_event_age=_MINUTE)],
    )
