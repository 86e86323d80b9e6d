"""The first hits put in order, and scored, by how likely they answer where a reader reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..embedding.reader import PassageReader
from ..index.records import text_of
from ..models import Hit
from .query import as_read_in
from .weights import READING


def reread(reader: PassageReader, question: str, language: str, hits: Sequence[Hit]) -> list[Hit]:
    """Return the hits of a search, best first, with the first of them as the reader has them.

    The log of the chance that a reading says is added to a passage's MaxSim and to its odds with
    weights that were learnt (`READING`). Hits that are not read stay behind those that are, and
    their scores are at most the score of the last of these.
    """
    first, unread = hits[: READING.hits], hits[READING.hits :]
    texts = [text_of(hit.passage) for hit in first]
    questions = [as_read_in(text.language, question, language) for text in texts]
    readings = reader.read(questions, [(text.title, text.text) for text in texts])
    log_chances = READING.log_chances(readings)
    ranks = np.array([hit.rank_score for hit in first], dtype=np.float64)
    chances = READING.chance(np.array([hit.score for hit in first]), ranks, log_chances)
    ranks += READING.order * log_chances
    order = np.argsort(-ranks, kind="stable")
    scored = [
        replace(first[number], rank_score=float(ranks[number]), score=float(chance))
        for number, chance in zip(order, np.minimum.accumulate(chances[order]), strict=True)
    ]
    for hit in unread:
        rank, score = (min(hit.rank_score, scored[-1].rank_score), min(hit.score, scored[-1].score))
        scored.append(replace(hit, rank_score=rank, score=score))
    return scored
