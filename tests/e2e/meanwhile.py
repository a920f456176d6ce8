"""Something that goes on beside a block: noise, samples, or the killing of workers."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager


@contextmanager
def meanwhile(act: Callable[[threading.Event], object]) -> Iterator[None]:
    """Let a thread act while the block runs; it is told by the event that the block is over.

    What the act raises is raised when the block has ended by itself.
    """
    is_over = threading.Event()
    with ThreadPoolExecutor(1) as executor:
        acting = executor.submit(act, is_over)
        try:
            yield
        finally:
            is_over.set()
        acting.result()
