"""A profile is a function of the statements about it: of the set, not of their arrival."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import groupby
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from footfall.domain.customers import (
    Customer,
    FieldValue,
    Statement,
    first_unsettled,
    owned_fields,
    settle,
)
from footfall.domain.values import ProfileValue
from tests.builders import NOON, STORE, email, own_id, phone


def _statement(number: int, minute: int, fields: dict[str, ProfileValue]) -> Statement:
    at = NOON + timedelta(minutes=minute)
    return Statement(at, f"event-{number}", NOON + timedelta(days=1), fields)


VALUES: st.SearchStrategy[ProfileValue] = st.sampled_from(["A", "B", 1, True])
STATEMENTS = st.lists(
    st.tuples(
        st.integers(min_value=0, max_value=5),
        st.dictionaries(st.sampled_from(["firstName", "lastName"]), VALUES),
    ),
    max_size=8,
).map(lambda drawn: [_statement(n, minute, fields) for n, (minute, fields) in enumerate(drawn)])


def _arrive(statements: Sequence[Statement]) -> Customer:
    """Let the statements arrive one by one, each with what stands on the timeline by then."""
    customer = Customer(STORE, "c", NOON)
    timeline: list[Statement] = []
    for statement in statements:
        timeline.append(statement)
        start = first_unsettled(customer, [statement])
        if start is not None:
            since = [one for one in timeline if one.position >= start]
            customer = settle(customer, since, start)
    return customer


@given(STATEMENTS, st.randoms(use_true_random=False))
def test_any_order_of_arrival_settles_in_the_same_profile(
    statements: list[Statement], random: Random
) -> None:
    expected = _arrive(sorted(statements, key=lambda one: one.position))
    shuffled = list(statements)
    random.shuffle(shuffled)

    assert _arrive(shuffled) == expected
    assert _arrive([*shuffled, *statements]) == expected


@given(STATEMENTS)
def test_a_field_holds_what_was_stated_last_and_since_when(statements: list[Statement]) -> None:
    customer = _arrive(statements)

    for path in ("firstName", "lastName"):
        said = [
            (one.fields[path], one)
            for one in sorted(statements, key=lambda one: one.position)
            if path in one.fields
        ]
        runs = [list(run) for _, run in groupby(said, key=lambda pair: (pair[0], type(pair[0])))]
        if not runs:
            assert path not in customer.fields
            continue
        value, first = runs[-1][0]
        field = customer.fields[path]
        assert (field.value, field.set_at, field.set_by) == (value, first.at, first.by)
        assert isinstance(field.value, bool) == isinstance(value, bool)


def test_a_repetition_changes_nothing() -> None:
    customer = _arrive([_statement(0, 0, {"firstName": "Jane"})])

    assert first_unsettled(customer, [_statement(1, 5, {"firstName": "Jane"})]) is None


def test_what_a_call_stated_outlives_late_events() -> None:
    call = FieldValue("Jane", NOON + timedelta(minutes=3), "call")
    customer = replace(
        _arrive([_statement(0, 0, {"firstName": "Jane"})]), stated={"firstName": call}
    )

    late = _statement(1, 2, {"firstName": "Janet"})
    timeline = [_statement(0, 0, {"firstName": "Jane"}), late]
    start = first_unsettled(customer, [late])
    assert start is not None
    settled = settle(customer, [one for one in timeline if one.position >= start], start)

    assert settled.fields["firstName"] == call


def test_an_address_or_number_that_somebody_else_holds_is_none_of_the_profile() -> None:
    stated = {"email": "jane@example.com", "phoneNumber": "+14155550123", "firstName": "Jane"}
    name = {"firstName": "Jane"}
    address, number = email("jane@example.com"), phone("+14155550123")
    assert owned_fields(stated, [own_id("5")]) == name
    assert owned_fields(stated, [own_id("5"), address, number]) == stated
    assert owned_fields(stated, [address]) == {"email": "jane@example.com", **name}
    assert owned_fields(stated, [email("an.old@example.com"), number]) == {
        "phoneNumber": "+14155550123",
        **name,
    }


def test_an_address_or_number_is_taken_away_whoever_names_the_customer() -> None:
    nothing = {"email": None, "phoneNumber": None}
    assert owned_fields(nothing, [own_id("5")]) == nothing
