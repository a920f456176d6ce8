"""What many samples of one latency came to."""

import math
from collections.abc import Mapping, Sequence


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that this share of the values does not exceed."""
    return sorted(values)[math.ceil(share * len(values)) - 1]


def latency(seconds: Sequence[float]) -> Mapping[str, float]:
    """Return what results.json keeps of the samples."""
    return {
        "samples": len(seconds),
        "minimum": min(seconds),
        "median": percentile(seconds, 0.5),
        "p99": percentile(seconds, 0.99),
        "maximum": max(seconds),
    }
