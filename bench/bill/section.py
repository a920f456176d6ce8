"""The page's part about the bill."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from bench import plots
from bench.bill.cases import SEGMENTS
from bench.bill.durations import MEMORY, MILLISECONDS_OF_A_CALL
from bench.bill.floors import floor_of, of_uniflow, with_a_transaction, with_powertools
from bench.markdown import table
from bench.results import Results
from cli.cost.measured import AUTHORIZATIONS, Measured
from cli.cost.prices import AS_OF, MILLION, REGION
from cli.cost.usage import Usage, dollars_by_service, dollars_of, times

TARGETS: Mapping[bool, Decimal] = {False: Decimal("1.00"), True: Decimal("1.65")}
"""Dollars per million events of bulks that five segments ask for, without and with `uniqueId`."""

TIMES_THE_FLOOR = Decimal("1.3")
"""The most that a bulk of events of known customers may cost."""

_HISTORY = Path(__file__).parent / "history.md"
_UNIFLOW_FIXED = (33, 62)
_MONTHS = (1, 5, 50)

_INTRODUCTION = f"""## What an event costs

AWS bills requests and units, and these do not depend on the machine: they are counted from the real
requests of the real functions, and priced with the list prices of {REGION} on {AS_OF}, without free
tiers (`cli/cost/prices.py`). Events are purchases of about 350 bytes. A bulk is 100 events of 10
known customers, the next one of 10 others; or each event is the first of a new customer. All
segments ask for every event, three in five with evidence to be kept in a window or by amount;
where none does, there are five that ask for other events.

*Busy*: batches are as large as the stack lets them be (5 messages, 250 changes for segments).
*Quiet*: each request is a batch by itself all the way.

`footfall cost --events 5M --bulk --segments 20` reckons with these counts for your own numbers."""

_MODEL = f"""### What is counted, and what is assumed

- **Counted**: requests to the gateway and to SQS (64 KB each; all at the price of a queue with
  message groups), write and read units by table with their global indexes, invocations, entries on
  the bus, objects, log lines with 26 bytes around each, answers with 400 bytes of headers. Reading
  streams is free for Lambda. `SystemLogLevel` is WARN, so there are no START and END lines.
- **Modelled**: GB-seconds. Each function's memory is that of the stack
  ({", ".join(f"{name} {memory:,} MB" for name, memory in MEMORY.items())}); an invocation lasts its
  CPU time on this machine, stretched to its share of a vCPU (1,769 MB are one), and
  {MILLISECONDS_OF_A_CALL} ms for each call of AWS, one after another. No cold starts.
- **Assumed**: the gateway asks for a key in {AUTHORIZATIONS["busy"]:.0%} of the requests when busy
  and in {AUTHORIZATIONS["quiet"]:.0%} when quiet: it remembers the answer for a minute.
