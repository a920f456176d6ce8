"""A state packed into its item comes back as it was, and a typical one takes one write unit."""

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from hypothesis import given
from hypothesis import strategies as st

from footfall.aws.segment_states import from_state_item, to_state_item
from footfall.domain.identifiers import new_event_id
from footfall.domain.timestamps import to_microseconds
from footfall.segments.conditions import condition_of
from footfall.segments.counting import CountEvidence
from footfall.segments.deciding import Decision
from footfall.segments.happening import event_number
from footfall.segments.packing import (
    pack_count,
    pack_ids,
    pack_sum,
    unpack_count,
    unpack_ids,
    unpack_sum,
)
from footfall.segments.reading import read_definition
from footfall.segments.readings import Reading
from footfall.segments.state import State
from footfall.segments.summing import SumEvidence
from footfall.segments.transitions import Cause, Decided, Transition
from tests.aws_calls import item_bytes
from tests.builders import NOON, STORE
from tests.segment_cloud import happened

if TYPE_CHECKING:
    from footfall.segments.definitions import Behaviour

JANE = "5f0c1d2e3a4b5c6d7e8f9a0b"
NOW = to_microseconds(NOON)

instants = st.integers(min_value=0, max_value=253_402_300_799_999_999)
ids = st.integers(min_value=0, max_value=(1 << 128) - 1)
amounts = st.decimals(allow_nan=False, allow_infinity=False, places=None).filter(
    lambda number: abs(number.adjusted()) <= 130
)
moments = st.lists(st.tuples(instants, ids), max_size=12).map(lambda found: tuple(sorted(found)))
counts = st.builds(CountEvidence, moments, st.none() | instants.filter(bool))
of_instants = st.lists(st.tuples(instants, amounts), max_size=9).map(tuple)
maybe = st.none() | instants
sums = st.builds(
    SumEvidence,
    head=of_instants,
    total=amounts,
    newest=maybe,
    through=maybe,
    ahead=of_instants,
    horizon=maybe,
)
generations = st.integers(min_value=1, max_value=10**6)
texts = st.text("0123456789abcdef", min_size=16, max_size=16)
states = st.builds(
    State,
    version=generations,
    generation=generations,
    as_of=instants,
    evidence=st.dictionaries(texts, counts | sums, max_size=6),
    exceptions=st.frozensets(generations, max_size=9),
    dues=st.dictionaries(generations, instants, max_size=9),
    position=st.none() | st.integers(min_value=0, max_value=10**38 - 1),
    reading=st.none() | st.builds(Reading, ids, st.frozensets(ids, max_size=9)),
    armed=maybe,
)


@given(counts)
def test_a_count_comes_back_as_it_was(evidence: CountEvidence) -> None:
    assert unpack_count(pack_count(evidence)) == evidence


@given(sums)
def test_a_sum_comes_back_exactly(evidence: SumEvidence) -> None:
    back = unpack_sum(pack_sum(evidence))
    assert back == evidence
    assert str(back.total) == str(evidence.total)


@given(st.lists(ids))
def test_ids_come_back_in_their_order(numbers: list[int]) -> None:
    assert unpack_ids(pack_ids(numbers)) == numbers


@given(states)
def test_a_state_comes_back_as_it_was(state: State) -> None:
    item = to_state_item(STORE, JANE, Decision(state, Decided(state.version, 1, []), is_new=True))
    assert from_state_item(item) == state


def test_amounts_that_no_float_holds_come_back() -> None:
    total = Decimal("12345678901234567890123456789012345678.90123456789")
    evidence = SumEvidence(head=((NOW, Decimal("0.1")), (NOW + 1, Decimal("-0.30"))), total=total)
    assert unpack_sum(pack_sum(evidence)) == evidence


def test_the_greatest_id_of_128_bits_comes_back() -> None:
    greatest = (1 << 128) - 1
    evidence = CountEvidence(((NOW, greatest), (NOW + 1, 1 << 64), (NOW + 2, (1 << 64) - 1)))
    assert unpack_count(pack_count(evidence)) == evidence
    assert unpack_ids(pack_ids([greatest, 0])) == [greatest, 0]


def test_the_state_of_five_counts_takes_one_write_unit() -> None:
    """Three events are kept of each, all five have a timer, and the last write let four in."""
    evidence = {}
    for number in range(5):
        behaviour = read_definition(
            {"event": f"event {number}", "count": {"gte": 3}, "within": {"last": "30d"}}
        )
        condition = condition_of(cast("Behaviour", behaviour))
        evidence[condition.id] = CountEvidence(tuple(_moment(number, n) for n in range(3)))
    state = State(
        version=1_234,
        generation=1_987,
        as_of=NOW,
        evidence=evidence,
        exceptions=frozenset(range(1_001, 1_006)),
        dues={number: NOW + number for number in range(1_001, 1_006)},
        position=49_649_100_000_000_017_454_423_009,
        armed=NOW + 1,
    )
    entry = Transition("recent-big-spenders", "3f2a90c1d4e5b607", True, NOW, Cause.EVENT)  # noqa: FBT003

    quiet: Any = to_state_item(STORE, JANE, Decision(state, Decided(1_234, NOW, []), is_new=True))
    telling: Any = to_state_item(
        STORE, JANE, Decision(state, Decided(1_234, NOW, [entry]), is_new=True)
    )

    assert item_bytes(quiet) <= 1_024
    assert item_bytes(telling) <= 1_024


def _moment(number: int, n: int) -> tuple[int, int]:
    at = NOON - timedelta(days=number, minutes=n)
    event_id = new_event_id(at, bytes([number, n] * 5))
    return to_microseconds(at), event_number(_with_id(event_id))


def _with_id(event_id: str) -> Any:  # noqa: ANN401  # an event of which only the id matters
    event = happened("bought")
    return type(event)(**{**{f: getattr(event, f) for f in event.__slots__}, "event_id": event_id})
