"""Hypothesis strategies for the events of a few people, and their tables compared by person.

The events of one person share an identifier (here an address), as the events of one person do when
they can be told to be one. What cannot be told from the deliveries is which of them came first, so
the ids that Footfall gives its customers are compared by the person, not by their digits.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import msgspec
from hypothesis import strategies as st

from footfall.domain.events import Event
from footfall.domain.values import JsonValue, ProfileValue
from footfall.settings import Setting
from tests.builders import email, first_of_customer, last, own_id, phone, purchase
from tests.moto_cloud import all_items

_ENCODER = msgspec.json.Encoder(decimal_format="number", order="sorted")
_SHARED_IDS = st.sampled_from(["order-1", "order-1", "order-2", None])
_NAMES = st.sampled_from(["Jane", "Janet", "J."])
_TIERS: st.SearchStrategy[ProfileValue] = st.sampled_from(["Gold", "Silver", 1, True])


@st.composite
def events_of_people(draw: st.DrawFn) -> list[Event]:
    """Draw one to seven events of two people, close in time, that often contradict each other."""
    return [_event(draw, number) for number in range(draw(st.integers(min_value=1, max_value=7)))]


@st.composite
def events_that_replace_each_other(draw: st.DrawFn) -> list[Event]:
    """Draw two to seven such events, most of them with one of two ids of which the last counts."""
    return [last(event) for event in _events_with_shared_ids(draw)]


@st.composite
def events_told_again(draw: st.DrawFn) -> list[Event]:
    """Draw two to seven such events, most of them with one of two ids of their customers' own."""
    return [first_of_customer(event) for event in _events_with_shared_ids(draw)]


def _events_with_shared_ids(draw: st.DrawFn) -> list[Event]:
    return [
        replace(_event(draw, number), unique_id=draw(_SHARED_IDS))
        for number in range(draw(st.integers(min_value=2, max_value=7)))
    ]


def tables_by_person() -> Mapping[str, Sequence[str]]:
    """Return the content of the tables that process writes."""
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


def _event(draw: st.DrawFn, number: int) -> Event:
    person = draw(st.integers(min_value=0, max_value=1))
    identifiers = [email(f"{person}@example.com")]
    if draw(st.booleans()):
        identifiers.insert(0, own_id(f"c-{person}"))
    if draw(st.booleans()):
        identifiers.append(phone(f"+1415555012{person}"))
    profile: dict[str, ProfileValue] = {}
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


def _by_person(item: Mapping[str, JsonValue], people: Mapping[str, str]) -> str:
    content = {name: value for name, value in item.items() if name != "store_shard"}
    text = _ENCODER.encode(content).decode()
    for customer_id, address in people.items():
        text = text.replace(customer_id, address)
    return text
