"""Identifiers: how an event names its customer, and the ids Footfall itself hands out."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from footfall.domain.timestamps import to_microseconds

# The rule of the HTML standard for <input type=email>, with a dot or not in the domain.
_EMAIL = re.compile(
    r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
    r"(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*"
)
_MAX_EMAIL_CHARACTERS = 254
RANDOM_BYTES_OF_ID = 10
_DIGITS_OF_RANDOMNESS = 2 * RANDOM_BYTES_OF_ID
_VARIANTS = dict(zip("0123456789abcdef", 4 * "89ab", strict=True))
"""By a random digit, that of a UUID which begins with the bits of RFC 9562, 1 and 0, instead."""


class IdentifierKind(StrEnum):
    """The kinds of identifier, highest priority first (Redo's resolution order).

    An anonymous id names a browser or a device: it comes last, as its user may change.
    """

    ID = "id"
    EMAIL = "email"
    PHONE = "phone"
    ANONYMOUS = "anonymous"


class Identifier(NamedTuple):
    """One normalised way to name a customer: two spellings of the same address are equal."""

    kind: IdentifierKind
    value: str


def given_identifiers(
    by_priority: Iterable[tuple[IdentifierKind, str | None]],
) -> Sequence[Identifier]:
    """Return an identifier for each normalised value that is given; one given twice comes once."""
    found = [Identifier(kind, value) for kind, value in by_priority if value is not None]
    return found if len(found) < 2 else list(dict.fromkeys(found))  # noqa: PLR2004 - as it says


def normalise_email(text: str) -> str | None:
    """Return the address trimmed and lower-cased, or None when it is no e-mail address."""
    address = text.strip().lower()
    if len(address) > _MAX_EMAIL_CHARACTERS or _EMAIL.fullmatch(address) is None:
        return None
    return address


def normalise_phone(text: str) -> str | None:
    """Return the number as E.164 (`+14155550123`), or None when it cannot be one.

    Judged by length and country code only: numbering plans grow faster than libraries, and
    Redo's own example, +1 123 456 7890, lies outside its plan.
    """
    import phonenumbers  # noqa: PLC0415 - the plans of the world, for whoever meets a phone

    try:
        number = phonenumbers.parse(text.strip(), None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def new_event_id(now: datetime, randomness: bytes) -> str:
    """Return a UUID version 7 (RFC 9562): time-ordered to the millisecond, then 74 random bits.

    Args:
        now: the instant of acceptance, UTC.
        randomness: 10 random bytes.
    """
    (event_id,) = new_event_ids(now, randomness)
    return event_id


def new_event_ids(now: datetime, randomness: bytes) -> list[str]:
    """Return as many of these ids as there are times 10 random bytes, in ascending order."""
    milliseconds = f"{to_microseconds(now) // 1000:012x}"
    time = f"{milliseconds[:8]}-{milliseconds[8:]}"
    digits = randomness.hex()
    return sorted(
        f"{time}-7{digits[at + 1 : at + 4]}-{_VARIANTS[digits[at + 4]]}{digits[at + 5 : at + 8]}"
        f"-{digits[at + 8 : at + 20]}"
        for at in range(0, len(digits), _DIGITS_OF_RANDOMNESS)
    )


def customer_id_for(store_id: str, event_id: str) -> str:
    """Return the id of the customer that this event creates: 24 hexadecimal digits.

    A function of the event, so that a redelivery after a crash creates the same customer, and of
    nothing personal, so that the id tells nothing about its bearer.
    """
    return hashlib.sha256(f"{store_id}#{event_id}".encode()).hexdigest()[:24]
