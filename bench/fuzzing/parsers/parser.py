"""What a parser under test is."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st


@dataclass(frozen=True, slots=True)
class Parser:
    """One parser, or a function that begins with one.

    Attributes:
        inputs: what it is fed.
        take: feeds it one input, and returns whether the parser took it or refused it as declared;
            whatever is raised is a finding.
        surroundings: what it needs around it, made anew for each round.
        share: of the time; slow ones need more.
        inputs_of_a_round: so few that there are many rounds.
        stores: its surroundings keep what it takes, and grow by that.
    """

    inputs: st.SearchStrategy[Any]
    take: Callable[[Any], bool]
    surroundings: Callable[[], AbstractContextManager[None]] = nullcontext
    share: int = 1
    inputs_of_a_round: int = 50
    stores: bool = False
