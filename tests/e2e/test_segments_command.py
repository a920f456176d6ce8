"""The `footfall segments` command against the running cloud."""

import signal
from datetime import timedelta
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import TYPE_CHECKING

from tests.e2e.local_cloud import LocalCloud
from tests.e2e.segments import MINUTE, Segments, event
from tests.e2e.store import Store

if TYPE_CHECKING:
    from subprocess import Popen

_EXAMPLES = Path(__file__).parents[2] / "examples" / "segments"
_SECONDS_TO_SHOW = 20


def test_the_examples_are_applied_shown_and_deleted(
    cloud: LocalCloud, store: Store, segments: Segments
) -> None:
    access = ("--store", store.store_id, "--api-key", store.api_key)
    store.send(event("ada@example.com", "purchase_completed", value=1_200, valueCurrency="USD"))
    ada = store.customer(email="ada@example.com")["id"]

    applied = cloud.footfall("segments", "apply", str(_EXAMPLES), "--wait", *access)
    assert applied.count("Stored ") == len(list(_EXAMPLES.iterdir()))
    assert "Nothing to do" in cloud.footfall("segments", "apply", str(_EXAMPLES), *access)
    segments.come_to("vip", ada)
    segments.come_to("welcome", ada)
    assert segments.of_customer(ada).keys() == {"vip", "welcome"}

    shown = cloud.footfall("segments", "list", *access)
    assert {line.split()[0] for line in shown.splitlines()[2:]} == {
        file.stem for file in _EXAMPLES.iterdir()
    }
    assert "Members  1" in cloud.footfall("segments", "show", "vip", *access)
    assert cloud.footfall("segments", "members", "vip", *access).split()[0] == ada
    cloud.footfall("segments", "delete", "vip-at-risk", "--yes", *access)
    assert "vip-at-risk" not in cloud.footfall("segments", "list", *access)


def test_watch_shows_who_enters_and_who_leaves(
    cloud: LocalCloud, store: Store, segments: Segments
) -> None:
    segments.put("lately", {"event": "Visited", "within": {"last": "1m"}})
    segments.put("ever", {"event": "Visited"})
    with cloud.start_footfall("segments", "watch", "lately", "--store", store.store_id) as watch:
        lines: Queue[str] = Queue()
        Thread(target=_read, args=(watch, lines)).start()
        try:
            assert "Waiting" in lines.get(timeout=_SECONDS_TO_SHOW)
            store.send(event("ada@example.com", ago=MINUTE - timedelta(seconds=5)))
            ada = store.customer(email="ada@example.com")["id"]
            for words in (("entered", "cause event"), ("exited", "cause time")):
                line = lines.get(timeout=_SECONDS_TO_SHOW)
                assert all(word in line for word in (*words, "lately", f"customer {ada}")), line
        finally:
            watch.send_signal(signal.SIGINT)
    assert watch.returncode == 0
    assert lines.empty()


def _read(watch: "Popen[str]", lines: "Queue[str]") -> None:
    assert watch.stdout
    for line in watch.stdout:
        lines.put(line)
