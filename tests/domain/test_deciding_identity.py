"""Design, section 5: id before e-mail before phone; the highest-priority known one decides."""

import pytest

from footfall.domain.identifiers import Identifier
from footfall.domain.identity import decide
from tests.builders import email, own_id, phone

ID, ADDRESS, NUMBER = own_id("c-1"), email("jane@example.com"), phone("+14155550123")
ALL = (ID, ADDRESS, NUMBER)


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
    decision = decide(ALL, holders, "new")

    assert decision.customer_id == customer_id
    assert decision.claims == claims
    assert decision.is_new == (not holders)
