"""Promise 4: any order, any duplication, any batching of the same deliveries, the same tables."""

from collections.abc import Mapping, Sequence

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from footfall.domain.events import Event
from tests.builders import deliver, message
from tests.moto_cloud import moto_cloud
from tests.populations import events_of_people, tables_by_person


@st.composite
def _deliveries(draw: st.DrawFn) -> tuple[list[Event], list[list[Event]]]:
    """Draw events, and one way to deliver them: permuted, partly twice, cut into batches."""
    events = draw(events_of_people())
    again = draw(st.lists(st.sampled_from(events), max_size=3))
    batches: list[list[Event]] = []
    for event in draw(st.permutations([*events, *again])):
        if not batches or draw(st.booleans()):
            batches.append([])
        batches[-1].append(event)
    return events, batches


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_deliveries())
def test_any_order_ends_in_the_same_tables(
    deliveries: tuple[list[Event], list[list[Event]]],
) -> None:
    events, batches = deliveries

    assert _tables_after(batches) == _tables_after([[event] for event in events])


def _tables_after(batches: Sequence[Sequence[Event]]) -> Mapping[str, Sequence[str]]:
    with moto_cloud():
        for batch in batches:
            assert deliver(*(message(event) for event in batch)) == []
        return tables_by_person()
