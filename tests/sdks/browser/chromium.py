"""Chromium without a screen, on a page that runs the SDK for browsers."""

import os
import queue
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from local.serving import serve
from tests.sdks.listening import listen
from tests.sdks.sdk import Call, Outcome

_SECONDS_TO_ANSWER = 60
_SECONDS_TO_STOP = 10
_PAGE = Path(__file__).with_name("page.html")
_SDK = (
    Path(__file__).parent.parent
    / "node/node_modules/@customerio/cdp-analytics-browser/dist/umd/index.js"
)
_FLAGS = (
    # Chromium's own sandbox does not work for root; nothing but pages of these tests is opened.
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"),
    # It may not call its makers, and finds no network in which to try.
    *("--no-first-run", "--disable-background-networking", "--disable-component-update"),
    *(
        "--disable-sync",
        "--disable-quic",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    ),
)


@contextmanager
def page(url: str, key: str, calls: tuple[Call, ...], directory: Path) -> Iterator[Outcome]:
    """Open a page that loads the SDK and makes the calls; it stays open while the block runs.

    Args:
        url: the root of the API, of another origin than the page.
        key: the write key.
        calls: the calls; the SDK takes no named arguments.
        directory: where Chromium keeps its profile.
    """
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.fail("Chromium is not installed. On Debian: apt install chromium", pytrace=False)
    if not _SDK.exists():
        pytest.fail("The SDK for browsers is not installed: run `make sdks`", pytrace=False)
    task = {"url": url, "key": key, "calls": [(one.method, one.arguments) for one in calls]}
    told: queue.Queue[Outcome] = queue.Queue()
    log_file = directory / "chromium.log"
    with listen() as (bound, page_url), serve(_server(task, told), bound):
        with log_file.open("wb") as log:
            browser = subprocess.Popen(  # noqa: S603 - Debian's Chromium, on our own page
                [chromium, *_FLAGS, f"--user-data-dir={directory / 'profile'}", page_url],
                env={"PATH": os.environ["PATH"], "HOME": str(directory)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        try:
            yield _first(told, log_file)
        finally:
            browser.terminate()
            browser.wait(_SECONDS_TO_STOP)


def _first(told: "queue.Queue[Outcome]", log_file: Path) -> Outcome:
    try:
        return told.get(timeout=_SECONDS_TO_ANSWER)
    except queue.Empty:
        raise AssertionError(
            f"the page told nothing; Chromium said:\n{log_file.read_text()}"
        ) from None


def _server(task: object, told: "queue.Queue[Outcome]") -> Starlette:
    async def hear(request: Request) -> Response:
        told.put(Outcome(**await request.json()))
        return Response(status_code=204)

    async def show(request: Request) -> Response:
        if request.url.path == "/task":
            return JSONResponse(task)
        return FileResponse(_SDK if request.url.path == "/sdk.js" else _PAGE)

    return Starlette(
        routes=[
            *(Route(path, show) for path in ("/", "/sdk.js", "/task")),
            Route("/outcome", hear, methods=["POST"]),
        ]
    )
