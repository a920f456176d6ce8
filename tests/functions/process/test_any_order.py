"""Promise 4: any order, any duplication, any batching of the same deliveries, the same tables.

The events of one person share an identifier (here an address), as the events of one person do when
they can be told to be one. What cannot be told from the deliveries is which of them came first, so
the ids that Footfall gives its customers are compared by the person, not by their digits.
"""

from collections.abc import Mapping, Sequence

from footfall.domain.events import Event
from footfall.domain.values import JsonValue
from footfall.settings import Setting
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders import deliver, email, message, own_id, phone, purchase
from tests.moto_cloud import all_items, moto_cloud

_NAMES = st.sampled_from(["Jane", "Janet", "J."])
_TIERS = st.sampled_from(["Gold", "Silver", 1, True])


@st.composite
def _events(draw: st.DrawFn) -> list[Event]:
    return [_event(draw, number) for number in range(draw(st.integers(min_value=1, max_value=7)))]


def _event(draw: st.DrawFn, number: int) -> Event:
    person = draw(st.integers(min_value=0, max_value=1))
    identifiers = [email(f"{person}@example.com")]
    if draw(st.booleans()):
        identifiers.insert(0, own_id(f"c-{person}"))
    if draw(st.booleans()):
        identifiers.append(phone(f"+1415555012{person}"))
    profile = {}
    if draw(st.booleans()):
        profile["firstName"] = draw(_NAMES)
    if draw(st.booleans()):
        profile["customFields.Loyalty Tier"] = draw(_TIERS)
    return purchase(
        number,
        *identifiers,
        minute=draw(st.integers(min_value=0, max_value=4)),
        unique_id=f"order-{number}" if draw(st.booleans()) else None,
        profile=profile,
    )


@st.composite
def _deliveries(draw: st.DrawFn) -> tuple[list[Event], list[list[Event]]]:
    """Draw events, and one way to deliver them: permuted, partly twice, cut into batches."""
    events = draw(_events())
    again = draw(st.lists(st.sampled_from(events), max_size=3))
    order = draw(st.permutations([*events, *again]))
    batches: list[list[Event]] = []
    for event in order:
        if not batches or draw(st.booleans()):
            batches.append([])
        batches[-1].append(event)
    return events, batches


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_deliveries())
def test_any_order_ends_in_the_same_tables(
    deliveries: tuple[list[Event], list[list[Event]]],
) -> None:
    events, batches = deliveries

    assert _tables_after(batches) == _tables_after([[event] for event in events])


def _tables_after(batches: Sequence[Sequence[Event]]) -> Mapping[str, JsonValue]:
    with moto_cloud():
        for batch in batches:
            assert deliver(*(message(event) for event in batch)) == []
        people = {
            str(identity["customer_id"]): str(identity["pk"]).partition("#email#")[2]
            for identity in all_items(Setting.IDENTITIES_TABLE)
            if "#email#" in str(identity["pk"])
        }
        return {
            table: sorted(_by_person(item, people) for item in all_items(table))
            for table in (
                Setting.IDENTITIES_TABLE,
                Setting.CUSTOMERS_TABLE,
                Setting.UNIQUE_IDS_TABLE,
                Setting.EVENTS_TABLE,
            )
        }


def _by_person(item: Mapping[str, JsonValue], people: Mapping[str, str]) -> str:
    """Return the item as text, with the person's address for the customer's id."""
    text = repr(sorted((name, value) for name, value in item.items() if name != "store_shard"))
    for customer_id, address in people.items():
        text = text.replace(customer_id, address)
    return text