- **Floor**: the requests of the gateway and of the queue, and one write unit for each event, for
  each `uniqueId`, for the identifier, the profile and the index entry of a new customer, and for
  each state of a customer that segments ask about, however many they are. Nothing else."""

Case = Mapping[str, Any]


def section(results: Results) -> str:
    """Return the part: targets, all cases, the tables behind one, others, and the model."""
    bill = Measured(results)
    cases: Sequence[Case] = results["cases"]
    parts = (
        _INTRODUCTION,
        _targets(bill, cases),
        _plot(bill, cases),
        _all_cases(bill, cases),
        _units(cases),
        _others(bill, cases, results["powertools"]["calls"]),
        _MODEL,
        _HISTORY.read_text(encoding="utf-8").strip(),
    )
    return "\n\n".join(parts)


def _targets(bill: Measured, cases: Sequence[Case]) -> str:
    rows = []
    known, new = (_chosen(cases, sent="bulk", customers=one) for one in ("known", "new"))
    for case in (*known, *new):
        dollars, floor = _of_a_million(bill.of_case(case)), _of_a_million(floor_of(case))
        has_target = case["customers"] == "known" and case["segments"] == SEGMENTS[1]
        target = TARGETS[case["uniqueIds"]] if has_target else None
        is_met = dollars <= TIMES_THE_FLOOR * floor and (target is None or dollars <= target)
        rows.append(
            (
                _name(case),
                _money(dollars),
                _money(target) if target else "",
                _money(floor),
                f"{dollars / floor:.2f}",
                "yes" if is_met else "no",
            )
        )
    times = f"of the floor, at most {TIMES_THE_FLOOR}"
    heads = ("bulks of 100", "$ per million", "at most", "floor", times, "met")
    return table(heads, rows)


def _plot(bill: Measured, cases: Sequence[Case]) -> str:
    chosen = [
        *_chosen(cases, segments=SEGMENTS[1], batches="busy", customers="known"),
        *_chosen(cases, segments=SEGMENTS[-1], batches="busy", customers="known"),
        *_chosen(cases, segments=SEGMENTS[1], batches="busy", customers="new", sent="bulk"),
    ]
    values = {
        _label(case): {
            service.value: float(dollars)
            for service, dollars in dollars_by_service(
                times(bill.of_case(case), Decimal(MILLION))
            ).items()
        }
        for case in chosen
    }
    title = "A million events of known or new customers, busy, by line of the bill"
    return plots.bars("bill", title, values, unit="dollars")


def _all_cases(bill: Measured, cases: Sequence[Case]) -> str:
    rows = []
    for busy in _chosen(cases, batches="busy"):
        quiet = next(
            one
            for one in _chosen(cases, batches="quiet")
            if all(one[key] == busy[key] for key in ("sent", "uniqueIds", "customers", "segments"))
        )
        parts = dollars_by_service(times(bill.of_case(busy), Decimal(MILLION)))
        dollars, floor = sum(parts.values(), Decimal(0)), _of_a_million(floor_of(busy))
        rows.append(
            (
                f"{busy['sent']}, {_case_name(busy)}",
                *map(_money, parts.values()),
                f"**{_money(dollars)}**",
                f"{dollars / floor:.2f}",
                _money(_of_a_million(bill.of_case(quiet))),
            )
        )
    services = dollars_by_service(bill.of_case(cases[0]))
    heads = ("$ per million events, busy", *services, "sum", "of the floor", "quiet")
    return f"### All cases\n\n{table(heads, rows)}"


def _units(cases: Sequence[Case]) -> str:
    """Show the tables behind the case of the target."""
    parts = []
    for batches in ("busy", "quiet"):
        (case,) = _chosen(
            cases,
            sent="bulk",
            uniqueIds=True,
            customers="known",
            segments=SEGMENTS[1],
            batches=batches,
        )
        names = sorted({*case["writeUnits"], *case["readUnits"]})
        rows = [
            (name, *(f"{case[kind].get(name, 0):.3f}" for kind in ("writeUnits", "readUnits")))
            for name in names
        ]
        calls = ", ".join(f"{name} {number:.3f}" for name, number in case["calls"].items())
        heads = (f"{batches}, per event", "write units", "read units")
        parts.append(f"{table(heads, rows)}\n\nCalls of AWS per event: {calls}.")
    head = "### Units by table: bulks of known customers, `uniqueId`, five segments"
    return "\n\n".join([head, *parts])


def _others(bill: Measured, cases: Sequence[Case], calls: Mapping[str, int]) -> str:
    sent: dict[str, Any] = {"sent": "bulk", "customers": "known", "segments": SEGMENTS[1]}
    (plain,) = _chosen(cases, batches="busy", uniqueIds=False, **sent)
    (unique,) = _chosen(cases, batches="busy", uniqueIds=True, **sent)
    usages: Mapping[str, Usage] = {
        "floor, no `uniqueId`": floor_of(plain),
        "Footfall, no `uniqueId`": bill.of_case(plain),
        "floor, `uniqueId`": floor_of(unique),
        "Footfall, `uniqueId`": bill.of_case(unique),
        "the same with a transaction per event": with_a_transaction(bill.of_case(unique)),
        "the same with Powertools Idempotency": with_powertools(bill.of_case(plain), calls),
        "Uniflow's requests": of_uniflow(unique),
    }
    fixed = dict.fromkeys(usages, (0, 0)) | {"Uniflow's requests": _UNIFLOW_FIXED}
    rows = [
        (name, _money(_of_a_million(usage)), *_over_months(usage, *fixed[name]))
        for name, usage in usages.items()
    ]
    heads = (
        "bulks of 100, five segments, busy",
        "$ per million",
        *(f"{months}M a month, all in" for months in _MONTHS),
    )
    bars = {
        name.replace("`", ""): {
            service.value: float(one)
            for service, one in dollars_by_service(times(usage, Decimal(MILLION))).items()
        }
        for name, usage in usages.items()
    }
    image = plots.bars("bill_others", "Others, for a million events", bars, unit="dollars")
    made = " and ".join(f"{number} {name}" for name, number in calls.items())
    return f"""### Beside the floor and others

{table(heads, rows)}

{image}

A transaction writes event and marker at two units each; a failed one costs as much. Powertools
makes {made} around each event, counted here, and forgets after an hour by default. Uniflow, the
closest serverless peer, puts each event into Kinesis, writes two items and sends one message, all
one by one and without deduplication. What its Lambda functions, reads and logs cost is left out
here; what its shards and hourly jobs cost in a month ({_UNIFLOW_FIXED[0]} to {_UNIFLOW_FIXED[1]}
dollars) is in the last columns only."""


def _over_months(usage: Usage, least: int, most: int) -> Iterator[str]:
    for millions in _MONTHS:
        dollars = _of_a_million(usage) * millions
        low, high = _money(dollars + least), _money(dollars + most)
        yield low if low == high else f"{low} to {high}"


def _chosen(cases: Sequence[Case], **wanted: Any) -> Sequence[Case]:  # noqa: ANN401 - as in JSON
    return [case for case in cases if wanted.items() <= case.items()]


def _name(case: Case) -> str:
    return f"{_case_name(case)}, {case['batches']}"


def _label(case: Case) -> str:
    """Return a name of the case that is short enough for a plot."""
    unique = ", uniqueId" if case["uniqueIds"] else ""
    return f"{case['sent']}, {case['customers']}{unique}, {case['segments']} segments"


def _case_name(case: Case) -> str:
    unique = "`uniqueId`" if case["uniqueIds"] else "no `uniqueId`"
    return f"{case['customers']} customers, {unique}, {case['segments']} segments"


def _of_a_million(usage: Usage) -> Decimal:
    return dollars_of(usage) * MILLION


def _money(dollars: Decimal) -> str:
    return f"${dollars:,.2f}"
