"""CSV files as Customer.io takes them: whom an event is about, what it is, when, and properties.

    _cio_name, _cio_customer_id, _cio_timestamp, then one column for each property of the event

Source: Customer.io's page about events, "Uploading a CSV". The order of the columns does not matter
here, so that a file of rejected rows can be imported as well.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from cli.importing.columns import ColumnType
from cli.importing.rows import ReadRow
from cli.importing.source import REJECTED_BECAUSE, REJECTED_LINE
from footfall.domain.identifiers import normalise_email
from footfall.domain.timestamps import format_timestamp, from_microseconds, parse_iso_timestamp
from footfall.domain.values import JsonObject

NAME = "_cio_name"
CUSTOMER_ID = "_cio_customer_id"
TIMESTAMP = "_cio_timestamp"

_PATHS = {
    NAME: "eventName",
    CUSTOMER_ID: "customer.id",
    TIMESTAMP: "eventTimestamp",
    REJECTED_LINE: "",
    REJECTED_BECAUSE: "",
}
_ID, _EMAIL = "id", "email"
_WORDS = {_ID: "an id", _EMAIL: "an e-mail address"}
_UNIX_SECONDS = re.compile(r"\d{1,12}", re.ASCII)
_MICROSECONDS = 1_000_000
_NO_TIME = f"{TIMESTAMP}: neither seconds since 1970 nor a date and time of ISO 8601"
_MIXED = f"{CUSTOMER_ID}: {{}}, where the file began with {{}}; it can have only one of the two"


def is_customerio(headings: Sequence[str]) -> bool:
    """Tell whether a header row is one of Customer.io's."""
    return NAME in headings or CUSTOMER_ID in headings


def customerio_paths(headings: Sequence[str]) -> Mapping[str, str]:
    """Return the path that each heading stands for: what is no name of Customer.io's is a property.

    A property is text, and its name is the whole heading, whatever it ends in.
    """
    return {
        heading: _PATHS.get(heading, f"data.{heading}:{ColumnType.TEXT}") for heading in headings
    }


def settle_rows(rows: Iterator[ReadRow]) -> Iterator[ReadRow]:
    """Yield the rows with their times as the API takes them and their customers' ids understood.

    The first row tells whether the file has ids or e-mail addresses; rows of the other are faulty.
    """
    kind: str | None = None
    for row in rows:
        if row.event is None:
            yield row
            continue
        event, faults = dict(row.event), list[str]()
        if isinstance(time := event.get("eventTimestamp"), str):
            instant = _instant(time.strip())
            if instant is None:
                faults.append(_NO_TIME)
            else:
                event["eventTimestamp"] = format_timestamp(instant)
        customer = event.get("customer")
        if isinstance(customer, Mapping) and isinstance(name := customer.get("id"), str):
            found = _EMAIL if normalise_email(name) else _ID
            kind = kind or found
            if found != kind:
                faults.append(_MIXED.format(_WORDS[found], _WORDS[kind]))
            event["customer"] = {**_without_id(customer), found: name}
        yield replace(row, event=None if faults else event, faults=tuple(faults))


def _without_id(customer: JsonObject) -> JsonObject:
    return {key: value for key, value in customer.items() if key != _ID}


def _instant(text: str) -> datetime | None:
    if _UNIX_SECONDS.fullmatch(text) is None:
        return parse_iso_timestamp(text)
    try:
        return from_microseconds(int(text) * _MICROSECONDS)
    except OverflowError:
        return None
