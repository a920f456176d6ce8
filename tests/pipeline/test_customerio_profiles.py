"""Customer.io's attributes through the functions: what is stated, and what is taken away again."""

from collections.abc import Iterator
from typing import Any

import pytest

import ingest.handler
import query.handler
from footfall.domain.strict_json import dump_json
from footfall.http.customerio_routes import IDENTIFY_PERSON
from footfall.http.routes import FIND_CUSTOMER
from tests.moto_cloud import moto_cloud
from tests.pipeline.processing import process_the_queue
from tests.proxy_events import json_of, proxy_event

STATED = {"email": "jane@example.com", "phone": "+14155550123", "first_name": "Jane", "plan": "pro"}


@pytest.fixture(autouse=True)
def cloud() -> Iterator[None]:
    with moto_cloud():
        yield


def identify(person: str, at: int, **attributes: object) -> None:
    body = dump_json({**attributes, "_timestamp": at})
    answer = ingest.handler.handler(proxy_event(IDENTIFY_PERSON, body, identifier=person), None)
    assert answer["statusCode"] == 200
    process_the_queue()


def customer(own_id: str) -> dict[str, Any]:
    answer = query.handler.handler(proxy_event(FIND_CUSTOMER, query={"id": own_id}), None)
    return json_of(answer)


@pytest.mark.parametrize("nothing", [None, ""])
def test_every_attribute_is_taken_away_by_the_id_alone(nothing: str | None) -> None:
    identify("5", 1_700_000_000, **STATED)
    before = customer("5")
    assert (before["email"], before["phoneNumber"]) == (STATED["email"], STATED["phone"])
    identify("5", 1_700_000_001, **dict.fromkeys(STATED, nothing))
    after = customer("5")
    assert not {"email", "phoneNumber", "firstName", "customFields"} & after.keys()


def test_an_address_of_somebody_else_does_not_come_into_the_profile() -> None:
    identify("jane@example.com", 1_700_000_000, plan="pro")
    identify("5", 1_700_000_001, email="john@example.com")
    identify("john@example.com", 1_700_000_002, email="jane@example.com")
    assert customer("5")["email"] == "john@example.com"
