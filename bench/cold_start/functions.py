"""The functions whose cold starts are measured."""

FUNCTIONS = (
    *("authorize", "ingest", "process", "catalogue", "segment"),
    *("publish", "query", "sweep", "due", "backfill"),
)
"""In the order in which an event comes to them."""

IN_THE_TREEMAP = "ingest"
