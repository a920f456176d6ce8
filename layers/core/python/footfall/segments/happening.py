"""What segments ask of an event, be it whole or a record of it that is read only as it is asked."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Protocol, TypeAlias

from footfall.domain.timestamps import to_microseconds
from footfall.domain.values import JsonValue

Moment: TypeAlias = tuple[int, int]
"""Where an event stands in time: its instant in microseconds, and, for ties, its id as a number."""


class Happening(Protocol):
    """An event, as far as segments ask about it; what each part means, `Event` says."""

    @property
    def event_id(self) -> str: ...  # noqa: D102

    @property
    def event_name(self) -> str: ...  # noqa: D102

    @property
    def event_timestamp(self) -> datetime: ...  # noqa: D102

    @property
    def source(self) -> str: ...  # noqa: D102

    @property
    def data(self) -> Mapping[str, JsonValue]: ...  # noqa: D102

    @property
    def value(self) -> Decimal | int | None: ...  # noqa: D102

    @property
    def value_currency(self) -> str | None: ...  # noqa: D102

    @property
    def unique_id(self) -> str | None: ...  # noqa: D102


def moment_of(event: Happening) -> Moment:
    """Return where the event stands in time."""
    return to_microseconds(event.event_timestamp), event_number(event)


def event_number(event: Happening) -> int:
    """Return the event's id as a number: of two events, the one accepted later has the greater."""
    return int(event.event_id.replace("-", ""), 16)
