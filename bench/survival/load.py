"""What the clients of a run say: people of every kind, whose calls may come in any order.

A chain is what one client says one after the other, each call once the one before was accepted.
Everything is drawn from a seed, so that a run can be repeated.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, TypeAlias

from bench.survival.journal import Told, Union
from footfall.aws.batches import runs
from footfall.domain.timestamps import format_timestamp

Json: TypeAlias = Mapping[str, Any]

WINDOW = timedelta(minutes=1)
"""The shortest window of a segment."""

_BULK = 20
_BULKS = 24
_NAMED_BULKS = 6
_SINGLES = 60
_PARALLEL = 0.2
"""The share of the events that somebody else sends as well, at about the same time or not."""

_ORDERS = 5
_ORDER_STATES = ("placed", "paid", "shipped")
_PAIRS = 8
_ANONYMOUS = 6
_STRONG = 25
_BY_ADDRESS = 35
_EITHER = 20
_SECONDS_OF_IMPATIENCE = 0.4
_IMPATIENT = 0.06


class Family(StrEnum):
    """Whose API a call speaks."""

    REDO = "redo"
    TRACK = "track"
    PIPELINES = "pipelines"
    YOTPO = "yotpo"


@dataclass(frozen=True, slots=True)
class Call:
    """One request, with what it tells.

    Attributes:
        idempotency_key: names the request, where its events have no uniqueId.
        patience: after how many seconds the client hangs up at the first attempt; None for long.
    """

    family: Family
    path: str
    document: Json
    told: Sequence[Told] = ()
    union: Union | None = None
    idempotency_key: str | None = None
    patience: float | None = None


@dataclass(frozen=True, slots=True)
class Chain:
    """Calls of one client, in order.

    Attributes:
        begins: after how many seconds of the load.
    """

    begins: float
    calls: Sequence[Call]


def draw_load(seed: int, start: datetime, seconds: float) -> Sequence[Chain]:
    """Return the load of a run, in the order in which its chains begin."""
    drawn = [*_Load(random.Random(seed), start, seconds).chains()]  # noqa: S311 - no secret
    return sorted(drawn, key=lambda chain: chain.begins)


class _Load:
    def __init__(self, chance: random.Random, start: datetime, seconds: float) -> None:
        self._chance = chance
        self._start = start
        self._seconds = seconds
        self._number = 0

    def chains(self) -> Iterator[Chain]:
        events = [self._event() for _ in range(_BULKS * _BULK + _SINGLES)]
        copies = [_copied(*one) for one in events if self._chance.random() < _PARALLEL]
        for bulk in (*runs(events[_SINGLES:], _BULK), *runs(copies, _BULK)):
            yield self._chain(self._bulk(bulk))
        for single in events[:_SINGLES]:
            yield self._chain(self._single(*single))
        for _ in range(_NAMED_BULKS):
            yield self._chain(self._named_bulk())
        for pair in range(_PAIRS):
            yield from self._merging(pair)
        for visitor in range(_ANONYMOUS):
            yield from self._joining(visitor)
        for order in range(_ORDERS):
            yield self._chain(*self._replacing(order))

    def _chain(self, *calls: Call) -> Chain:
        return Chain(self._chance.uniform(0, self._seconds), calls)

    def _single(self, told: Told, event: Json) -> Call:
        return Call(Family.REDO, "/events", event, (told,), patience=self._patience())

    def _bulk(self, events: Sequence[tuple[Told, Json]]) -> Call:
        told = [one for one, _ in events]
        document = {"events": [event for _, event in events]}
        return Call(Family.REDO, "/events/bulk", document, told, patience=self._patience())

    def _named_bulk(self) -> Call:
        """Return a bulk whose events have no uniqueId: the request has a name."""
        key = self._name("request")
        told, events = [], []
        for place in range(_BULK // 2):
            drawn, event = self._event()
            told.append(Told(f"{key}:{place}", drawn.person))
            events.append({name: part for name, part in event.items() if name != "uniqueId"})
        return Call(Family.REDO, "/events/bulk", {"events": events}, told, idempotency_key=key)

    def _merging(self, pair: int) -> Iterator[Chain]:
        """Yield what two did, and that they are one."""
        known, address = f"member-{pair}", f"guest-{pair}@example.com"
        for _ in range(2):
            yield self._chain(self._single(*self._event(known, {"id": known})))
            yield self._chain(self._single(*self._event(address, {"email": address})))
        document = {"primary": {"id": known}, "secondary": {"email": address}}
        union = Union(known, address)
        yield self._chain(Call(Family.TRACK, "/api/v1/merge_customers", document, union=union))

    def _joining(self, visitor: int) -> Iterator[Chain]:
        """Yield what somebody did anonymously, who that was, and what they did then."""
        person, browser = f"user-{visitor}", f"browser-{visitor}"
        for names in ({"anonymousId": browser}, {"userId": person}):
            for _ in range(2):
                token = self._name("call")
                call = {"event": "Browsed", "messageId": token, "properties": {"Page": 1}}
                yield self._chain(
                    Call(Family.PIPELINES, "/v1/track", {**call, **names}, (Told(token, person),))
                )
        token = self._name("call")
        identity: Json = {
            "userId": person,
            "anonymousId": browser,
            "messageId": token,
            "traits": {"Tier": "silver"},
        }
        yield self._chain(Call(Family.PIPELINES, "/v1/identify", identity, (Told(token, person),)))

    def _replacing(self, order: int) -> Iterator[Call]:
        """Yield the states of an order, each of which replaces the one before."""
        person = f"buyer-{order}@example.com"
        token = self._name("order")
        occurred_at = self._long_ago()
        for state in _ORDER_STATES:
            document = {
                "id": token,
                "type": "order_changed",
                "occurred_at": occurred_at,
                "customer": {"email": person},
                "properties": {"State": state, "value": order + 1},
            }
            yield Call(Family.YOTPO, "/custom_events", document, (Told(token, person, state),))

    def _event(self, person: str = "", customer: Json | None = None) -> tuple[Told, Json]:
        """Return an event of anybody, or of this person."""
        if customer is None:
            person, customer = self._somebody()
        token = self._name("event")
        event: dict[str, Any] = {
            "eventName": "Visited",
            "customer": {**customer, **self._said()},
            "uniqueId": token,
            "data": {"Number": self._number},
        }
        match self._chance.randrange(10):
            case 0 | 1 | 2:
                event |= {"eventName": "Bought", "eventTimestamp": self._long_ago(), **self._paid()}
            case 3 | 4 | 5:
                event |= {"eventTimestamp": self._within_window()}
            case 6 | 7 | 8:
                at = self._within_window()
                event |= {"eventName": "Paid", "eventTimestamp": at, **self._paid()}
            case _:
                event |= {"eventName": "Flown", "eventTimestamp": self._ahead()}
        return Told(token, person), event

    def _somebody(self) -> tuple[str, Json]:
        """Return a person, and how an event names them; in any order that is one customer."""
        number = self._chance.randrange(_STRONG + _BY_ADDRESS + _EITHER)
        address = f"person-{number}@example.com"
        phone = {"phoneNumber": f"+4915123450{number:03}"}
        if number < _STRONG:
            known = f"person-{number}"
            more = [{}, {"email": address}, phone, {"email": address, **phone}]
            return known, {"id": known, **self._chance.choice(more)}
        if number < _STRONG + _BY_ADDRESS:
            return address, {"email": address}
        more = [{}, {"id": f"person-{number}"}, phone]
        return address, {"email": address, **self._chance.choice(more)}

    def _said(self) -> Json:
        """Return what an event says about its customer, if it does."""
        if self._chance.random() < 0.7:  # noqa: PLR2004 - most say nothing
            return {}
        tier = self._chance.choice(["gold", "silver"])
        return {"firstName": self._name("Jane"), "customFields": {"Tier": tier}}

    def _paid(self) -> Json:
        return {"value": self._chance.randrange(1, 10_000) / 100, "valueCurrency": "USD"}

    def _within_window(self) -> str:
        """Return a time whose minute ends during the run, or soon after it."""
        ends_after = self._chance.uniform(5, self._seconds + 15)
        return self._at(timedelta(seconds=ends_after) - WINDOW)

    def _ahead(self) -> str:
        return self._at(timedelta(seconds=self._chance.uniform(5, self._seconds + 10)))

    def _long_ago(self) -> str:
        return self._at(-timedelta(days=self._chance.uniform(1, 300)))

    def _at(self, later: timedelta) -> str:
        return format_timestamp(self._start + later)

    def _name(self, kind: str) -> str:
        self._number += 1
        return f"{kind}-{self._number}"

    def _patience(self) -> float | None:
        return _SECONDS_OF_IMPATIENCE if self._chance.random() < _IMPATIENT else None


def _copied(told: Told, event: Json) -> tuple[Told, Json]:
    """Return the same event once more; which of the two came first can be seen."""
    return told, {**event, "data": {**event["data"], "Copy": True}}
