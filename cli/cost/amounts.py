"""Numbers as people write them on a command line: 5M events, 5% of them."""

import re
from decimal import Decimal

import typer

_FACTORS = {"": 1, "K": 1_000, "M": 1_000_000, "B": 1_000_000_000}
_AMOUNT = re.compile(r"(\d[\d,_]*(?:\.\d+)?) ?([KMB]?)", re.IGNORECASE | re.ASCII)
_SHARE = re.compile(r"(\d+(?:\.\d+)?) ?%", re.ASCII)
_WHOLE = 100


def read_amount(text: str) -> Decimal:
    """Return the number of `750000`, `750k`, `1.5M` or `2B`.

    Raises:
        typer.BadParameter: when it is none, or not above 0.
    """
    found = _AMOUNT.fullmatch(text.strip())
    if found is None:
        raise typer.BadParameter(f"{text!r} is no number such as 750k, 5M or 1.2B.")
    amount = Decimal(re.sub("[,_]", "", found[1])) * _FACTORS[found[2].upper()]
    if not amount:
        raise typer.BadParameter("There is nothing to pay for 0 events.")
    return amount


def read_share(text: str) -> Decimal:
    """Return the share that a percentage says, from 0 to 1.

    Raises:
        typer.BadParameter: when it is none.
    """
    found = _SHARE.fullmatch(text.strip())
    share = Decimal(found[1]) / _WHOLE if found else None
    if share is None or share > 1:
        raise typer.BadParameter(f"{text!r} is no percentage from 0% to 100%.")
    return share
