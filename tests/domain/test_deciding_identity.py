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
    assert decision.merges == decision.joins == ()


@pytest.mark.parametrize(
    ("identifiers", "holders", "joined", "expected"),
    [
        # nobody knows any of them
        ([BROWSER], {}, (), Decision("new", True, False, (BROWSER,))),
        ([ID, BROWSER], {}, (), Decision("new", True, False, (ID, BROWSER), (BROWSER,))),
        ([BROWSER, TABLET], {}, (), Decision("new", True, False, (BROWSER, TABLET), (TABLET,))),
        # an anonymous customer alone
        ([BROWSER], {BROWSER: "a"}, (), Decision("a", False, False, ())),
        ([BROWSER, TABLET], {TABLET: "a"}, (), Decision("a", False, False, (BROWSER,), (BROWSER,))),
        ([BROWSER, TABLET], {BROWSER: "a", TABLET: "b"}, (), Decision("a", False, False, ())),
        # an anonymous customer is named for the first time, and stays the same customer
        ([ID, BROWSER], {BROWSER: "a"}, (), Decision("a", False, True, (ID,), (BROWSER,))),
        # the history of an anonymous customer joins a person who is known
        ([ID, BROWSER], {ID: "p", BROWSER: "a"}, (), Decision("p", False, False, (), (BROWSER,))),
        ([ID, BROWSER], {ID: "p"}, (), Decision("p", False, False, (BROWSER,), (BROWSER,))),
        # a browser that has joined somebody
        ([BROWSER], {BROWSER: "q"}, (BROWSER,), Decision("q", False, False, ())),
        ([ID, BROWSER], {ID: "p", BROWSER: "q"}, (BROWSER,), Decision("p", False, False, ())),
        ([ID, BROWSER], {BROWSER: "q"}, (BROWSER,), Decision("new", True, False, (ID,))),
        ([ID, BROWSER], {ID: "q", BROWSER: "q"}, (BROWSER,), Decision("q", False, False, ())),
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
        ([ID, OTHER_ID], {}, (), Decision("new", True, False, (ID, OTHER_ID))),
        ([ID, OTHER_ID], {ID: "a"}, (), Decision("a", False, False, (OTHER_ID,))),
        ([ID, OTHER_ID], {OTHER_ID: "b"}, (), Decision("b", False, False, (ID,))),
        ([ID, OTHER_ID], {ID: "a", OTHER_ID: "a"}, (), Decision("a", False, False, ())),
        (
            [ID, OTHER_ID],
            {ID: "a", OTHER_ID: "b"},
            (),
            Decision("a", False, False, (), merges=("b",)),
        ),
        ([ID, BROWSER], {ID: "a", BROWSER: "b"}, (), Decision("a", False, False, (), (BROWSER,))),
        ([ID, BROWSER], {ID: "a", BROWSER: "b"}, (BROWSER,), Decision("a", False, False, ())),
        (
            [BROWSER, TABLET],
            {BROWSER: "a", TABLET: "b"},
            (),
            Decision("a", False, False, (), (TABLET,)),
        ),
        (
            [BROWSER, TABLET],
            {BROWSER: "a", TABLET: "b"},
            (TABLET,),
            Decision("b", False, False, (), (BROWSER,)),
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
