"""The situation in which a customer is decided: everything that is given."""

from dataclasses import dataclass
from functools import cached_property

from footfall.domain.customers import Customer
from footfall.segments.news import News
from footfall.segments.state import State
from footfall.segments.store_segments import StoreSegments


@dataclass(frozen=True)  # without slots, so that it can keep what follows from it
class Situation:
    """A customer, what was decided last, and what is new.

    Attributes:
        now: microseconds.
    """

    store: StoreSegments
    customer: Customer
    state: State
    news: News
    now: int

    @cached_property
    def is_first(self) -> bool:
        """Tell whether nothing was ever decided about the customer."""
        return self.state.version == 0

    @cached_property
    def clock_is_back(self) -> bool:
        """Tell whether the last decision was made for an instant that is still to come."""
        return self.now < self.state.as_of

    @cached_property
    def start(self) -> int:
        """Return the instant from which on the evidence has to be known: the last decision's."""
        return self.now if self.is_first or self.clock_is_back else self.state.as_of

    def is_undecided(self, number: int) -> bool:
        """Tell whether a segment has changed since the state was decided, or is new."""
        return self.store.changed_at(number) > self.state.generation
