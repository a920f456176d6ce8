"""The limits of Customer.io's Track API.

Source: its OpenAPI description and its page on invalid requests.
"""

from footfall.domain.strict_json import dump_json
from footfall.domain.values import JsonValue

MAX_ID_BYTES = 150
MAX_ATTRIBUTES = 300
MAX_ATTRIBUTE_NAME_BYTES = 150
MAX_ATTRIBUTE_BYTES = 1_000
MAX_EVENT_NAME_BYTES = 100
MAX_DATA_BYTES = 100_000


def bytes_of(value: JsonValue) -> int:
    """Return how long a value is: a text as UTF-8, everything else as JSON."""
    return len((value if isinstance(value, str) else dump_json(value)).encode())
