"""What a searcher has in memory of an index: all that questions need of its articles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .embedding import Embedding, Vectors
from .expected import Expected, holds
from .index import Index
from .models import Passage
from .records import Indexed
from .word_matches import content_words


@dataclass(frozen=True, slots=True)
class Loaded:
    """What is kept in memory of an article: its passages in order, the words of each, what they
    hold of what a question may expect, their vectors, and those of the sentences of each."""

    passages: tuple[Passage, ...]
    words: tuple[list[str], ...]
    holds: Mapping[Expected, tuple[bool, ...]]
    vectors: Vectors
    sentences: tuple[NDArray[np.floating[Any]], ...]


def load(
    index: Index, articles: Sequence[Indexed], kept: Mapping[str, Loaded]
) -> tuple[Vectors, Mapping[str, Loaded]]:
    """The vectors of all passages, a row each, and what is kept of each article, by its key; only
    articles that are not `kept` are read."""
    read = _read(index, articles, kept)
    parts = [read[one.key].vectors for one in articles]
    vectors = np.concatenate(parts) if parts else np.empty((0, 0), np.float32)
    ends = np.cumsum([len(part) for part in parts], dtype=np.intp)
    own = zip(articles, np.split(vectors, ends[:-1]), strict=False)
    return vectors, {one.key: replace(read[one.key], vectors=part) for one, part in own}


def _read(
    index: Index, articles: Sequence[Indexed], kept: Mapping[str, Loaded]
) -> dict[str, Loaded]:
    known = {one.key: kept[one.key] for one in articles if one.key in kept}
    found = defaultdict[str, list[tuple[Passage, Embedding]]](list)
    for owner, passage, made in index.passages([one for one in articles if one.key not in kept]):
        found[owner.key].append((passage, made))
    for key, pairs in found.items():
        pairs.sort(key=lambda pair: pair[0].start)
        passages = tuple(passage for passage, _ in pairs)
        known[key] = Loaded(
            passages,
            tuple(content_words(one.text, one.source.language) for one in passages),
            {
                kind: tuple(holds(one.text, one.source.language, kind) for one in passages)
                for kind in Expected
            },
            np.array([made.whole for _, made in pairs]),
            tuple(made.sentences for _, made in pairs),
        )
    return known
