"""A mean and its interval by resampling.

Efron, "Bootstrap methods: another look at the jackknife", Annals of Statistics, 1979.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 2_000


def mean_interval(values: NDArray[Any]) -> tuple[float, float, float]:
    """Return the mean of values, one at least, and the ends of its 95 % percentile interval. Of
    differences between pairs it is the paired interval."""
    means = np.random.default_rng(0).choice(values, (RESAMPLES, len(values))).mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return float(values.mean()), float(low), float(high)
