"""What tells that a passage answers beside how alike it is: it is the section that the question
names, or has most of what the question says word for word, as a name."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from ..arrays import Floats
from ..languages import language_of
from ..languages.sections import begins_alike, names_only_sections, section_at_start, sections_named
from ..languages.terms import folded_words
from ..models import Passage

MOST = 0.5
"""The share of a question's weight above which some words of it are what it asks about."""


def section_evidence(question: str, passages: Sequence[Passage], first: int) -> tuple[Floats, bool]:
    """Return for each passage 1 where it is of a section that the question names by its number,
    and of the same article as the `first`, else 0: of several laws with such a section the other
    words tell which is meant. Where there are none, which is returned too, it may be of any, best
    of one that writes numbers of sections as the question does. The shape is (passages,)."""
    named, article = sections_named(question), passages[first].source.path
    if not named:
        return np.zeros(len(passages), np.float32), False
    alone = names_only_sections(question)
    chosen = [
        (alone or passage.source.path == article) and is_of_section(passage, named)
        for passage in passages
    ]
    if alone:
        alike = [
            of_section and any(begins_alike(text, question) for text in _starts(passage))
            for of_section, passage in zip(chosen, passages, strict=True)
        ]
        chosen = alike if any(alike) else chosen
    return np.array(chosen, np.float32), alone


def is_of_section(passage: Passage, numbers: Collection[str]) -> bool:
    """Return whether a passage, its heading or its title begins with one of these sections."""
    return any(section_at_start(text) in numbers for text in _starts(passage))


def _starts(passage: Passage) -> tuple[str, str, str]:
    return passage.heading, passage.text, passage.source.title


def verbatim_evidence(
    question: str, language: str, counts: Sequence[int], weights: Floats, passages: Sequence[str]
) -> Floats:
    """Return for each passage 1 where two or more words in a row that hold most of the question's
    weight stand in it, accents and case aside; -1 for all where these words are a name, by their
    capitals, and no two of them stand side by side in any passage; else 0. The shape is
    (passages,). In a question of capitals alone, or in a `language` whose nouns have them, they
    tell no name.

    `counts` has the number of tokens of each word of the question, as white space parts them, and
    `weights` what each token counts, of shape (tokens,), which sum to 1.
    """
    words = question.split()
    ends = np.cumsum(counts, dtype=np.intp)
    sums = np.concatenate([[0.0], np.cumsum(weights)])
    # Where the model cut a long question short, its last words weigh nothing.
    bounds = sums[np.minimum(np.concatenate([[0], ends]), len(weights))]
    folded = [" ".join(folded_words(word)) for word in words]
    texts = [f" {' '.join(folded_words(passage))} " for passage in passages]
    evidence = np.array([_longest_run(folded, bounds, text) > MOST for text in texts], np.float32)
    if not language_of(language).nouns_capitalised and not evidence.any():
        start, end = _name(words, bounds)
        pairs = [f" {folded[n]} {folded[n + 1]} " for n in range(start, end - 1)]
        if bounds[end] - bounds[start] > MOST and not any(
            p in text for p in pairs for text in texts
        ):
            evidence -= 1
    return evidence


def _longest_run(words: Sequence[str], bounds: NDArray[np.float64], text: str) -> float:
    """The most weight that two or more words in a row have that stand in a text."""
    best = 0.0
    for start in range(len(words) - 1):
        end = start + 1
        while end < len(words) and f" {' '.join(words[start : end + 1])} " in text:
            end += 1
            best = max(best, bounds[end] - bounds[start])
    return best


def _name(words: Sequence[str], bounds: NDArray[np.float64]) -> tuple[int, int]:
    """Where the two or more words in a row begin and end that begin with a capital and have the
    most weight; 0 and 0 if there are none, or no others."""
    capitals = [word.lstrip("¿¡\"'„“«(")[:1].isupper() for word in words]
    best, start = (0, 0), 0
    for end, capital in enumerate(capitals, 1):
        if not capital:
            start = end
        elif end - start > 1 and bounds[end] - bounds[start] > bounds[best[1]] - bounds[best[0]]:
            best = start, end
    return (0, 0) if all(capitals) else best
