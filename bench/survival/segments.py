"""The segments of a run: counts, sums, windows, attributes, references, and what is not."""

from collections.abc import Mapping

from tests.segments.naive import Document

_LATELY: Document = {"event": "Visited", "within": {"last": "1m"}}

FROM_THE_BEGINNING: Mapping[str, Document] = {
    "bought-often": {"event": "Bought", "count": {"gte": 3}},
    "big-spenders": {"event": "Bought", "sum": {"of": "value", "gte": 150}},
    "lately": _LATELY,
    "lapsed": {"all": [{"event": "Visited"}, {"not": _LATELY}]},
    "paid-twice": {"event": "Paid", "within": {"last": "1m"}, "count": {"eq": 2}},
    "paid-much": {"event": "Paid", "within": {"last": "1m"}, "sum": {"of": "value", "gt": 60}},
    "flown": {"event": "Flown"},
    "never-bought": {"not": {"event": "Bought"}},
    "gold": {"attribute": "customFields.Tier", "op": "eq", "value": "gold"},
    "gold-spenders": {"all": [{"segment": "big-spenders"}, {"segment": "gold"}]},
    "shipped": {
        "event": "order_changed",
        "where": {"property": "data.State", "op": "eq", "value": "shipped"},
    },
}
"""What a store asks before its first event."""

AMIDST_THE_LOAD: Mapping[str, Document] = {
    "bought-in-a-season": {"event": "Bought", "within": {"last": "90d"}, "count": {"gte": 2}},
    "bought-often": {"event": "Bought", "count": {"gte": 5}},
}
"""What it asks in the middle of the load: one that is new, and one that is another from then on."""
