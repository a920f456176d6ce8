"""Design, section 5: id before e-mail before phone; the highest-priority known one decides."""

from collections.abc import Mapping

import pytest

from footfall.domain.identifiers import Identifier
from footfall.domain.identity import Decision, Holding, decide
from tests.builders import anonymous, email, own_id, phone

ID, ADDRESS, NUMBER = own_id("c-1"), email("jane@example.com"), phone("+14155550123")
OTHER_ID = own_id("c-2")
BROWSER, TABLET = anonymous("browser"), anonymous("tablet")
ALL = (ID, ADDRESS, NUMBER)


def _held(holders: Mapping[Identifier, str], *joined: Identifier) -> dict[Identifier, Holding]:
    return {one: Holding(holder, is_joined=one in joined) for one, holder in holders.items()}


def _new(claims: tuple[Identifier, ...], joins: tuple[Identifier, ...] = ()) -> Decision:
    return Decision("new", is_new=True, is_adopted=False, claims=claims, joins=joins)


def _known(
    customer_id: str,
    claims: tuple[Identifier, ...],
    joins: tuple[Identifier, ...] = (),
    merges: tuple[str, ...] = (),
) -> Decision:
    return Decision(customer_id, False, False, claims, joins, merges)  # noqa: FBT003  # neither


def _adopted(
    customer_id: str, claims: tuple[Identifier, ...], joins: tuple[Identifier, ...]
) -> Decision:
    return Decision(customer_id, is_new=False, is_adopted=True, claims=claims, joins=joins)


@pytest.mark.parametrize(
    ("holders", "customer_id", "claims"),
    [
        ({}, "new", ALL),
        ({ID: "a"}, "a", (ADDRESS, NUMBER)),
        ({ADDRESS: "b"}, "b", (ID, NUMBER)),
        ({NUMBER: "c"}, "c", (ID, ADDRESS)),
        ({ID: "a", ADDRESS: "b"}, "a", (NUMBER,)),
        ({ADDRESS: "b", NUMBER: "c"}, "b", (ID,)),
        ({ID: "a", ADDRESS: "a", NUMBER: "a"}, "a", ()),
    ],
)
def test_the_highest_known_identifier_decides(
    holders: dict[Identifier, str], customer_id: str, claims: tuple[Identifier, ...]
) -> None:
    decision = decide(ALL, _held(holders), "new")

    assert decision.customer_id == customer_id
    assert decision.claims == claims
    assert decision.is_new == (not holders)
    assert not decision.merges
    assert not decision.joins


@pytest.mark.parametrize(
    ("identifiers", "holders", "joined", "expected"),
    [
        # nobody knows any of them
        ([BROWSER], {}, (), _new((BROWSER,))),
        ([ID, BROWSER], {}, (), _new((ID, BROWSER), (BROWSER,))),
        ([BROWSER, TABLET], {}, (), _new((BROWSER, TABLET), (TABLET,))),
        # an anonymous customer alone
        ([BROWSER], {BROWSER: "a"}, (), _known("a", ())),
        ([BROWSER, TABLET], {TABLET: "a"}, (), _known("a", (BROWSER,), (BROWSER,))),
        ([BROWSER, TABLET], {BROWSER: "a", TABLET: "b"}, (), _known("a", ())),
        # an anonymous customer is named for the first time, and stays the same customer
        ([ID, BROWSER], {BROWSER: "a"}, (), _adopted("a", (ID,), (BROWSER,))),
        # the history of an anonymous customer joins a person who is known
        ([ID, BROWSER], {ID: "p", BROWSER: "a"}, (), _known("p", (), (BROWSER,))),
        ([ID, BROWSER], {ID: "p"}, (), _known("p", (BROWSER,), (BROWSER,))),
        # a browser that has joined somebody
        ([BROWSER], {BROWSER: "q"}, (BROWSER,), _known("q", ())),
        ([ID, BROWSER], {ID: "p", BROWSER: "q"}, (BROWSER,), _known("p", ())),
        ([ID, BROWSER], {BROWSER: "q"}, (BROWSER,), _new((ID,))),
        ([ID, BROWSER], {ID: "q", BROWSER: "q"}, (BROWSER,), _known("q", ())),
    ],
)
def test_a_browser_joins_one_person(
    identifiers: list[Identifier],
    holders: dict[Identifier, str],
    joined: tuple[Identifier, ...],
    expected: Decision,
) -> None:
    assert decide(identifiers, _held(holders, *joined), "new") == expected


@pytest.mark.parametrize(
    ("identifiers", "holders", "joined", "expected"),
    [
        ([ID, OTHER_ID], {}, (), _new((ID, OTHER_ID))),
        ([ID, OTHER_ID], {ID: "a"}, (), _known("a", (OTHER_ID,))),
        ([ID, OTHER_ID], {OTHER_ID: "b"}, (), _known("b", (ID,))),
        ([ID, OTHER_ID], {ID: "a", OTHER_ID: "a"}, (), _known("a", ())),
        (
            [ID, OTHER_ID],
            {ID: "a", OTHER_ID: "b"},
            (),
            _known("a", (), merges=("b",)),
        ),
        ([ID, BROWSER], {ID: "a", BROWSER: "b"}, (), _known("a", (), (BROWSER,))),
        ([ID, BROWSER], {ID: "a", BROWSER: "b"}, (BROWSER,), _known("a", ())),
        (
            [BROWSER, TABLET],
            {BROWSER: "a", TABLET: "b"},
            (),
            _known("a", (), (TABLET,)),
        ),
        (
            [BROWSER, TABLET],
            {BROWSER: "a", TABLET: "b"},
            (TABLET,),
            _known("b", (), (BROWSER,)),
        ),
    ],
)
def test_a_merge_makes_the_holders_one_but_no_two_people_of_one_browser(
    identifiers: list[Identifier],
    holders: dict[Identifier, str],
    joined: tuple[Identifier, ...],
    expected: Decision,
) -> None:
    assert decide(identifiers, _held(holders, *joined), "new", are_one=True) == expected
