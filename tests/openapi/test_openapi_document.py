"""docs/openapi.json: complete, valid, and what the code says today."""

import re
from typing import TYPE_CHECKING, Any, cast

import pytest
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import validate

from footfall.contracts.previews import read_preview
from footfall.contracts.redo import (
    CustomerRequest,
    EventRequest,
    read_bulk,
    read_customer,
    read_event,
)
from footfall.contracts.segments import read_segment
from footfall.http.route import Route
from footfall.http.routes import OWN_ROUTES
from openapi.document import PATH, openapi_document, openapi_text
from openapi.examples import CUSTOMER, EVENT, EVENTS, PREVIEW, SEGMENT
from tests.contracts.redo_documents import NOW

if TYPE_CHECKING:
    from collections.abc import Mapping

    from footfall.domain.values import JsonValue


def test_the_file_is_what_the_code_says() -> None:
    assert PATH.read_text(encoding="utf-8") == openapi_text(), "run `make openapi`"


def test_the_file_is_valid_openapi() -> None:
    document = openapi_document()
    assert str(document["openapi"]).startswith("3.1")
    validate(cast("Mapping[Any, Any]", document))


@pytest.mark.parametrize("route", OWN_ROUTES)
def test_every_route_is_described(route: Route) -> None:
    paths = cast("dict[str, Any]", openapi_document()["paths"])
    operation = paths[route.path][route.method.lower()]
    assert route.scope in operation["description"]
    assert {"401", "403", "429", "503"} <= operation["responses"].keys()
    named = {parameter["name"] for parameter in paths[route.path]["parameters"]}
    assert named == set(re.findall(r"{(\w+)}", route.path))


def test_the_examples_of_requests_are_accepted() -> None:
    read_event(cast("JsonValue", EVENT), now=NOW)
    for event in read_bulk(cast("JsonValue", EVENTS)):
        read_event(event, now=NOW)
    read_customer(cast("JsonValue", CUSTOMER))
    read_segment(cast("JsonValue", SEGMENT))
    read_preview(cast("JsonValue", PREVIEW))


def test_every_example_fits_its_schema() -> None:
    document = openapi_document()
    examples = list(_examples(document))
    assert len(examples) > 4
    for schema, example in examples:
        OAS31Validator({**schema, "components": document["components"]}).validate(example)


def test_the_schemas_have_the_wire_names_of_the_fields() -> None:
    schemas = cast("dict[str, Any]", openapi_document()["components"])["schemas"]
    assert set(schemas["EventRequest"]["properties"]) == {
        "eventName",
        "customer",
        "data",
        "eventTimestamp",
        "value",
        "valueCurrency",
        "uniqueId",
    }
    assert schemas["EventRequest"]["required"] == ["eventName", "customer"]
    assert schemas["EventCustomer"]["additionalProperties"] is False
    assert schemas["EventsRequest"]["properties"]["events"]["maxItems"] == 100
    assert "additionalProperties" not in schemas["EventRequest"]
    assert {EventRequest.__name__, CustomerRequest.__name__} <= schemas.keys()


def _examples(node: object) -> list[tuple[dict[str, Any], object]]:
    """Return every schema that has an example beside it, with the example."""
    if isinstance(node, list):
        return [found for one in node for found in _examples(one)]
    if not isinstance(node, dict):
        return []
    here = [(node["schema"], node["example"])] if {"schema", "example"} <= node.keys() else []
    return here + [found for one in node.values() for found in _examples(one)]
