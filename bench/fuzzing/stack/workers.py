"""The processes of a local cloud: its functions', and the emulator, which keeps all it is sent."""

import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from bench.fuzzing.limits import EMULATOR
from bench.fuzzing.memory import Growth, growth_of, resident_mebibytes
from local.settings import STACK_NAME

_SECONDS_BETWEEN_SAMPLES = 2.0
_FUNCTION = re.compile(rf"-lambda-{STACK_NAME}-([A-Z][a-z]+)")
_EMULATOR_MODULE = "local.ministack"
_FEWEST_SAMPLES = 8


class Memory:
    """The memory of every process of a cloud, sampled in the background.

    Args:
        state: the directory of the cloud, which all of its processes know.
    """

    def __init__(self, state: Path) -> None:
        self._state = str(state).encode()
        self._samples: dict[tuple[str, str], list[float]] = {}

    @contextmanager
    def sampled(self) -> Iterator[None]:
        """Sample while the block runs."""
        is_over = threading.Event()

        def sample() -> None:
            while not is_over.wait(_SECONDS_BETWEEN_SAMPLES):
                self._sample()

        thread = threading.Thread(target=sample, name="memory")
        thread.start()
        try:
            yield
        finally:
            is_over.set()
            thread.join()

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
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):  # it is another user's, or has just ended
                if self._state in (process / "environ").read_bytes():
                    kind = _kind((process / "cmdline").read_text(encoding="utf-8"))
                    if kind is not None:
                        samples = self._samples.setdefault((kind, process.name), [])
                        samples.append(resident_mebibytes(process.name))


def _kind(command: str) -> str | None:
    if _EMULATOR_MODULE in command:
        return EMULATOR
    match = _FUNCTION.search(command)
    return None if match is None else match[1].lower()
