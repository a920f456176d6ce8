"""What the clients told, and what they know of its fate: all that the verdict believes of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Told:
    """An event, as a client tells of it.

    Attributes:
        token: its name; whatever carries the same is the same event.
        person: who did it.
        version: where the last one counts, which one this is; else None.
    """

    token: str
    person: str
    version: str | None = None


@dataclass(frozen=True, slots=True)
class Union:
    """Two persons who are said to be one."""

    person: str
    other: str


@dataclass(slots=True)
class Journal:
    """What became of it, as far as the clients know.

    Attributes:
        persons: who did what, by token, of all that was ever sent.
        accepted: the tokens whose acceptance a client has seen.
        versions: of events of which the last one counts, the version accepted last, by token.
        unions: the persons who are one, accepted.
        open_unions: said to be one, by a call of which no client knows the outcome.
    """

    persons: dict[str, str] = field(default_factory=dict)
    accepted: set[str] = field(default_factory=set)
    versions: dict[str, str] = field(default_factory=dict)
    unions: set[Union] = field(default_factory=set)
    open_unions: set[Union] = field(default_factory=set)

    def sent(self, told: Iterable[Told], union: Union | None) -> None:
        """Note that this is on its way, for the first time or again."""
        self.persons.update((one.token, one.person) for one in told)
        if union is not None and union not in self.unions:
            self.open_unions.add(union)

    def confirmed(self, told: Sequence[Told], union: Union | None) -> None:
        """Note that this was accepted."""
        self.accepted.update(one.token for one in told)
        self.versions.update((one.token, one.version) for one in told if one.version is not None)
        if union is not None:
            self.unions.add(union)
            self.open_unions.discard(union)

    @property
    def unknown(self) -> set[str]:
        """The tokens of which nobody knows whether they were accepted."""
        return self.persons.keys() - self.accepted
