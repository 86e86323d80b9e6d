"""Sentences that tell of a meeting by how they are worded, without a word for one. Pure.

"More than 120 people packed the gallery on Monday evening": logistic regression over hashed n-grams
of letters (*Weinberger et al., "Feature Hashing for Large Scale Multitask Learning", ICML 2009*),
which `python -m bench.held_sentences` learns from sentences with a date in four languages.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Self
from zlib import crc32

import numpy as np

from ..arrays import Floats, read_linear
from ..days import Day
from ..languages.meeting_words import MeetingWords
from .headings import names_next, noun_spans
from .reports import Report, ReportReader
from .statements import Statement

LEARNT_FILE = files(__package__).joinpath("held_sentences.npz")

FEATURES = 1 << 16
LENGTHS = (3, 4, 5)
"""Of the n-grams, which stay within a word and the spaces around it."""

LEAST_CHANCE = 0.7
"""The least chance at which a sentence is taken to tell of a meeting."""

_TOKEN = re.compile(r"[^\W_]+|[^\w\s]")
_DIGITS = re.compile(r"\d+")


def features(text: str) -> list[int]:
    """Return the features of a sentence, from 0 to FEATURES - 1: the n-grams of its words, and its
    pairs of words; a number is as good as any other."""
    words = _TOKEN.findall(_DIGITS.sub("0", unicodedata.normalize("NFC", text).lower()))
    grams = {f"{one}  {other}" for one, other in pairwise(words)}
    for word in words:
        padded = f" {word} "
        for length in LENGTHS:
            last = max(len(padded) - length, 0)
            grams.update(padded[start : start + length] for start in range(last + 1))
    return sorted({crc32(gram.encode(errors="surrogatepass")) % FEATURES for gram in grams})


@dataclass(frozen=True, slots=True)
class HeldModel:
    """The `weights` of the features, of shape (FEATURES,). Their sum over a sentence, divided by
    the root of their number, and `offset` are the log odds that it tells of a meeting as held."""

    weights: Floats
    offset: float

    @classmethod
    @cache
    def learnt(cls) -> Self:
        """Return the model that `bench.held_sentences` has learnt."""
        return cls(*read_linear(LEARNT_FILE))

    def chance(self, text: str) -> float:
        """The chance, from 0 to 1, that a sentence with a date tells of a meeting on it."""
        present = features(text)
        odds = self.weights[present].sum() / np.sqrt(max(len(present), 1)) + self.offset
        return float(1 / (1 + np.exp(-odds)))


def find_held(
    statements: Sequence[Statement], reader: ReportReader, words: MeetingWords
) -> list[Report]:
    """The meetings that sentences tell of by their wording, of the days before the article's: for
    each day the likeliest sentence. An article that does not say when it is of tells of none."""
    likeliest: dict[Day, tuple[float, Report]] = {}
    for statement in statements if reader.is_dated else ():
        date, days = next(reader.recent_days(statement), (None, None))
        if date is None or days is None or not _may_tell(statement.text, words):
            continue
        chance = HeldModel.learnt().chance(statement.text)
        if chance >= max(LEAST_CHANCE, likeliest.get(days.first, (0.0, None))[0]):
            likeliest[days.first] = chance, Report(statement, (0, 1), date, days, by_verb=True)
    return [report for _, report in likeliest.values()]


def _may_tell(text: str, words: MeetingWords) -> bool:
    """Whether nothing in a sentence says that it tells of another thing, or of another meeting; one
    that names a meeting has been read, and tells of none that was held."""
    events = words.events
    cues = (events.cancelled, events.negation, events.sport, events.minutes, events.approved)
    is_other = any(cue.search(text) for cue in cues) or names_next(text, words)
    return not (is_other or noun_spans(text, words))
