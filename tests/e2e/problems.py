"""What every answer that is not a success must look like (RFC 7807)."""

from typing import Any

import httpx


def problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    """Return the problem that the request was answered with, after checking its form."""
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    document: dict[str, Any] = answer.json()
    assert document["type"] == "about:blank"
    assert document["title"]
    assert document["detail"]
    assert document["status"] == status
    assert document["instance"] == answer.request.url.raw_path.partition(b"?")[0].decode()
    assert ("Retry-After" in answer.headers) == (status in {429, 503})
    return document
