"""The engine at its edges, one life each: what a random life meets too seldom."""

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from footfall.domain.customers import Customer, FieldValue
from footfall.domain.events import Event
from footfall.domain.identifiers import new_event_id
from footfall.domain.timestamps import to_microseconds
from footfall.segments.conditions import Condition
from footfall.segments.deciding import Decision, decide
from footfall.segments.news import Arrival, News
from footfall.segments.outset import outset
from footfall.segments.reading import read_definition
from footfall.segments.segment import Segment
from footfall.segments.state import UNDECIDED
from footfall.segments.store_segments import StoreSegments
from footfall.segments.transitions import Cause
from tests.segments.naive import Document

NOON = datetime(2026, 4, 2, 12, tzinfo=UTC)
LONG_AGO = NOON - timedelta(days=400)
MINUTE = timedelta(minutes=1)


class Life:
    """One customer, decided at the instants that a test names.

    Attributes:
        events: what is on the timeline.
        readings: how often the timeline was read.
    """

    def __init__(self, stored_at: datetime = LONG_AGO, **definitions: Document) -> None:
        self.events: list[Event] = []
        self.readings = 0
        self.profile: dict[str, FieldValue] = {}
        self._ids = 0
        self._state = UNDECIDED
        self.define(stored_at, **definitions)

    def define(self, stored_at: datetime = LONG_AGO, **definitions: Document) -> None:
        """Let these be the store's segments."""
        nodes = {name: read_definition(document) for name, document in definitions.items()}
        self._store = StoreSegments(
            len(nodes),
            [
                Segment(name, name, number, number, node, outset(name, node, nodes), _us(stored_at))
                for number, (name, node) in enumerate(nodes.items(), start=1)
            ],
        )

    def happens(
        self, name: str, at: datetime, value: int = 0, received: datetime | None = None
    ) -> Event:
        """Put an event on the timeline, and return it."""
        self._ids += 1
        event = Event(
            event_id=new_event_id(received or at, self._ids.to_bytes(10)),
            store_id="store",
            event_name=name,
            event_timestamp=at,
            received_at=received or at,
            source="redo",
            identifiers=(),
            value=Decimal(value),
        )
        self.events.append(event)
        return event

    def decided(self, now: datetime, *arrivals: Arrival, fields: Iterable[str] = ()) -> Decision:
        """Decide, and keep the state if it is new."""
        decision = decide(
            self._store,
            Customer("store", "customer", NOON - timedelta(days=300), self.profile),
            self._state,
            news=News(arrivals, list(fields)),
            now=_us(now),
            timeline=self._timeline,
        )
        if decision.is_new:
            self._state = decision.state
        return decision

    @property
    def members(self) -> set[str]:
        """Return the segments that the customer is in."""
        return {
            one.segment_id for one in self._store.segments.values() if self._state.is_member(one)
        }

    def _timeline(self, conditions: Collection[Condition], start: int | None) -> Iterable[Event]:
        self.readings += 1
        return [
            event
            for event in sorted(self.events, key=lambda one: (one.event_timestamp, one.event_id))
            if (start is None or _us(event.event_timestamp) >= start)
            and any(condition.names(event.event_name) for condition in conditions)
        ]


def _us(instant: datetime) -> int:
    return to_microseconds(instant)


def paid(**comparison: int) -> Mapping[str, object]:
    return {"event": "paid", "sum": {"of": "value", **comparison}}


def paid_lately(**comparison: int) -> Mapping[str, object]:
    return {**paid(**comparison), "within": {"last": "2h"}}


def test_one_is_not_true_though_python_says_so() -> None:
    life = Life(
        number={"attribute": "customFields.x", "op": "eq", "value": 1},
        flag={"attribute": "customFields.x", "op": "eq", "value": True},
    )
    life.profile = {"customFields.x": FieldValue(True, NOON, "x")}  # noqa: FBT003  # the value
    life.decided(NOON)
    assert life.members == {"flag"}


def test_a_profile_that_changes_tells_nothing_of_the_time_before() -> None:
    life = Life(visited={"attribute": "customFields.visit", "op": "within_last", "value": "2d"})
    life.decided(NOON - timedelta(days=30))
    for days, told in ((5, []), (1, [(True, NOON, Cause.PROFILE)])):
        visit = (NOON - timedelta(days=days)).isoformat()
        life.profile = {"customFields.visit": FieldValue(visit, NOON, "x")}
        decided = life.decided(NOON, fields=life.profile).decided
        assert [(one.entered, one.effective_at, one.cause) for one in decided.transitions] == [
            (entered, _us(instant), cause) for entered, instant, cause in told
        ]


def test_a_late_event_is_effective_when_it_happened_beside_a_sum() -> None:
    life = Life(both={"all": [paid(gte=50), {"event": "seen", "count": {"gte": 2}}]})
    life.happens("seen", NOON - timedelta(hours=5))
    life.happens("paid", NOON - timedelta(hours=4), 60)
    life.decided(NOON)
    late = life.happens("seen", NOON - timedelta(hours=1), received=NOON)
    (entry,) = life.decided(NOON + MINUTE, Arrival(5, late)).decided.transitions
    assert entry.effective_at == _us(NOON - timedelta(hours=1))


