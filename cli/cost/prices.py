"""What AWS charges: the list prices of us-east-1, without free tiers; they stand nowhere else."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

AS_OF = date(2026, 11, 20)
"""The day on which the prices were looked up."""

REGION = "us-east-1"
MILLION = 1_000_000


class Service(StrEnum):
    """Whose line of the bill it is."""

    API_GATEWAY = "API Gateway"
    WRITES = "DynamoDB writes"
    READS = "DynamoDB reads"
    SQS = "SQS"
    LAMBDA = "Lambda"
    LOGS = "CloudWatch logs"
    OTHER = "EventBridge, S3, data out"


class Billed(StrEnum):
    """What AWS counts as something happens."""

    API_REQUESTS = "apiRequests"
    WRITE_UNITS = "writeUnits"
    READ_UNITS = "readUnits"
    QUEUE_REQUESTS = "queueRequests"
    FAIR_QUEUE_REQUESTS = "fairQueueRequests"
    INVOCATIONS = "invocations"
    GB_SECONDS = "gbSeconds"
    LOGGED_BYTES = "loggedBytes"
    BUS_EVENTS = "busEvents"
    OBJECT_WRITES = "objectWrites"
    OBJECT_READS = "objectReads"
    SENT_BYTES = "sentBytes"


@dataclass(frozen=True, slots=True)
class Price:
    """A price as AWS quotes it.

    Attributes:
        dollars: for so many units.
        units: of how many that is the price.
        unit: what one of them is.
    """

    service: Service
    dollars: Decimal
    units: int
    unit: str

    def of(self, number: Decimal) -> Decimal:
        """Return the dollars for so many units."""
        return number * self.dollars / self.units


_GB = 1_000_000_000

PRICES: Mapping[Billed, Price] = {
    Billed.API_REQUESTS: Price(Service.API_GATEWAY, Decimal("3.50"), MILLION, "requests"),
    Billed.WRITE_UNITS: Price(Service.WRITES, Decimal("0.625"), MILLION, "units of 1 KB"),
    Billed.READ_UNITS: Price(Service.READS, Decimal("0.125"), MILLION, "units of 4 KB"),
    Billed.QUEUE_REQUESTS: Price(Service.SQS, Decimal("0.40"), MILLION, "requests of 64 KB"),
    Billed.FAIR_QUEUE_REQUESTS: Price(
        Service.SQS, Decimal("0.50"), MILLION, "requests of 64 KB to a queue with message groups"
    ),
    Billed.INVOCATIONS: Price(Service.LAMBDA, Decimal("0.20"), MILLION, "invocations"),
    Billed.GB_SECONDS: Price(Service.LAMBDA, Decimal("13.3334"), MILLION, "GB-seconds on arm64"),
    Billed.LOGGED_BYTES: Price(Service.LOGS, Decimal("0.50"), _GB, "bytes taken in"),
    Billed.BUS_EVENTS: Price(
        Service.OTHER, Decimal("1.00"), MILLION, "EventBridge events of 64 KB"
    ),
    Billed.OBJECT_WRITES: Price(Service.OTHER, Decimal("5.00"), MILLION, "PUTs to S3"),
    Billed.OBJECT_READS: Price(Service.OTHER, Decimal("0.40"), MILLION, "GETs from S3"),
    Billed.SENT_BYTES: Price(Service.OTHER, Decimal("0.09"), _GB, "bytes sent out"),
}

API_REQUEST_TIERS = (
    (333 * MILLION, Decimal("3.50")),
    (667 * MILLION, Decimal("2.80")),
    (19_000 * MILLION, Decimal("2.38")),
)
"""How many requests of a month cost how many dollars per million, the first ones first."""

API_REQUESTS_BEYOND = Decimal("1.51")
"""Dollars per million requests beyond the tiers."""

TABLE_GB_MONTH = Decimal("0.25")
RECOVERY_GB_MONTH = Decimal("0.20")
"""A GB of a table, and its point-in-time recovery."""

ALARM_MONTH = Decimal("0.10")
METRIC_MONTH = Decimal("0.30")
"""Each alarm, and each metric that a function counts."""


def price_of_api_requests(number: Decimal) -> Decimal:
    """Return what so many requests of one month cost, the later ones less."""
    dollars, left = Decimal(0), number
    for size, per_million in API_REQUEST_TIERS:
        here = min(left, Decimal(size))
        dollars += here * per_million / MILLION
        left -= here
    return dollars + left * API_REQUESTS_BEYOND / MILLION
