"""Reads question and passage together, with a small cross-encoder: how likely it answers.

Nogueira and Cho, "Passage Re-ranking with BERT", 2019. It is the packaged model with low-rank
updates of its layers (Hu et al., "LoRA", ICLR 2022) and a head that points at the tokens that
answer; `bench/reading` learns both. A passage's reading is the log of how much all its tokens are
pointed at, less that of pointing nowhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..arrays import Floats
from .catalog import READER_FILE

if TYPE_CHECKING:
    from .onnx_encoder import OnnxEncoder


QUESTION_TOKENS, PASSAGE_TOKENS = 48, 176
"""The most tokens that are read of each, with its prompt: as many as the reader was trained on."""

PASSAGES_AT_ONCE = 2
"""Passages that are read at the same time, each on a core."""


class PassageReader:
    """The loaded reader."""

    def __init__(self, folder: Path, questions: OnnxEncoder) -> None:
        """Load it from a model's folder; `questions` is the encoder that has its tokenizer and
        words."""
        self._session = questions.session(folder / READER_FILE)
        self._ids, self._words = questions.ids, questions.words
        self._pool = ThreadPoolExecutor(PASSAGES_AT_ONCE, "reader")

    def read(self, questions: Sequence[str], passages: Sequence[tuple[str, str]]) -> Floats:
        """Return for each passage, a pair of its title and its text, the log of the odds that it
        answers the question beside it, as far as the reader can tell; of shape (passages,)."""
        readings = list(self._pool.map(self._reading, questions, passages))
        return np.array(readings, dtype=np.float32)

    def pointed(self, question: str, passage: tuple[str, str]) -> Floats:
        """Return for each token of a passage's text that is read, of shape (tokens,), the log of
        the odds with which it is pointed at as what answers, against pointing nowhere."""
        title, text = passage
        question_ids = _cut(self._ids(question, "query"), QUESTION_TOKENS)
        passage_ids = _cut(self._ids(f"{title}\n{text}", "document")[1:], PASSAGE_TOKENS)
        # Words are whole tokens, so those of the title are the first ones of both together.
        skipped = len(self._ids(title, "document")) - 2
        types = [0] * len(question_ids) + [1] * len(passage_ids)
        feed: dict[str, Any] = {
            "words": self._words.vectors(question_ids + passage_ids)[None],
            "token_type_ids": np.array([types], dtype=np.int64),
        }
        pointed: Floats = self._session.run(None, feed)[0][0, :, 0]
        return pointed[len(question_ids) + min(skipped, len(passage_ids) - 2) : -1]

    def _reading(self, question: str, passage: tuple[str, str]) -> float:
        pointed = self.pointed(question, passage)
        peak = pointed.max()
        return float(peak + np.log(np.exp(pointed - peak).sum()))


def _cut(ids: list[int], most: int) -> list[int]:
    """The first `most` of these ids and the mark at their end."""
    return [*ids[:-1][:most], ids[-1]]
