"""Where the time of a function goes: a profile, taken in rounds that are not timed."""

from collections import Counter
from collections.abc import Sequence

from bench.pipeline.playback import invoke_again, played_back
from bench.pipeline.recording import Invocation
from bench.profiling import OwnTimes, own_times, top_of
from bench.results import Results

_ROUNDS = 3


def profiled(invocations: Sequence[Invocation]) -> Sequence[Results]:
    """Return what takes the most time of its own, with its share of the whole."""

    def run() -> None:
        for one in invocations:
            invoke_again(one)

    own: OwnTimes = Counter()
    for _ in range(_ROUNDS):
        with played_back(invocations):
            own.update(own_times(run))
    return top_of(own)
