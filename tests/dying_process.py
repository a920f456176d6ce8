"""Lets process die after each of its AWS calls in turn, and be given the same messages again."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import pytest

from footfall.invocations import QueueMessage
from tests.aws_calls import Killed, recorded_calls
from tests.builders import deliver
from tests.moto_cloud import moto_cloud

_End = TypeVar("_End")


def check_wherever_it_dies(
    prepare: Callable[[], None],
    batch: Sequence[QueueMessage],
    everything: Callable[[], _End],
    finish: Callable[[], None] = lambda: None,
) -> _End:
    """Check that all ends as if nothing had happened; return how it ends.

    Args:
        prepare: what has happened before.
        batch: the messages during which process dies.
        everything: tells what all has come to.
        finish: what is still to be done after a death and a redelivery.
    """
    with moto_cloud():
        prepare()
        with recorded_calls() as calls:
            assert deliver(*batch) == []
        expected = everything()
    assert calls

    for k in range(1, len(calls) + 1):
        with moto_cloud():
            prepare()
            with pytest.raises(Killed), recorded_calls(die_after=k):
                deliver(*batch)
            assert deliver(*batch) == []
            finish()
            assert everything() == expected, f"died after call {k}: {calls[k - 1]}"
    return expected
