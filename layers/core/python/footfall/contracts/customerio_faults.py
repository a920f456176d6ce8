"""What is wrong with a call of Customer.io's Track API, as its two versions say it.

Version 1 has a message alone, version 2 a reason and a field beside it.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NoReturn

from footfall.domain.faults import Fault, FaultyDocumentError


class Reason(StrEnum):
    """Why version 2 refuses an operation. Customer.io documents `required` by an example."""

    REQUIRED = "required"
    INVALID = "invalid"
    FORBIDDEN = "forbidden"
    NOT_OFFERED = "not_offered"


@dataclass(frozen=True, slots=True)
class Complaint(Fault):
    """A fault with its reason; a fault without is `invalid`."""

    reason: Reason = Reason.INVALID


def reason_of(fault: Fault) -> Reason:
    """Return why the operation with this fault is refused."""
    return fault.reason if isinstance(fault, Complaint) else Reason.INVALID


def refuse(pointer: str, detail: str, reason: Reason = Reason.INVALID) -> NoReturn:
    """Refuse a call for one fault.

    Raises:
        FaultyDocumentError: always.
    """
    raise FaultyDocumentError([Complaint(pointer, detail, reason)])


def as_clause(detail: str) -> str:
    """Return the sentence as part of another: Customer.io's have neither capital nor full stop."""
    return detail[:1].lower() + detail[1:].removesuffix(".")
