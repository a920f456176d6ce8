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

ON_REQUEST = ("fuzzing",)
"""What takes too long for that, and runs when it is named."""
