"""A form tells what the same document tells as JSON, all its values being texts."""

from dataclasses import replace
from urllib.parse import urlencode
from uuid import uuid4

import pytest

from footfall.aws.clients import sqs
from footfall.domain.events import Event
from footfall.http.customerio_routes import (
    IDENTIFY_PERSON,
    MERGE_PEOPLE,
    PUT_DEVICE,
    TRACK_ANONYMOUS,
    TRACK_PERSON,
)
from footfall.http.route import Route
from footfall.settings import Setting
from tests.functions.ingest.track_calls import FORM, call, call_with, message_of, messages, told

pytestmark = pytest.mark.usefixtures("cloud")


@pytest.fixture(autouse=True)
def _queue(cloud: None, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001  # it comes first
    url = sqs().create_queue(QueueName=str(uuid4()))["QueueUrl"]
    monkeypatch.setenv(Setting.EVENTS_QUEUE_URL, url)


SEEDS_EXAMPLE = "name=purchased&data[price]=23.45&timestamp=1359389415"


@pytest.mark.parametrize(
    ("route", "form", "document"),
    [
        (
            TRACK_PERSON,
            SEEDS_EXAMPLE,
            {"name": "purchased", "data": {"price": "23.45"}, "timestamp": "1359389415"},
        ),
        (
            TRACK_PERSON,
            urlencode(
                [
                    ("name", "  bought é & more "),
                    ("id", "01hb4hbdktfwyzck01dmrswrfd"),
                    ("timestamp", "1359389415"),
                    ("data[items][][type]", "monitor"),
                    ("data[items][][price]", "200"),
                    ("data[items][][type]", "hdmi"),
                    ("data[items][][price]", "15"),
                    ("data[tags][]", "a"),
                    ("data[tags][]", "b"),
                    ("data[cart][id]", "7"),
                ]
            ),
            {
                "name": "bought é & more",
                "id": "01HB4HBDKTFWYZCK01DMRSWRFD",
                "timestamp": 1_359_389_415,
                "data": {
                    "items": [
                        {"type": "monitor", "price": "200"},
                        {"type": "hdmi", "price": "15"},
                    ],
                    "tags": ["a", "b"],
                    "cart": {"id": "7"},
                },
            },
        ),
        (
            TRACK_ANONYMOUS,
            "name=viewed&anonymous_id=anon-1&timestamp=1359389415",
            {"name": "viewed", "anonymous_id": "anon-1", "timestamp": 1_359_389_415},
        ),
        (
            IDENTIFY_PERSON,
            "email=jane%40example.com&plan=premium&_timestamp=1359389415&first_name=",
            {
                "email": "jane@example.com",
                "plan": "premium",
                "_timestamp": 1_359_389_415,
                "first_name": "",
            },
        ),
    ],
)
def test_a_form_tells_what_json_tells(route: Route, form: str, document: object) -> None:
    assert call_with(route, form, FORM)["statusCode"] == 200
    by_form = told()
    assert call(route, document)["statusCode"] == 200
    by_json = told()
    assert isinstance(by_form, Event)
    assert isinstance(by_json, Event)
    by_form = replace(by_form, event_id=by_json.event_id, received_at=by_json.received_at)
    assert by_form == by_json


@pytest.mark.parametrize(
    ("route", "form"),
    [
        (PUT_DEVICE, "device[id]=token&device[platform]=ios"),
        (MERGE_PEOPLE, "primary[id]=5&secondary[email]=jane@example.com"),
    ],
)
def test_the_other_calls_take_forms_too(route: Route, form: str) -> None:
    assert call_with(route, form, f"{FORM}; charset=utf-8")["statusCode"] == 200
    assert len(messages()) == 1


@pytest.mark.parametrize("content_type", [FORM, "", "application/json"])
def test_a_person_may_be_identified_without_a_body(content_type: str) -> None:
    assert call_with(IDENTIFY_PERSON, None, content_type)["statusCode"] == 200
    assert len(messages()) == 1


@pytest.mark.parametrize("body", ['{"plan":"premium"}', '\n{"a": "b=c&d=e"}', '["a"]'])
def test_json_that_is_said_to_be_a_form_is_not_taken_for_one(body: str) -> None:
    # What curl sends with `-d` and without a header.
    assert "application/json" in str(message_of(call_with(IDENTIFY_PERSON, body, FORM)))
    assert messages() == []


@pytest.mark.parametrize(
    "form", ["data[price]=5", "name=", "name=a&data=5", "name=a&data[b]=1&data[]=2", "name=%FF"]
)
def test_a_bad_form_is_refused_in_words(form: str) -> None:
    assert message_of(call_with(TRACK_PERSON, form, FORM))
    assert messages() == []
