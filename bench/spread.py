"""What several rounds of one measure came to: the smallest, the middle and the largest value."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Spread:
    """The minimum, median and maximum of some values of one unit."""

    minimum: float
    median: float
    maximum: float

    def as_json(self) -> Mapping[str, float]:
        """Return what results.json keeps."""
        return asdict(self)


def spread(values: Sequence[float]) -> Spread:
    """Return the spread of one value or more."""
    return Spread(min(values), median(values), max(values))


def shown(stored: Mapping[str, float], digits: int = 2) -> str:
    """Return a stored spread for a table of the page: the median, and from where to where."""
    low, middle, high = (f"{stored[part]:,.{digits}f}" for part in ("minimum", "median", "maximum"))
    return f"{middle} ({low} to {high})"
