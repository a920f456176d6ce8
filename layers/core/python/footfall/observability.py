"""Logs and metrics, the same for every function.

Neither ever holds a body, a property, an identifier or a key; store and customer are no dimensions,
because every value of a dimension is a metric of its own on the bill.
"""

import traceback
from collections.abc import Mapping
from functools import cache

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

NAMESPACE = "Footfall"


def function_logger(function: str) -> Logger:
    """Return the JSON logger of a function; every line carries `service`."""
    return Logger(service=function)


def count(function: str, counts: Mapping[str, int]) -> None:
    """Add to CloudWatch metrics, by a log line that CloudWatch reads (EMF); zeros are left out."""
    metrics = _metrics(function)
    for name, number in counts.items():
        if number:
            metrics.add_metric(name=name, unit=MetricUnit.Count, value=number)
    if metrics.metric_set:
        metrics.flush_metrics()


@cache
def _metrics(function: str) -> Metrics:
    return Metrics(namespace=NAMESPACE, service=function)


def without_data(error: BaseException) -> dict[str, str | list[str]]:
    """Return what may be logged of an error: its type and where it came from.

    Its message is left out: libraries like to quote the value they stumbled over.
    """
    return {
        "error_type": type(error).__name__,
        "error_location": traceback.format_tb(error.__traceback__),
    }
