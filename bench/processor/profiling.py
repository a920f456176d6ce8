"""Where the time of a function goes: a profile, taken in rounds that are not timed."""

import cProfile
import pstats
import re
import time
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any, cast

from bench.pipeline.playback import invoke_again, played_back
from bench.pipeline.recording import Invocation
from bench.results import Results

_METHOD = re.compile(r"<method '(?P<name>[^']+)' of '(?P<owner>[^']+)' objects>")

ROUNDS = 3
SHOWN = 5


def top_of(invocations: Sequence[Invocation]) -> Sequence[Results]:
    """Return what takes the most time of its own, with its share of the whole."""
    profile = cProfile.Profile(time.process_time)
    for _ in range(ROUNDS):
        with played_back(invocations):
            profile.enable()
            for one in invocations:
                invoke_again(one)
            profile.disable()
    stats = cast("Any", pstats.Stats(profile)).stats
    own = {_name(*place): seconds for place, (_, _, seconds, _, _) in stats.items()}
    whole = sum(own.values())
    first = sorted(own, key=own.__getitem__, reverse=True)[:SHOWN]
    return [{"name": name, "share": own[name] / whole} for name in first]


def _name(file: str, _line: int, function: str) -> str:
    """Return `package.module.function`, or `dict.get`, or the name of a built-in function."""
    if file == "~":
        if method := _METHOD.match(function):
            return f"{method['owner']}.{method['name']}"
        return function.strip("<>").rpartition(" ")[2].removeprefix("builtins.")
    path = PurePath(file)
    return f"{path.parent.name}.{path.stem}.{function.strip('<>')}"
