"""Hands what was accepted to the queue, and counts what was not."""

from collections.abc import Sequence

from footfall.aws.queue import send_envelope
from footfall.domain.envelope import to_envelope
from footfall.domain.instructions import Instruction
from footfall.observability import count

_MAX_INSTRUCTIONS_OF_MESSAGE = 500
"""So that one delivery has the time to process all of them; SDKs send a hundred calls at most."""


def queue_each(accepted: Sequence[Instruction], *, rejected: int = 0) -> None:
    """Queue what a batch of independent calls tells; more than a message takes travels in parts.

    Raises:
        TransientError: as `queue_accepted`; some of the parts may be there.
    """
    for start in range(0, len(accepted), _MAX_INSTRUCTIONS_OF_MESSAGE):
        queue_accepted(accepted[start : start + _MAX_INSTRUCTIONS_OF_MESSAGE])
    if rejected:
        queue_accepted([], rejected=rejected)


def queue_accepted(accepted: Sequence[Instruction], *, rejected: int = 0) -> None:
    """Queue what one request tells as one message; all of it is durable when this returns.

    Args:
        rejected: how many elements of the request are refused.

    Raises:
        TransientError: when the queue has not confirmed the message; it may be there all the same.
    """
    if accepted:
        send_envelope(to_envelope(accepted))
    count("ingest", {"EventsAccepted": len(accepted), "EventsRejected": rejected})
