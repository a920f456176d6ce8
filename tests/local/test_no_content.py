"""An answer of status 204 has nothing behind its headers; every other answer is left alone."""

import asyncio

import httpx
import pytest
from starlette.responses import Response, StreamingResponse

from local.no_content import without_content


@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
def test_a_204_has_no_content(method: str) -> None:
    answer = _asked(Response("{}", 204, {"X-Kept": "yes"}), method)
    assert (answer.status_code, answer.content) == (204, b"")
    assert "content-length" not in answer.headers
    assert answer.headers["x-kept"] == "yes"


@pytest.mark.parametrize("status", [200, 202, 404, 503])
def test_another_answer_stays_as_it_is(status: int) -> None:
    answer = _asked(Response("{}", status), "GET")
    assert (answer.status_code, answer.content) == (status, b"{}")
    assert answer.headers["content-length"] == "2"


def test_an_answer_in_parts_stays_as_it_is() -> None:
    assert _asked(StreamingResponse(iter(["a", "b"])), "GET").content == b"ab"


def _asked(response: Response, method: str) -> httpx.Response:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(without_content(response))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.request(method, "/")

    return asyncio.run(ask())
