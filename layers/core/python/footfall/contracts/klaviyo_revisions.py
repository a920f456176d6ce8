"""The revisions of Klaviyo's API: a date in a header, by which limits grew.

What a document looks like does not depend on it: the structure of the document tells.
Source: the history of Klaviyo's OpenAPI description.
"""

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from footfall.contracts.properties import PropertyLimits
from footfall.domain.limits import EARLIEST_TIMESTAMP, MAX_PROPERTIES

_REVISION = re.compile(r"(?P<date>\d{4}-\d{2}-\d{2})(?:\.[A-Za-z0-9_-]{1,32})?", re.ASCII)
_400_PROPERTIES = date(2025, 4, 15)
_SINCE_1990 = date(2026, 7, 15)
_NESTED = date(2023, 7, 15)
_AFTER_2000 = datetime(2000, 1, 1, tzinfo=UTC)
_MAX_ELEMENTS = 4_000
_TOO_DEEP = "This is nested too deeply: properties have at most 10 levels below them."


@dataclass(frozen=True, slots=True)
class Revision:
    """What a revision of the API allows.

    Attributes:
        properties: what the properties of an event may be.
        custom_properties: what those of a profile may be.
        earliest: the first instant that an event may have.
        shows_ids: events that are read name their metric and their profile among the attributes.
    """

    properties: PropertyLimits
    custom_properties: PropertyLimits
    earliest: datetime
    shows_ids: bool


def read_revision(text: str) -> Revision | None:
    """Return the revision of a text such as `2026-07-15` or `2026-07-15.pre`, or None."""
    match = _REVISION.fullmatch(text)
    try:
        return _revision(date.fromisoformat(match["date"])) if match else None
    except ValueError:
        return None


def _revision(day: date) -> Revision:
    properties = PropertyLimits(
        max_properties=400 if day >= _400_PROPERTIES else 300,
        max_elements=_MAX_ELEMENTS,
        level=0,
        too_deep=_TOO_DEEP,
    )
    return Revision(
        properties=properties,
        custom_properties=replace(properties, free=None, max_properties=MAX_PROPERTIES),
        earliest=EARLIEST_TIMESTAMP if day >= _SINCE_1990 else _AFTER_2000,
        shows_ids=day < _NESTED,
    )


NEWEST = _revision(date.max)
"""What holds where a client need not say its revision."""
