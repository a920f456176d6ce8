"""What happened, as each of Klaviyo's documents of events tells it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import ValidationInfo

from footfall.contracts.fields import fault, read_by
from footfall.contracts.klaviyo_fields import (
    Circumstances,
    MetricName,
    MetricType,
    Model,
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


class _FlatMetric(Model):
    name: MetricName


class _MetricResource(Model):
    type: MetricType
    attributes: _FlatMetric


class _NestedMetric(Model):
    data: _MetricResource


def _metric(
    value: JsonValue,
    read_nested: Callable[[JsonValue], _NestedMetric],
    info: ValidationInfo[Circumstances],
) -> str:
    if not isinstance(value, Mapping):
        raise fault(NOT_AN_OBJECT)
    if "data" in value:
        return read_nested(value).data.attributes.name
    return _FlatMetric.model_validate(value, context=info.context).name


class Occurrence(Model):
    """What happened, without whom it happened to."""

    properties: Properties
    time: Time = None
    value: OptionalNumber = None
    value_currency: OptionalCurrency = None
    unique_id: OptionalUniqueId = None
    backfill: bool | None = None
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
