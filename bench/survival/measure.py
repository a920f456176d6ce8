"""Measures what Footfall survives: on a local cloud of its own, one run for each seed."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench.survival.rerouting import VISIBILITY_SECONDS, return_messages_soon
from bench.survival.run import SECONDS_OF_LOAD, SHARE_OF_FAULTS, run
from tests.e2e.local_cloud import LocalCloud

SEEDS = (1, 2)


def measure() -> Mapping[str, Any]:
    """Start a cloud, let it suffer, and return what is true after it."""
    with tempfile.TemporaryDirectory(prefix="footfall-survival-") as directory:
        state = Path(directory) / "state"
        cloud = LocalCloud(state)
        cloud.start()
        try:
            with cloud.reached_by_boto3():
                return_messages_soon(cloud)
            runs = [run(cloud, state, seed) for seed in SEEDS]
        finally:
            cloud.stop()
    return {
        "secondsOfLoad": SECONDS_OF_LOAD,
        "shareOfFaults": SHARE_OF_FAULTS,
        "visibilitySeconds": VISIBILITY_SECONDS,
        "runs": runs,
    }
