"""The processes of a local cloud: its functions', and the emulator, which keeps all it is sent."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from bench.fuzzing.memory import Growth, growth_of, resident_mebibytes
from tests.e2e.cloud_processes import FRONT, part_of, processes_of
from tests.e2e.meanwhile import meanwhile

_SECONDS_BETWEEN_SAMPLES = 2.0
_FEWEST_SAMPLES = 8


class Memory:
    """The memory of every process of a cloud, sampled in the background.

    Args:
        state: the directory of the cloud, which all of its processes know.
    """

    def __init__(self, state: Path) -> None:
        self._state = state
        self._samples: dict[tuple[str, int], list[float]] = {}

    @contextmanager
    def sampled(self) -> Iterator[None]:
        """Sample while the block runs."""

        def sample(is_over: threading.Event) -> None:
            while not is_over.wait(_SECONDS_BETWEEN_SAMPLES):
                self._sample()

        with meanwhile(sample):
            yield

    def growths(self) -> Mapping[str, Growth]:
        """Return the growth of each, by what it does; of several of one kind, the one that grew."""
        found: dict[str, Growth] = {}
        for (kind, _), samples in self._samples.items():
            if len(samples) >= _FEWEST_SAMPLES:
                growth = growth_of(samples)
                if kind not in found or growth.growth > found[kind].growth:
                    found[kind] = growth
        return dict(sorted(found.items()))

    def _sample(self) -> None:
        for process, command in processes_of(self._state):
            kind = part_of(command)
            if kind and kind != FRONT:
                with suppress(OSError):  # it has just ended
                    memory = resident_mebibytes(process)
                    self._samples.setdefault((kind, process), []).append(memory)
