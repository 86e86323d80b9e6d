"""How long most took, and nearly all."""

from __future__ import annotations

import statistics
from collections.abc import Sequence


def p50_p95(values: Sequence[float], digits: int) -> list[float]:
    """The 50th and the 95th percentile, rounded; empty where there are too few to tell."""
    if len(values) < 2:
        return []
    percentiles = statistics.quantiles(values, n=100, method="inclusive")
    return [round(percentiles[49], digits), round(percentiles[94], digits)]


def in_ms(seconds: Sequence[float]) -> list[float]:
    """The same in milliseconds."""
    return p50_p95([1000 * value for value in seconds], 1)
