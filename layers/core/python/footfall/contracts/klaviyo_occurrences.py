"""What happened, as each of Klaviyo's documents of events tells it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, NotRequired

from pydantic import TypeAdapter, ValidationInfo, with_config
from typing_extensions import TypedDict

from footfall.contracts.fields import fault, read_by
from footfall.contracts.klaviyo_fields import (
    CONFIG,
    Circumstances,
    MetricName,
    MetricType,
    OptionalCurrency,
    OptionalNumber,
    OptionalUniqueId,
    Properties,
    Time,
)
from footfall.contracts.klaviyo_profiles import Person
from footfall.contracts.properties import NOT_AN_OBJECT, Steps
from footfall.domain.faults import json_pointer
from footfall.domain.values import JsonValue


@with_config(CONFIG)
class _FlatMetric(TypedDict):
    name: MetricName


class _MetricResource(TypedDict):
    type: MetricType
    attributes: _FlatMetric


class _NestedMetric(TypedDict):
    data: _MetricResource


_FLAT_METRIC = TypeAdapter(_FlatMetric)


def _metric(
    value: JsonValue,
    read_nested: Callable[[JsonValue], _NestedMetric],
    info: ValidationInfo[Circumstances],
) -> str:
    if not isinstance(value, dict):
        raise fault(NOT_AN_OBJECT)
    if "data" in value:
        return read_nested(value)["data"]["attributes"]["name"]
    return _FLAT_METRIC.validate_python(value, context=info.context)["name"]


class Occurrence(TypedDict):
    """What happened, without whom it happened to."""

    properties: Properties
    time: NotRequired[Time]
    value: NotRequired[OptionalNumber]
    value_currency: NotRequired[OptionalCurrency]
    unique_id: NotRequired[OptionalUniqueId]
    backfill: NotRequired[bool | None]
    metric: Annotated[str, read_by(_NestedMetric, _metric)]


@dataclass(slots=True)  # a frozen one, or a tuple, takes longer in the making
class Telling:
    """One event of a request: what happened, to whom, and where the request says so."""

    person: Person
    occurrence: Occurrence
    place: Steps

    @property
    def pointer(self) -> str:
        """Where the request tells it, as a JSON pointer."""
        return json_pointer(*self.place)
