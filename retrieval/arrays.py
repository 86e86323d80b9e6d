"""Types of arrays, and the weights of linear models."""

from __future__ import annotations

from importlib.resources.abc import Traversable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def read_linear(file: Traversable) -> tuple[Floats, float]:
    """Return the weights of a linear model, and what is added to their product."""
    with file.open("rb") as opened, np.load(opened) as arrays:
        return arrays["weights"].astype(np.float32), float(arrays["offset"])
