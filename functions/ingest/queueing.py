"""Hands what was accepted to the queue, and counts what was not."""

from collections.abc import Sequence

from footfall.aws.queue import send_envelope
from footfall.domain.envelope import to_envelope
from footfall.domain.instructions import Instruction
from footfall.observability import count


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
