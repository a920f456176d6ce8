"""The purchases of the sample: read from the fixed columns of the file, written as CSV."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

EVENT_NAME = "purchase_completed"
CURRENCY = "USD"
_FILE = Path(__file__).with_name("cdnow_sample.txt")
_HEADINGS = ("uniqueId", "customer.id", "eventTimestamp", "data.cds:number", "value")


@dataclass(frozen=True, slots=True)
class Purchase:
    """One purchase.

    Attributes:
        row: its row in the file, from 1, which makes it unique: several of one day can be equal.
        customer: the id within the sample, such as `0001`.
        at: its date at midnight UTC, in RFC 3339.
    """

    row: int
    customer: str
    at: str
    cds: int
    dollars: Decimal


def read_purchases() -> Iterator[Purchase]:
    """Yield the purchases of the file."""
    with _FILE.open() as file:
        for row, line in enumerate(file, start=1):
            _, customer, day, cds, dollars = line.split()
            at = f"{day[:4]}-{day[4:6]}-{day[6:]}T00:00:00Z"
            yield Purchase(row, customer, at, int(cds), Decimal(dollars))


def write_csv(purchases: Iterable[Purchase], path: Path) -> None:
    """Write the purchases under headings that name the parts of an event."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_HEADINGS)
        writer.writerows((one.row, one.customer, one.at, one.cds, one.dollars) for one in purchases)
