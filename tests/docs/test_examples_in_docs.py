"""The examples in the documents are what the code takes, and do what the text around them says."""

import sys
from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import httpx
import pytest

from footfall.contracts.redo import read_event
from footfall.domain.faults import FaultyDocumentError
from footfall.domain.strict_json import dump_json, parse_json
from footfall.segments.reading import read_definition
from footfall.segments.segment import canonical_text, definition_version
from tests.builders import NOON, events_in
from tests.docs.documents import API, DATA_MODEL, blocks

if TYPE_CHECKING:
    from footfall.domain.values import JsonObject


def test_the_example_of_an_event_is_accepted() -> None:
    example = next(block for block in blocks(API, "json") if '"customer": {' in block)
    assert read_event(parse_json(example), now=NOON).event_name == "Purchase Milestone Reached"


def test_the_example_of_a_segment_has_the_version_of_its_definition() -> None:
    (example,) = [block for block in blocks(API, "json") if '"memberCount"' in block]
    segment = cast("JsonObject", parse_json(example))
    definition = read_definition(segment["definition"])
    assert segment["version"] == definition_version(definition)
    assert canonical_text(definition) == dump_json(segment["definition"])


def test_the_example_of_a_problem_names_the_faults_that_are_found() -> None:
    (example,) = [block for block in blocks(API, "json") if "about:blank" in block]
    faulty = '{"eventName": "x", "customer": {"email": "a@example.com", "mail": "b"}, "value": "5"}'
    with pytest.raises(FaultyDocumentError) as refusal:
        read_event(parse_json(faulty), now=NOON)
    for fault in refusal.value.faults:
        assert f'{{"pointer": "{fault.pointer}", "detail": "{fault.detail}"}}' in example


def test_the_example_of_an_envelope_can_be_read() -> None:
    (example,) = blocks(DATA_MODEL, "json")
    (event,) = events_in(parse_json(example))
    assert event.unique_id == "order-456"


@pytest.mark.parametrize("text", [*blocks(API, "json"), *blocks(DATA_MODEL, "json")])
def test_every_json_example_is_json(text: str) -> None:
    assert parse_json(text)


def test_the_python_example_repeats_its_request_under_the_same_key(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = iter(
        [
            httpx.Response(429, headers={"Retry-After": "1"}),
            httpx.Response(503),
            httpx.Response(202, json={"events": [{"status": "queued"}, {"status": "rejected"}]}),
        ]
    )
    requests: list[httpx.Request] = []
    pauses: list[float] = []

    def answer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        if len(requests) == 1:
            raise httpx.ConnectError("nobody there")
        return next(answers)

    client = partial(httpx.Client, transport=httpx.MockTransport(answer))
    monkeypatch.setattr("httpx.Client", client)
    # The module and not its function, which other threads of the process sleep by, too.
    monkeypatch.setitem(sys.modules, "time", SimpleNamespace(sleep=pauses.append))
    (example,) = blocks(API, "python")

    exec(example, {})  # noqa: S102  # the code is our own page's

    assert pauses == [1, 1, 4]
    assert len({request.headers["Idempotency-Key"] for request in requests}) == 1
    assert {request.url.path for request in requests} == {"/stores/YOUR STORE/events/bulk"}
    assert capsys.readouterr().out == "[{'status': 'rejected'}]\n"
