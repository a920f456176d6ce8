"""`footfall cost`: what AWS would charge for a user's own numbers."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated

import typer

from cli.cost.amounts import read_amount, read_share
from cli.cost.measured import Measured, Traffic, read_measured
from cli.cost.monthly import (
    SECONDS_OF_A_MONTH,
    counters_dollars,
    monthly_dollars,
    standing_dollars,
    storage_dollars,
)
from cli.cost.prices import AS_OF, MILLION, REGION, Billed
from cli.cost.usage import Usage, times, together
from cli.screen import print_hint, print_table

_MOST_SEGMENTS = 2_000
_BUSY_REQUESTS_PER_SECOND = 10
_EVENTS_OF_A_BULK = 100
_NONE = Decimal(0)

Cells = tuple[str, str, str]


def cost(  # noqa: PLR0913 - one parameter for each option
    *,
    events: Annotated[
        Decimal,
        typer.Option(
            parser=read_amount, metavar="NUMBER", help="Events per month: 750k, 5M, 1.2B."
        ),
    ],
    bulk: Annotated[bool, typer.Option("--bulk", help="100 events per request, not one.")] = False,
    unique_ids: Annotated[
        bool, typer.Option("--unique-ids", help="Each event has a uniqueId.")
    ] = False,
    segments: Annotated[
        int,
        typer.Option(min=0, max=_MOST_SEGMENTS, help="How many segments ask for each event."),
    ] = 0,
    new_customers: Annotated[
        Decimal | None,
        typer.Option(
            parser=read_share,
            metavar="PERCENT",
            help="How many of the events are the first of their customer.",
            show_default="0%",
        ),
    ] = None,
    transitions: Annotated[
        Decimal | None,
        typer.Option(
            parser=read_share,
            metavar="PERCENT",
            help="How many of the events bring their customer into a segment or out of it.",
            show_default="0%",
        ),
    ] = None,
    stored_events: Annotated[
        bool, typer.Option("--stored-events", help="The bus carries every stored event as well.")
    ] = False,
    busy: Annotated[
        bool | None,
        typer.Option(
            "--busy/--quiet",
            help="Requests come so close together that batches are full; or each is one by itself.",
            show_default=f"quiet below {_BUSY_REQUESTS_PER_SECOND} requests per second",
        ),
    ] = None,
) -> None:
    """Reckon a month's bill of AWS from counted requests and list prices; it needs no account."""
    measured = read_measured()
    per_second = events / (_EVENTS_OF_A_BULK if bulk else 1) / SECONDS_OF_A_MONTH
    traffic = Traffic(
        is_bulk=bulk,
        has_unique_ids=unique_ids,
        segments=segments,
        new_customers=new_customers or _NONE,
        is_quiet=per_second < _BUSY_REQUESTS_PER_SECOND if busy is None else not busy,
    )
    beside = {Billed.BUS_EVENTS: Decimal(1)} if stored_events else {}
    event = together(
        [measured.per_event(traffic), times(measured.entry, transitions or _NONE), beside]
    )
    print_table(("", "per million events", "per month"), _rows(measured, event, events))
    gigabytes, dollars = storage_dollars(events, measured.stored_bytes(traffic))
    print_hint(
        f"The events of a month are {gigabytes:,.2f} GB in the tables, which cost"
        f" {_money(dollars)} in each month from then on."
    )
    print_hint(_assumptions(traffic))


def _rows(measured: Measured, event: Usage, events: Decimal) -> Iterator[Cells]:
    bill = monthly_dollars(times(event, events))
    for service, dollars in bill.items():
        yield service, _money(dollars * MILLION / events), _money(dollars)
    sum_of_events = sum(bill.values(), _NONE)
    yield "Events", _money(sum_of_events * MILLION / events), _money(sum_of_events)
    standing = {**standing_dollars(measured.sweep), "metrics of the functions": counters_dollars()}
    for name, dollars in standing.items():
        yield f"Standing: {name}", "", _money(dollars)
    total = sum_of_events + sum(standing.values(), _NONE)
    yield "Sum", _money(total * MILLION / events), _money(total)


def _assumptions(traffic: Traffic) -> str:
    batches = "each request is handled by itself" if traffic.is_quiet else "batches are full"
    return (
        f"List prices of {REGION} on {AS_OF}, without free tiers. Events below 1 KB; {batches}."
        " Between the measured cases (0, 5 and 50 segments; known and new customers) and beyond"
        " them, the figures follow straight lines. Durations in Lambda are modelled:"
        " docs/performance.md tells how."
    )


def _money(dollars: Decimal) -> str:
    return f"${dollars:,.2f}"
