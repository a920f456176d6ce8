"""The CDNOW sample becomes the events that its README promises."""

from collections import Counter
from decimal import Decimal
from pathlib import Path

from cli.importing.reading import read_rows
from cli.importing.source import Source
from examples.cdnow.purchases import CURRENCY, EVENT_NAME, read_purchases, write_csv
from footfall.domain.strict_json import parse_json


def test_the_sample_is_complete() -> None:
    purchases = list(read_purchases())
    assert len(purchases) == 6919
    assert len({purchase.customer for purchase in purchases}) == 2357
    assert sum(purchase.dollars for purchase in purchases) == Decimal("244091.94")
    days = Counter((purchase.customer, purchase.at) for purchase in purchases)
    assert max(days.values()) > 1  # so that only the row's number tells them apart


def test_every_row_becomes_an_event_of_the_api(tmp_path: Path) -> None:
    path = tmp_path / "purchases.csv"
    write_csv(read_purchases(), path)
    events = [parse_json(row.text) for row in read_rows(Source(path, EVENT_NAME, CURRENCY))]
    assert events[0] == {
        "eventName": "purchase_completed",
        "customer": {"id": "0001"},
        "eventTimestamp": "1997-01-01T00:00:00Z",
        "value": Decimal("29.33"),
        "valueCurrency": "USD",
        "uniqueId": "1",
        "data": {"cds": 2},
    }
    assert len(events) == 6919
