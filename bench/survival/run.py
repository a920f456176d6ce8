"""One run: a new store, a load under faults, and the verdict when everything has settled."""

import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.survival.faults import FaultPlan
from bench.survival.journal import Journal
from bench.survival.killing import workers_dying
from bench.survival.load import draw_load
from bench.survival.proxy import faulty_aws
from bench.survival.reading import Reader, tables_at_hand
from bench.survival.rerouting import lead_functions_to
from bench.survival.segments import AMIDST_THE_LOAD, FROM_THE_BEGINNING
from bench.survival.sending import Sender
from bench.survival.verdict import Verdict, judge
from cli.backlog import requests_waiting
from tests.e2e.bus import heard_bus
from tests.e2e.local_cloud import LocalCloud
from tests.e2e.segments import Segments
from tests.e2e.store import Store

SECONDS_OF_LOAD = 25
SHARE_OF_FAULTS = 0.1

_SECONDS_TO_SUFFER_ON = 30
_FEW = 5
_SECONDS_TO_SETTLE = 180
_SECONDS_BETWEEN_LOOKS = 0.5
_LAST_CHANGE_AFTER = timedelta(seconds=SECONDS_OF_LOAD + 25)
"""No window of the load ends later."""

_DEAD_LETTERS = "DeadLetterQueueUrl"
_DEAD_LETTER_QUEUES = {
    "events": _DEAD_LETTERS,
    "hints": "SegmentDeadLetterQueueUrl",
    "streamBatches": "StreamFailuresQueueUrl",
}


@dataclass(frozen=True, slots=True)
class _Settled:
    verdict: Verdict
    recovery_seconds: float | None
    redriven: int


def run(cloud: LocalCloud, state: Path, seed: int) -> Mapping[str, Any]:
    """Return what a run of this seed came to.

    Args:
        state: the directory of the cloud.
    """
    plan = FaultPlan(seed, SHARE_OF_FAULTS)
    with (
        tables_at_hand(cloud),
        cloud.new_store() as store,
        heard_bus(cloud, store.store_id) as bus,
    ):
        segments = Segments(store)
        for segment_id, definition in FROM_THE_BEGINNING.items():
            segments.put(segment_id, dict(definition))
        for segment_id in FROM_THE_BEGINNING:
            segments.live(segment_id)
        reader = Reader(store, bus, {**FROM_THE_BEGINNING, **AMIDST_THE_LOAD})
        with faulty_aws(cloud.file("aws.json")["AWS_ENDPOINT_URL"], plan) as endpoint:
            lead_functions_to(endpoint)
            start = datetime.now(UTC)
            with workers_dying(state, seed) as dead:
                sender = _send_load(store, seed, start)
                _suffer_on(cloud)
            plan.stop()
            settled = _settle(cloud, reader, sender.sent.journal, start + _LAST_CHANGE_AFTER)
            _explain(settled.verdict)
            lead_functions_to(cloud.file("aws.json")["AWS_ENDPOINT_URL"])
        journal = sender.sent.journal
        return {
            "seed": seed,
            "requests": sum(sender.sent.answers.values()),
            "answers": {str(status): n for status, n in sorted(sender.sent.answers.items())},
            "accepted": len(journal.accepted),
            "unknown": len(journal.unknown),
            "merges": len(journal.unions),
            "calls": dict(plan.calls),
            "faults": {fault.value: n for fault, n in plan.drawn.items()},
            "killed": dict(dead),
            "verdict": settled.verdict.as_json(),
            "isClean": settled.verdict.is_clean,
            "recoverySeconds": settled.recovery_seconds,
            "redriven": settled.redriven,
            "deadLetters": {
                name: requests_waiting(cloud.outputs[output])
                for name, output in _DEAD_LETTER_QUEUES.items()
            },
        }


def _send_load(store: Store, seed: int, start: datetime) -> Sender:
    sender = Sender(
        str(store.http.base_url).partition("/stores/")[0], store.store_id, store.api_key
    )
    change = threading.Timer(SECONDS_OF_LOAD / 2, _change_segments, (store,))
    change.start()
    sender.send(draw_load(seed, start, SECONDS_OF_LOAD))
    change.join()
    return sender


def _suffer_on(cloud: LocalCloud) -> None:
    """Let things go wrong until most of what was accepted has been through it."""
    deadline = time.monotonic() + _SECONDS_TO_SUFFER_ON
    while time.monotonic() < deadline:
        if requests_waiting(cloud.outputs["EventsQueueUrl"]) <= _FEW:
            return
        time.sleep(_SECONDS_BETWEEN_LOOKS)


def _change_segments(store: Store) -> None:
    """Put the segments of the middle of the load, as often as it takes."""
    for segment_id, definition in AMIDST_THE_LOAD.items():
        document = {"name": segment_id, "definition": definition}
        while store.http.put(f"/segments/{segment_id}", json=document).is_error:
            time.sleep(_SECONDS_BETWEEN_LOOKS)


def _settle(cloud: LocalCloud, reader: Reader, journal: Journal, last_change: datetime) -> _Settled:
    """Look until everything is as promised, and nothing can change any more."""
    begin = time.monotonic()
    clean_after: float | None = None
    redriven = 0
    while True:
        looked_after = time.monotonic() - begin
        is_late = looked_after > _SECONDS_TO_SETTLE
        is_quiet = not requests_waiting(cloud.outputs["EventsQueueUrl"]) and reader.is_live()
        if is_quiet and (letters := requests_waiting(cloud.outputs[_DEAD_LETTERS])):
            cloud.footfall("dlq", "redrive", "--all")
            redriven += letters
        elif is_quiet or is_late:
            verdict = judge(journal, reader.read())
            if not verdict.is_clean:
                clean_after = None
            elif clean_after is None:
                clean_after = round(looked_after, 1)
            if is_late or (verdict.is_clean and datetime.now(UTC) > last_change):
                return _Settled(verdict, clean_after, redriven)
        time.sleep(_SECONDS_BETWEEN_LOOKS)


def _explain(verdict: Verdict) -> None:
    if not verdict.is_clean:
        print(verdict, file=sys.stderr)
