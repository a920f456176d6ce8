from dataclasses import replace
from itertools import chain

import pytest

from footfall.http.routes import LIST_EVENT_NAMES
from tests.builders import STORE, purchase
from tests.functions.catalogue.stream import deliver, stored
from tests.functions.query.calls import Caller

CALLER = Caller()


def test_an_event_name_is_shown_with_its_properties_and_their_types() -> None:
    deliver(
        stored(
            purchase(1, minute=7, data={"total": "none", "at": "2026-04-02T12:00:00Z"}),
            purchase(2, minute=3, data={"total": 5, "Is Gift": False}),
        )
    )

    answer = CALLER.call(LIST_EVENT_NAMES)

    assert answer.status == 200
    assert answer.body == {
        "eventNames": [
            {
                "name": "purchase_completed",
                "count": 2,
                "firstSeen": "2026-04-02T12:03:00Z",
                "lastSeen": "2026-04-02T12:07:00Z",
                "properties": [
                    {"name": "Is Gift", "types": ["boolean"]},
                    {"name": "at", "types": ["date"]},
                    {"name": "total", "types": ["number", "string"]},
                ],
            }
        ]
    }


def test_a_store_without_events_has_no_names() -> None:
    assert CALLER.call(LIST_EVENT_NAMES).body == {"eventNames": []}


@pytest.mark.parametrize("size", [1, 2, 5, 6, 500])
def test_pages_walk_every_name_once_in_order(size: int) -> None:
    names = ["Zoo", "a", "b", "order #1", "é", "Ω"]
    deliver(
        stored(
            *(
                replace(purchase(number, store_id=store_id), event_name=f"{name}{suffix}")
                for store_id, suffix in ((STORE, ""), ("store-b", "!"))
                for number, name in enumerate(names)
            )
        )
    )

    pages = list(CALLER.pages(LIST_EVENT_NAMES, "eventNames", size=size))

    assert [entry["name"] for entry in chain.from_iterable(pages)] == names
    assert all(pages)
