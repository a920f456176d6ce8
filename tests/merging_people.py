"""Hypothesis strategies for people who are merged, and their tables seen by the person.

Each person has several ids, addresses and browsers, and what comes of one person names any of them.
Merges say which of them belong together, so all of it ends with one customer, in any order. Which
one it is depends on the order, and so does the way in which an event came to its timeline: both are
left out of what is compared.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from footfall.aws import clients
from footfall.domain.events import Event
from footfall.domain.identifiers import Identifier
from footfall.domain.instructions import Deletion, Instruction, Merge
from footfall.domain.strict_json import dump_json
from footfall.domain.values import JsonValue, ProfileValue
from footfall.settings import Setting
from tests.builders import (
    STORE,
    anonymous,
    deliver,
    email,
    own_id,
    phone,
    purchase,
    raw_message,
)
from tests.moto_cloud import all_items

_NAMES = st.sampled_from(["Jane", "Janet", None])
_TIERS: st.SearchStrategy[ProfileValue] = st.sampled_from(["Gold", 1, True])
_BY_THE_WAY = ("moved_from", "body_object")


def merge(number: int, primary: Identifier, secondary: Identifier) -> Merge:
    like = purchase(number)
    return Merge(like.event_id, STORE, like.received_at, "redo", primary, secondary)


def deletion(number: int, identifier: Identifier) -> Deletion:
    like = purchase(number)
    return Deletion(like.event_id, STORE, like.received_at, "redo", identifier)


def said_by(number: int, *identifiers: Identifier, **parts: Any) -> Event:  # noqa: ANN401
    """Return a purchase that says nothing about addresses, which another customer may hold."""
    event = purchase(number, *identifiers, **parts)
    told = {path: value for path, value in event.profile.items() if path != "email"}
    return replace(event, profile=told)


@st.composite
def histories(draw: st.DrawFn) -> list[Instruction]:
    """Draw what two people do, and what makes all that each of them is named by one customer."""
    told: list[Instruction] = []
    for person in range(draw(st.integers(min_value=1, max_value=2))):
        strong = [own_id(f"c-{person}"), own_id(f"old-{person}"), email(f"{person}@example.com")]
        strong.append(phone(f"+1415555012{person}"))
        browsers = [anonymous(f"browser-{person}"), anonymous(f"tablet-{person}")]
        names = st.one_of(
            st.lists(st.sampled_from(strong), min_size=1, max_size=2, unique=True),
            st.sampled_from(browsers).map(lambda one: [one]),
            st.tuples(st.sampled_from(strong), st.sampled_from(browsers)).map(list),
        )
        for _ in range(draw(st.integers(min_value=1, max_value=4))):
            told.append(_event(draw, len(told), draw(names)))
        named = {one for event in told if isinstance(event, Event) for one in event.identifiers} - {
            strong[0]
        }
        told += [
            merge(len(told) + place, strong[0], one)
            for place, one in enumerate(sorted(named.intersection(strong), key=str))
        ]
        told += [
            said_by(len(told) + place, strong[0], one)
            for place, one in enumerate(sorted(named.intersection(browsers), key=str))
        ]
    return told


@st.composite
def deliveries(
    draw: st.DrawFn, told: st.SearchStrategy[list[Instruction]]
) -> tuple[list[Instruction], list[list[Instruction]]]:
    """Draw instructions, and one way to deliver them: permuted, partly twice, cut into batches."""
    instructions = draw(told)
    again = draw(st.lists(st.sampled_from(instructions), max_size=3))
    batches: list[list[Instruction]] = []
    for one in draw(st.permutations([*instructions, *again])):
        if not batches or draw(st.booleans()):
            batches.append([])
        batches[-1].append(one)
    return instructions, batches


def deliver_rest() -> None:
    """Hand to process what it has sent to itself, until nothing is left."""
    while (
        found := clients.sqs()
        .receive_message(QueueUrl=Setting.EVENTS_QUEUE_URL, MaxNumberOfMessages=10)
        .get("Messages", [])
    ):
        for one in found:
            assert deliver(raw_message(one["Body"], one["MessageId"])) == []
            clients.sqs().delete_message(
                QueueUrl=Setting.EVENTS_QUEUE_URL, ReceiptHandle=one["ReceiptHandle"]
            )


def roots() -> dict[str, str]:
    """Return what every customer that was ever merged has become in the end."""
    merged = {
        _customer(item): str(into)
        for item in all_items(Setting.CUSTOMERS_TABLE)
        if (into := _profile(item).get("merged_into"))
    }
    return {one: _root(one, merged) for one in merged}


def people() -> Mapping[str, Mapping[str, JsonValue]]:
    """Return all that the tables hold about each customer that is left, by its identifiers.

    Checks that nothing is left of those that were merged, and that every item has an owner.
    """
    became = roots()
    timelines: dict[str, list[str]] = {}
    for item in all_items(Setting.EVENTS_TABLE):
        assert _customer(item) not in became, "an event of a merged customer was left behind"
        told = {name: one for name, one in item.items() if name not in {"pk", *_BY_THE_WAY}}
        timelines.setdefault(_customer(item), []).append(dump_json(told))
    names: dict[str, list[str]] = {}
    for item in all_items(Setting.IDENTITIES_TABLE):
        assert "merging" not in item
        holder = str(item["customer_id"])
        joined = " (joined)" if "joined" in item else ""
        names.setdefault(became.get(holder, holder), []).append(f"{item['pk']}{joined}")
    markers: dict[str, list[str]] = {}
    for item in all_items(Setting.UNIQUE_IDS_TABLE):
        holder = str(item["customer_id"])
        markers.setdefault(became.get(holder, holder), []).append(str(item["event_id"]))
    profiles: dict[str, JsonValue] = {}
    for item in all_items(Setting.CUSTOMERS_TABLE):
        profile = _profile(item)
        if "merged_into" in profile or "deleted_at" in profile:
            assert profile["moved"] is True
            assert profile["fields"] == profile["stated"] == {}
            assert _customer(item) not in timelines
            names.pop(_customer(item), None)
        else:
            profiles[_customer(item)] = item["profile"]
    assert timelines.keys() <= names.keys(), "an event was left with nobody"
    assert profiles.keys() <= names.keys()
    return {
        " ".join(sorted(owned)): {
            "timeline": timelines.get(customer_id, []),
            "profile": profiles.get(customer_id),
            "markers": sorted(markers.get(customer_id, [])),
        }
        for customer_id, owned in names.items()
    }


def _event(draw: st.DrawFn, number: int, identifiers: Sequence[Identifier]) -> Event:
    profile: dict[str, ProfileValue] = {}
    if draw(st.booleans()):
        profile["firstName"] = draw(_NAMES)  # type: ignore[assignment]  # None takes it away
    if draw(st.booleans()):
        profile["customFields.tier"] = draw(_TIERS)
    return said_by(
        number,
        *identifiers,
        minute=draw(st.integers(min_value=0, max_value=4)),
        unique_id=f"order-{number}" if draw(st.booleans()) else None,
        profile=profile,
    )


def _root(customer_id: str, merged: Mapping[str, str]) -> str:
    seen = set()
    while customer_id in merged:
        assert customer_id not in seen, "customers are merged in a circle"
        seen.add(customer_id)
        customer_id = merged[customer_id]
    return customer_id


def _customer(item: Mapping[str, JsonValue]) -> str:
    return str(item["pk"]).split("#")[1]


def _profile(item: Mapping[str, Any]) -> Mapping[str, Any]:
    profile: Mapping[str, Any] = item["profile"]
    return profile
