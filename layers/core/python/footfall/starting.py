"""The start of a function: from its first import to its first event.

Lambda gives a function a whole processor for it, whatever its memory, and only its share later. So
everything that the first event needs in any case is made here.
"""

import gc
from collections.abc import Callable

from footfall.settings import runs_in_lambda


def begin_start() -> None:
    """Look for no garbage: of all that is imported and made now, nothing becomes any."""
    if runs_in_lambda():
        gc.disable()


def finish_start(*clients: Callable[[], object]) -> None:
    """Make these clients, and end the start: what is there now is there for good."""
    if runs_in_lambda():
        for client in clients:
            client()
        gc.freeze()
        gc.enable()
