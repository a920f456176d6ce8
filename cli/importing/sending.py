"""Rows in, bulk requests out, a few at a time; and what became of every row, in order."""

import asyncio
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import cast

import httpx

from cli.api import ApiError, StoreApi, read_object, read_problem
from cli.importing.rejects import Rejection
from cli.importing.rows import Row
from footfall.domain.limits import MAX_BODY_BYTES, MAX_BULK_EVENTS
from footfall.domain.values import JsonObject, JsonValue

MAX_IN_FLIGHT = 4
_FRAME = '{{"events":[{}]}}'
_FRAME_BYTES = len(_FRAME)
_POINTER = re.compile(r"/events/(?P<index>\d+)(?P<place>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of consecutive rows."""

    rows: Sequence[Row]
    rejections: Sequence[Rejection]

    @property
    def accepted(self) -> int:
        """How many of the rows are in the store now."""
        return len(self.rows) - len(self.rejections)


def batch_rows(rows: Iterable[Row]) -> Iterator[Sequence[Row]]:
    """Yield the rows in groups that each fit into one bulk request."""
    batch: list[Row] = []
    size = _FRAME_BYTES
    for row in rows:
        row_size = len(row.text.encode()) + 1
        if batch and (len(batch) == MAX_BULK_EVENTS or size + row_size > MAX_BODY_BYTES):
            yield batch
            batch, size = [], _FRAME_BYTES
        batch.append(row)
        size += row_size
    if batch:
        yield batch


async def send_rows(rows: Iterable[Row], api: StoreApi, settle: Callable[[Outcome], None]) -> None:
    """Send every row, and settle the outcomes in the order of the file.

    Raises:
        ApiError: when the API cannot be used any more; what was settled before stays settled.
    """
    in_flight: deque[asyncio.Task[Outcome]] = deque()
    try:
        for batch in batch_rows(rows):
            if len(in_flight) == MAX_IN_FLIGHT:
                settle(await in_flight[0])
                in_flight.popleft()
            in_flight.append(asyncio.create_task(_send_batch(batch, api)))
        while in_flight:
            settle(await in_flight[0])
            in_flight.popleft()
    finally:
        for task in in_flight:
            task.cancel()
        await asyncio.gather(*in_flight, return_exceptions=True)


async def _send_batch(batch: Sequence[Row], api: StoreApi) -> Outcome:
    unreadable = [Rejection(row, row.faults) for row in batch if row.faults]
    refused = await _send_events([row for row in batch if not row.faults], api)
    by_number = sorted([*unreadable, *refused], key=lambda rejection: rejection.row.number)
    return Outcome(batch, by_number)


async def _send_events(rows: Sequence[Row], api: StoreApi) -> Sequence[Rejection]:
    if not rows:
        return []
    response = await api.request(
        "POST",
        "/events/bulk",
        headers={"Prefer": "return=representation"},
        content=_FRAME.format(",".join(row.text for row in rows)),
    )
    match response.status_code:
        case HTTPStatus.ACCEPTED:
            return _rejected_events(rows, read_object(response))
        case HTTPStatus.BAD_REQUEST | HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            return await _refused_events(rows, response, api)
    raise ApiError(f"The API does not take events: {read_problem(response)}")


def _rejected_events(rows: Sequence[Row], answer: JsonObject) -> Sequence[Rejection]:
    events = cast("Sequence[JsonObject]", answer["events"])
    return [
        Rejection(row, _reasons(event["errors"]))
        for row, event in zip(rows, events, strict=True)
        if event["status"] == "rejected"
    ]


async def _refused_events(
    rows: Sequence[Row], response: httpx.Response, api: StoreApi
) -> Sequence[Rejection]:
    """Return each row's own faults; where the answer does not name every row, ask in halves."""
    faults: dict[int, list[JsonObject]] = {}
    errors = cast("Sequence[JsonObject]", read_object(response).get("errors", []))
    for error in errors:
        if match := _POINTER.fullmatch(str(error["pointer"])):
            faults.setdefault(int(match["index"]), []).append(error)
    if len(faults) == len(rows):
        return [Rejection(row, _reasons(faults[index])) for index, row in enumerate(rows)]
    if len(rows) == 1:
        return [Rejection(rows[0], _reasons(errors) or [read_problem(response)])]
    half = len(rows) // 2
    return [*await _send_events(rows[:half], api), *await _send_events(rows[half:], api)]


def _reasons(errors: JsonValue) -> Sequence[str]:
    """Return the faults in words, each with its place in the event."""
    return [
        f"{_POINTER.sub(_place, str(error['pointer']))}: {error['detail']}".removeprefix(": ")
        for error in cast("Sequence[JsonObject]", errors)
    ]


def _place(match: re.Match[str]) -> str:
    return match["place"]
