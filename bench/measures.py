"""The measures, in the order of the page. Each is a package with `measure` and `section`."""

MEASURES = (
    "bill",
    "ingest",
    "processor",
    "cold_start",
    "end_to_end",
    "growth",
    "survival",
)
"""What `make bench` runs."""

ON_REQUEST = {"fuzzing": "make fuzz"}
"""What takes too long for that, and the command that runs it."""


def command_of(measure: str) -> str:
    """Return the command that measures this."""
    return ON_REQUEST.get(measure, f"make bench MEASURE={measure}")
