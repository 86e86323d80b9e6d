"""Reads a day in its context, with the default model: whether people met on it, or will."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from ..arrays import Floats
from ..meeting import Mention
from .catalog import MEETINGS_FILE
from .onnx_encoder import OnnxEncoder

_TITLE, _HEADING, _ABOVE, _SIDE, _DAY = 24, 16, 32, 48, 16
"""The most tokens that are read of the title, the heading, the end of the statement above, what
stands on each side of the day, and the day itself."""

_REACH = 250
"""Characters of a text that hold so many tokens."""

_OPEN, _CLOSE = "«", "»"
"""What is put around the day."""

_AGES = (*range(8), 14, 30, 100, 400)
"""The steps in which it is told how many days lie between a day and that of the article."""


class MeetingReader:
    """Tells by how a day is mentioned whether it is that of a meeting.

    It is the packaged model with low-rank updates of its last layers (Hu et al., "LoRA", ICLR 2022)
    and a head on the token that opens the day, after Baldini Soares et al., "Matching the Blanks",
    ACL 2019. `bench/meeting_reader.py` learns both.
    """

    def __init__(self, folder: Path, encoder: OnnxEncoder, threads: int = 1) -> None:
        """Load it from a model's folder; `encoder` has its tokenizer and words. So many mentions
        are read at the same time, each on a core."""
        self._session = encoder.session(folder / MEETINGS_FILE)
        self._encoder, self._threads = encoder, threads

    def read(self, mentions: Sequence[Mention]) -> Floats:
        """Return the log odds that people met on the day of each mention, and that they will, of
        shape (mentions, 2)."""
        if not mentions:
            return np.zeros((0, 2), np.float32)
        with ThreadPoolExecutor(self._threads, "meetings") as pool:
            return np.stack(list(pool.map(self._odds, mentions)))

    def _odds(self, mention: Mention) -> Floats:
        ids, opening = mention_ids(mention, self._encoder)
        feed = {"words": self._encoder.words.vectors(ids)[None]}
        odds: Floats = self._session.run(None, feed)[0][0, opening]
        return odds


def mention_ids(mention: Mention, encoder: OnnxEncoder) -> tuple[list[int], int]:
    """Return the ids of the tokens that are read of a mention, and which of them opens the day."""
    ids_of, text = encoder.bare_ids, mention.text
    heading = mention.heading if mention.heading != mention.title else ""
    parts = (
        ids_of(mention.title[:_REACH])[:_TITLE],
        ids_of(_age_words(mention.age)),
        ids_of(heading[:_REACH])[:_HEADING],
        ids_of(mention.before[-_REACH:])[-_ABOVE:],
    )
    start, end = encoder.marks
    ids = [start, *(id for part in parts for id in (*part, end))]
    ids += ids_of(text[max(0, mention.start - _REACH) : mention.start])[-_SIDE:] + ids_of(_OPEN)
    opening = len(ids) - 1
    ids += ids_of(text[mention.start : mention.end])[:_DAY] + ids_of(_CLOSE)
    return [*ids, *ids_of(text[mention.end : mention.end + _REACH])[:_SIDE], end], opening


def _age_words(age: int | None) -> str:
    """What is told of how many days a day is before that of the article."""
    if age is None:
        return ""
    span = next((f"{step} days" for step in _AGES if abs(age) <= step), "years")
    return f"{span} ago" if age >= 0 else f"in {span}"
