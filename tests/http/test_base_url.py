"""Links lead to where the API was called: through a front, a domain, or API Gateway's own name."""

from collections.abc import Mapping

import pytest

from footfall.http.base_url import base_url
from footfall.http.klaviyo_routes import LIST_EVENTS
from footfall.http.requests import read_request
from tests.proxy_events import proxy_event


@pytest.mark.parametrize(
    ("headers", "url"),
    [
        (
            {"Host": "abc.execute-api.eu-west-1.amazonaws.com", "X-Forwarded-Proto": "https"},
            "https://abc.execute-api.eu-west-1.amazonaws.com/prod",
        ),
        ({"Host": "events.example.com"}, "https://events.example.com"),
        (
            {"Host": "x", "X-Forwarded-Host": "localhost:8000", "X-Forwarded-Proto": "http"},
            "http://localhost:8000",
        ),
        ({}, "https://localhost"),
    ],
)
def test_the_url_is_the_one_that_was_called(headers: Mapping[str, str], url: str) -> None:
    event = proxy_event(LIST_EVENTS, headers=headers)
    event["requestContext"]["stage"] = "prod"
    assert base_url(read_request(event)) == url
