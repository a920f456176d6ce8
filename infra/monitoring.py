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
from constructs import Construct

from footfall.observability import NAMESPACE
from infra.queues import Queues

_PERIOD = Duration.minutes(5)


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
            queue.metric_approximate_number_of_messages_visible(period=_PERIOD, statistic="Maximum")
            for queue in (queues.events, queues.dead_letters, queues.stream_failures)
        )
        oldest = queues.events.metric_approximate_age_of_oldest_message(
            period=_PERIOD, statistic="Maximum"
        )
        self._alarm("DeadLetters", dead_letters, 1, "Dead letters wait: footfall dlq list")
        self._alarm("StreamFailures", stream_failures, 1, "Stored events missed the catalogue")
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
        iterator_age = functions["Catalogue"].metric(
            "IteratorAge", period=_PERIOD, statistic="Maximum"
        )
        self._alarm("IteratorAge", iterator_age, 600_000, "The catalogue is ten minutes behind")
        self._dashboard.add_widgets(
            GraphWidget(title="Errors", left=errors, width=8),
            GraphWidget(title="Throttles", left=throttles, width=8),
            GraphWidget(title="Duration, p99", left=durations, right=[iterator_age], width=8),
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