def test_no_definition_is_effective_before_it_was_stored_whatever_the_clock_says() -> None:
    life = Life(stored_at=NOON + timedelta(milliseconds=50), seen={"event": "seen"})
    life.happens("seen", NOON - timedelta(days=5))
    (entry,) = life.decided(NOON).decided.transitions
    assert entry.effective_at >= _us(NOON)


def test_amounts_that_cancel_each_other_are_not_half_added_again() -> None:
    life = Life(spent=paid(gte=50))
    life.happens("paid", NOON, 50)
    life.decided(NOON)
    now = NOON + MINUTE
    plus = life.happens("paid", NOON - MINUTE, 5, received=now)
    minus = life.happens("paid", NOON - MINUTE, -5, received=now)
    life.decided(now, Arrival(10, plus), Arrival(11, minus))
    life.decided(now, Arrival(11, minus))
    assert life.members == {"spent"}


def test_a_record_of_another_shard_that_comes_late_counts() -> None:
    life = Life(two={"event": "seen", "count": {"gte": 2}})
    life.decided(NOON)
    first, second = life.happens("seen", NOON), life.happens("seen", NOON)
    life.decided(NOON + MINUTE, Arrival(10, first))
    life.decided(NOON + MINUTE, Arrival(5, second))
    assert life.members == {"two"}


def test_an_event_that_was_read_long_after_it_was_accepted_is_not_added_again() -> None:
    life = Life(spent=paid(gte=100))
    event = life.happens("paid", NOON - 20 * MINUTE, 60)
    life.decided(NOON)
    life.decided(NOON + MINUTE, Arrival(10, event))
    assert life.members == set()


def test_a_doubled_record_costs_no_reading() -> None:
    life = Life(spent=paid(gte=100))
    life.decided(NOON)
    event = life.happens("paid", NOON, 60)
    life.readings = 0
    life.decided(NOON, Arrival(3, event), Arrival(3, event))
    assert (life.readings, life.members) == (0, set())


def test_what_was_read_for_one_sum_was_read_for_all() -> None:
    life = Life(spent=paid(gte=100))
    life.decided(NOON)
    life.define(spent=paid(gte=100), more=paid(gte=99))
    event = life.happens("paid", NOON, 100)
    life.decided(NOON + MINUTE)
    life.decided(NOON + MINUTE, Arrival(10, event))
    assert life.members == {"spent", "more"}


def test_a_refill_that_comes_late_tells_the_instant_of_the_exit() -> None:
    life = Life(spent=paid_lately(gte=21))
    pay_each_minute(life, 30)
    (exit_,) = life.decided(NOON + 132 * MINUTE).decided.transitions
    assert (exit_.entered, exit_.effective_at) == (False, _us(NOON + 129 * MINUTE))


def test_every_future_amount_counts_when_its_time_comes() -> None:
    life = Life(spent=paid(gte=12))
    life.decided(NOON)
    for number in range(1, 13):
        life.decided(NOON, Arrival(number, life.happens("paid", NOON + number * MINUTE, 1, NOON)))
    for number in range(1, 13):
        life.decided(NOON + number * MINUTE)
    assert life.members == {"spent"}


def test_an_event_that_was_listed_is_not_added_after_the_list_was_given_up() -> None:
    life = Life(spent=paid(gte=100))
    event = life.happens("paid", NOON, 60)
    life.decided(NOON)
    life.decided(NOON + 80 * MINUTE, Arrival(7, life.happens("paid", NOON + 80 * MINUTE, 1)))
    life.decided(NOON + 81 * MINUTE, Arrival(8, event))
    assert life.members == set()


def test_of_too_many_events_to_list_the_newest_are_listed() -> None:
    life = Life(spent=paid(gte=301))
    for _ in range(300):
        life.happens("paid", NOON, 1)
    life.decided(NOON)
    life.readings = 0
    life.decided(NOON + MINUTE, Arrival(300, life.events[-1]))
    assert (life.readings, life.members) == (0, set())


def test_an_event_that_a_refill_has_read_is_not_added_again() -> None:
    for received, payments, enough, members in (
        (30, 30, 1_000, set[str]()),
        (31, 30, 15, {"spent"}),
        (128, 30, 15, {"spent"}),
        (31, 12, 1_000, set[str]()),
    ):
        life = Life(spent=paid_lately(gte=enough))
        pay_each_minute(life, payments)
        late = life.happens("paid", NOON + 9.5 * MINUTE, 600, NOON + received * MINUTE)
        life.decided(NOON + 128.5 * MINUTE)  # the head has left: it is refilled
        life.decided(NOON + 128.7 * MINUTE, Arrival(50, late))
        if members:
            life.decided(NOON + 130 * MINUTE)
        assert life.members == members


def pay_each_minute(life: Life, payments: int) -> None:
    for number in range(payments):
        now = NOON + number * MINUTE
        life.decided(now, Arrival(number + 1, life.happens("paid", now, 1)))
