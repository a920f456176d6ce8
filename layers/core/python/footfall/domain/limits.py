"""Every limit of the event contract, in one place.

Source: Redo's published OpenAPI (400 properties, 5 MB, 100 KB strings, 100 events, uniqueId of 255
characters); the rest is Footfall's own and documented in docs/api.md.
"""

from datetime import UTC, datetime, timedelta

MAX_BULK_EVENTS = 100
MAX_EVENT_BYTES = 5 * 1024 * 1024
MAX_BODY_BYTES = MAX_EVENT_BYTES
MAX_STRING_BYTES = 100 * 1024
MAX_PROPERTIES = 400
MAX_NAME_CHARACTERS = 255
MAX_DEPTH = 10
"""Nested containers of one event; the event object itself is the first level."""

MAX_NUMBER_DIGITS = 38
"""DynamoDB keeps 38 significant digits of a number; one more would be stored as another number."""

MIN_NUMBER_EXPONENT = -130
MAX_NUMBER_EXPONENT = 125
"""DynamoDB keeps magnitudes from 1E-130 up to (not including) 1E+126."""

EARLIEST_TIMESTAMP = datetime(1990, 1, 1, tzinfo=UTC)
LATEST_TIMESTAMP_AHEAD = timedelta(days=365)

MAX_CUSTOMER_BYTES = 64 * 1024
"""What one event may say about its customer, as JSON: a profile has to fit one DynamoDB item."""
