"""Alarms for what needs a person, and one dashboard to look at when one of them rings."""

from collections.abc import Mapping

from aws_cdk import Duration, Stack
from aws_cdk.aws_apigateway import RestApi
from aws_cdk.aws_cloudwatch import (
    ComparisonOperator,
    Dashboard,
    GraphWidget,
    MathExpression,
    Metric,
    TreatMissingData,
)
from aws_cdk.aws_cloudwatch_actions import SnsAction
from aws_cdk.aws_iam import ServicePrincipal
from aws_cdk.aws_lambda import Function
from aws_cdk.aws_sns import Topic
from aws_cdk.aws_sns_subscriptions import EmailSubscription
from aws_cdk.aws_sqs import Queue
from constructs import Construct

from footfall.observability import NAMESPACE
from infra.queues import Queues

_PERIOD = Duration.minutes(5)
_READERS = (
    ("Catalogue", 10, "The catalogue is ten minutes behind"),
    ("Segment", 2, "Segments are two minutes behind"),
    ("Publish", 2, "Members and listeners are two minutes behind"),
)
"""The readers of streams, and how many minutes each may be behind."""


class Monitoring(Construct):
    """One alarm per symptom. An integrator's 4xx is no symptom of ours."""

    def __init__(
        self,
        scope: Construct,
        *,
        api: RestApi,
        queues: Queues,
        functions: Mapping[str, Function],
        alarm_email: str | None,
    ) -> None:
        super().__init__(scope, "Monitoring")
        self._topic = self._alarm_topic(alarm_email) if alarm_email else None
        self._dashboard = Dashboard(self, "Dashboard", dashboard_name=Stack.of(self).stack_name)
        self.dashboard_name = self._dashboard.dashboard_name
        self._count_events()
        self._watch_api(api)
        self._watch_queues(queues)
        self._watch_hints(queues)
        self._watch_functions(functions)

    def _count_events(self) -> None:
        counts = MathExpression(
            expression=f"SEARCH('{{{NAMESPACE},service}}', 'Sum')", label="", period=_PERIOD
        )
        self._dashboard.add_widgets(
            GraphWidget(title="Events, as the functions count them", left=[counts], width=24)
        )

    def _watch_api(self, api: RestApi) -> None:
        server_errors = api.metric_server_error(period=_PERIOD, statistic="Sum")
        self._alarm("ServerErrors", server_errors, 5, "The API answers with 5xx")
        self._dashboard.add_widgets(
            GraphWidget(
                title="Requests",
                left=[
                    api.metric_count(period=_PERIOD),
                    api.metric_client_error(period=_PERIOD, statistic="Sum"),
                    server_errors,
                ],
                right=[api.metric_latency(period=_PERIOD, statistic="p99")],
                width=12,
            ),
        )

    def _watch_queues(self, queues: Queues) -> None:
        waiting, dead_letters, stream_failures = (
            _waiting(queue)
            for queue in (queues.events, queues.dead_letters, queues.stream_failures)
        )
        oldest = _oldest(queues.events)
        self._alarm("DeadLetters", dead_letters, 1, "Dead letters wait: footfall dlq list")
        self._alarm("StreamFailures", stream_failures, 1, "A function gave up records of a stream")
        self._alarm("OldestEvent", oldest, 600, "An accepted event has waited for ten minutes")
        self._dashboard.add_widgets(
            GraphWidget(
                title="Events on their way",
                left=[
                    waiting.with_(label="waiting"),
                    dead_letters.with_(label="dead letters"),
                    stream_failures.with_(label="stream failures"),
                ],
                right=[oldest],
                width=12,
            )
        )

    def _watch_hints(self, queues: Queues) -> None:
        due, backfill, dead_letters = (
            _waiting(queue) for queue in (queues.due, queues.backfill, queues.segment_dead_letters)
        )
        oldest = _oldest(queues.due)
        self._alarm("SegmentDeadLetters", dead_letters, 1, "Customers could not be decided")
        # A hint may wait for two minutes by intent, until its customers fall due.
        self._alarm("OldestDue", oldest, 300, "Members leave segments minutes late")
        self._dashboard.add_widgets(
            GraphWidget(
                title="Segments on their way",
                left=[
                    due.with_(label="due"),
                    backfill.with_(label="back-fill"),
                    dead_letters.with_(label="dead letters"),
                ],
                right=[oldest],
                width=24,
            )
        )

    def _watch_functions(self, functions: Mapping[str, Function]) -> None:
        errors, throttles, durations = [], [], []
        for name, function in functions.items():
            failed = function.metric_errors(period=_PERIOD)
            throttled = function.metric_throttles(period=_PERIOD)
            errors.append(failed.with_(label=name))
            throttles.append(throttled.with_(label=name))
            durations.append(function.metric_duration(period=_PERIOD, statistic="p99", label=name))
            self._alarm(f"{name}Throttles", throttled, 1, f"{name} is throttled by Lambda")
            # An authorizer says "401" by failing; its true failures are 5xx of the API.
            if name != "Authorize":
                self._alarm(f"{name}Errors", failed, 1, f"{name} fails")
        ages = []
        for name, minutes, description in _READERS:
            age = functions[name].metric("IteratorAge", period=_PERIOD, statistic="Maximum")
            ages.append(age.with_(label=f"{name} behind"))
            self._alarm(f"{name}IteratorAge", age, minutes * 60_000, description)
        self._dashboard.add_widgets(
            GraphWidget(title="Errors", left=errors, width=8),
            GraphWidget(title="Throttles", left=throttles, width=8),
            GraphWidget(title="Duration, p99", left=durations, right=ages, width=8),
        )

    def _alarm(self, name: str, metric: Metric, threshold: int, description: str) -> None:
        # The metric has no label: CDK renders one as metric math, which MiniStack does not know.
        alarm = metric.create_alarm(
            self,
            name,
            alarm_name=f"{Stack.of(self).stack_name}-{name}",
            alarm_description=description,
            comparison_operator=ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            threshold=threshold,
            evaluation_periods=1,
            treat_missing_data=TreatMissingData.NOT_BREACHING,
        )
        if self._topic:
            alarm.add_alarm_action(SnsAction(self._topic))

    def _alarm_topic(self, email: str) -> Topic:
        topic = Topic(self, "Alarms", enforce_ssl=True)
        topic.add_subscription(EmailSubscription(email))
        # A policy of its own replaces the topic's default, which lets CloudWatch publish.
        topic.grant_publish(
            ServicePrincipal(
                "cloudwatch.amazonaws.com",
                conditions={"StringEquals": {"aws:SourceAccount": Stack.of(self).account}},
            )
        )
        return topic


def _waiting(queue: Queue) -> Metric:
    return queue.metric_approximate_number_of_messages_visible(period=_PERIOD, statistic="Maximum")


def _oldest(queue: Queue) -> Metric:
    return queue.metric_approximate_age_of_oldest_message(period=_PERIOD, statistic="Maximum")
