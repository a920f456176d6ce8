"""`footfall segments` against the function that answers it on AWS: the fake does not flatter."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from cli import api
from footfall.aws.keys import members_key, members_shard
from footfall.aws.members import settle_members
from footfall.http.route import Route
from footfall.http.routes import ROUTES
from query.handler import handler
from tests.builders import NOON
from tests.cli.conftest import Footfall
from tests.cli.fake_api import STORE
from tests.docs.documents import ROOT
from tests.moto_cloud import moto_cloud
from tests.proxy_events import headers_of, proxy_event

_CUSTOMER = "19ad3a46499a0840386a6ef2"
_PARAMETER = re.compile(r"\{(\w+)\}")


def _answer(request: httpx.Request) -> httpx.Response:
    route, parameters = _find_route(request)
    event = proxy_event(
        route, request.content.decode() or None, headers=dict(request.headers), **parameters
    )
    response = handler(event, None)
    return httpx.Response(
        int(str(response["statusCode"])), text=str(response["body"]), headers=headers_of(response)
    )


def _find_route(request: httpx.Request) -> tuple[Route, dict[str, Any]]:
    for route in ROUTES:
        pattern = _PARAMETER.sub(r"(?P<\1>[^/]+)", route.path)
        found = re.fullmatch(pattern, request.url.path)
        if found and route.method == request.method:
            parameters = found.groupdict()
            del parameters["storeId"]
            return route, parameters
    raise AssertionError(request.url)


@pytest.fixture(autouse=True)
def real_api(fake_api: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Answer the command by the function; all else is as with the fake."""
    assert fake_api
    client = httpx.MockTransport(_answer)
    monkeypatch.setattr(api, "open_client", lambda: httpx.AsyncClient(transport=client))
    with moto_cloud():
        yield


EXAMPLES = ROOT / "examples" / "segments"


def test_the_examples_are_stored_once(footfall: Footfall) -> None:
    first = footfall("segments", "apply", EXAMPLES)
    assert first.exit_code == 0, first.output + first.stderr
    assert first.output.count("Stored ") == 10
    second = footfall("segments", "apply", EXAMPLES, "--prune")
    assert "Nothing to do: 10 segments as the files say." in second.output
    listed = footfall("segments", "list").output
    assert "VIP without a purchase in 60 days" in listed
    assert "building" in listed
    assert '"segment": "vip"' in footfall("segments", "show", "vip-at-risk").output


def test_pruning_and_deleting(footfall: Footfall, tmp_path: Path) -> None:
    footfall("segments", "apply", EXAMPLES / "vip.json", EXAMPLES / "vip-at-risk.json")
    refused = footfall("segments", "delete", "vip", "--yes")
    assert refused.exit_code == 2
    assert "Segment vip is not deleted: " in refused.stderr
    assert "`vip-at-risk`" in refused.stderr
    (tmp_path / "lapsed.json").write_text((EXAMPLES / "lapsed.json").read_text())
    pruned = footfall("segments", "apply", tmp_path, "--prune", "--yes")
    assert pruned.exit_code == 0, pruned.output + pruned.stderr
    assert pruned.output.index("Deleted vip-at-risk") < pruned.output.index("Deleted vip\n")
    gone = footfall("segments", "show", "vip")
    assert gone.exit_code == 2
    assert "The store has no such segment" in gone.stderr


def test_members_are_printed_with_their_instants(footfall: Footfall) -> None:
    footfall("segments", "apply", EXAMPLES / "vip.json")
    partition = members_key(STORE, "vip", members_shard(_CUSTOMER))
    settle_members({partition: {_CUSTOMER: NOON + timedelta(microseconds=5)}})
    result = footfall("segments", "members", "vip")
    assert result.output == f"{_CUSTOMER}  2026-04-02T12:00:00.000005Z\n"
