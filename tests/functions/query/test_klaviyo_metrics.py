"""Klaviyo's metrics are the catalogue of event names."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from footfall.domain.events import IDENTIFY
from footfall.http.klaviyo_routes import GET_METRIC, LIST_METRICS
from tests.builders import purchase
from tests.functions.catalogue.stream import deliver, stored
from tests.functions.query.klaviyo_calls import HOST, found, get, ids, pages, refused_parameter


def seen(names: Sequence[str]) -> None:
    """Let the catalogue see an event of each name."""
    deliver(
        stored(*(replace(purchase(number), event_name=one) for number, one in enumerate(names)))
    )


def names_of(document: Mapping[str, Any]) -> list[str]:
    return [metric["attributes"]["name"] for metric in document["data"]]


def test_a_metric_is_shown_in_klaviyos_shape() -> None:
    deliver(stored(purchase(1, minute=7), purchase(2, minute=3)))

    (metric,) = found(LIST_METRICS)["data"]

    assert metric == {
        "type": "metric",
        "id": metric["id"],
        "attributes": {
            "name": "purchase_completed",
            "created": "2026-04-02T12:03:00+00:00",
            "updated": "2026-04-02T12:07:00+00:00",
            "integration": {
                "object": "integration",
                "id": "footfall",
                "key": "api",
                "name": "API",
                "category": "API",
            },
        },
        "links": {"self": f"{HOST}/api/metrics/{metric['id']}"},
    }
    assert found(GET_METRIC, metricId=metric["id"])["data"] == metric


def test_metrics_come_in_pages_in_the_order_of_their_names() -> None:
    names = [f"name {number:02}" for number in range(25)]
    seen(names)
    walked = list(pages(LIST_METRICS, {"page[size]": "10"}))
    assert [name for page in walked for name in names_of(page)] == names
    assert len(set().union(*(ids(page) for page in walked))) == 25


def test_each_metric_is_found_by_its_id() -> None:
    seen([f"name {number}" for number in range(12)])
    for metric in found(LIST_METRICS)["data"]:
        assert found(GET_METRIC, metricId=metric["id"])["data"] == metric


def test_a_metric_is_found_by_its_name() -> None:
    seen(["Viewed Product", "Bought, (Product)"])
    for name in ("Viewed Product", "Bought, (Product)"):
        assert names_of(found(LIST_METRICS, {"filter": f'equals(name,"{name}")'})) == [name]
    for name in ("viewed product", "", "x" * 300):
        assert found(LIST_METRICS, {"filter": f'equals(name,"{name}")'})["data"] == []


def test_every_metric_is_of_the_api() -> None:
    seen(["Viewed Product"])
    for field in ("integration.name", "integration.category"):
        assert len(found(LIST_METRICS, {"filter": f'equals({field},"API")'})["data"]) == 1
        assert found(LIST_METRICS, {"filter": f'equals({field},"Shopify")'})["data"] == []


def test_what_is_only_said_about_a_person_is_no_metric() -> None:
    seen([IDENTIFY, "Viewed Product"])
    assert names_of(found(LIST_METRICS)) == ["Viewed Product"]
    assert found(LIST_METRICS, {"filter": f'equals(name,"{IDENTIFY}")'})["data"] == []


@pytest.mark.parametrize("unknown", ["unknown", "x" * 300, "a/b"])
def test_an_unknown_metric_is_404(unknown: str) -> None:
    assert get(GET_METRIC, metricId=unknown).status == 404


def test_only_the_fields_that_are_asked_for_are_shown() -> None:
    seen(["Viewed Product"])
    (metric,) = found(LIST_METRICS, {"fields[metric]": "name"})["data"]
    assert metric["attributes"] == {"name": "Viewed Product"}


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ({"filter": 'equals(id,"x")'}, "filter"),
        ({"filter": 'any(name,["x"])'}, "filter"),
        ({"page[size]": "201"}, "page[size]"),
        ({"include": "flow-triggers"}, "include"),
    ],
)
def test_what_is_not_offered_is_refused_by_name(query: dict[str, str], parameter: str) -> None:
    assert refused_parameter(LIST_METRICS, query) == parameter
