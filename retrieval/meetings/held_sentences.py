"""Statements that tell of a meeting by how they are worded and where they stand. Pure.

"More than 120 people packed the gallery on Monday evening": logistic regression over hashed n-grams
of letters (*Weinberger et al., "Feature Hashing for Large Scale Multitask Learning", ICML 2009*),
whose log odds a second one weighs with facts about the statement. `python -m bench.held_sentences`
learns both from sentences and articles in four languages.
"""

from __future__ import annotations

import math
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Self
from zlib import crc32

import numpy as np

from ..arrays import Floats
from ..days import Day
from ..formats.lines import ends_sentence
from ..languages.meeting_words import MeetingWords
from .dates import DateMention
from .headings import names_next, noun_spans, past_verbs
from .reports import LIST_ITEM, Report, ReportReader
from .statements import Statement
from .years import recurs

LEARNT_FILE = files(__package__).joinpath("held_sentences.npz")

FEATURES = 1 << 16
LENGTHS = (3, 4, 5)
"""Of the n-grams, which stay within a word and the spaces around it."""

LEAST_CHANCE = 0.55
"""The least chance at which a statement is taken to tell of a meeting."""

LEAST_NAMED = 0.86
"""That of one that names a meeting."""

WORDING = "wording"
"""The fact whose value is the log odds of the n-grams; that of the others is 1."""

CUES = (
    *("nouns", "other_nouns", "met", "held", "meets", "future", "negation", "cancelled", "sport"),
    *("minutes", "approved", "past", "invited", "agenda", "determiners", "defines"),
)
"""The kinds of words for meetings of which it is a fact that a statement has one."""

_LENGTHS, _DATES, _STARTS = (50, 100, 150, 200, 250), (1, 2), (3, 30)
_INDICES, _AGES = (1, 2, 5, 11, 17), (1, 7, 35, 100)
"""The last values of the steps in which the numbers of a statement are facts."""

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
class Candidate:
    """A day of a statement that may be that of a meeting, and facts about them."""

    report: Report
    facts: Sequence[str]


@dataclass(frozen=True, slots=True)
class HeldModel:
    """The `weights` of the n-grams, of shape (FEATURES,): their sum over a statement, divided by
    the root of their number, and `offset` are the log odds of its wording. `facts` are the weights
    of the facts about a candidate, of which those log odds are one."""

    weights: Floats
    offset: float
    facts: Mapping[str, float]

    @classmethod
    @cache
    def learnt(cls) -> Self:
        """Return the model that `bench.held_sentences` has learnt."""
        with LEARNT_FILE.open("rb") as opened, np.load(opened) as arrays:
            facts = zip(arrays["facts"].tolist(), arrays["fact_weights"].tolist(), strict=True)
            return cls(arrays["weights"].astype(np.float32), float(arrays["offset"]), dict(facts))

    def wording(self, text: str) -> float:
        """The log odds of a statement's wording."""
        present = features(text)
        return float(self.weights[present].sum() / np.sqrt(max(len(present), 1)) + self.offset)

    def chance(self, candidate: Candidate) -> float:
        """The chance, from 0 to 1, that a candidate is a meeting that was held on its day."""
        odds = self.wording(candidate.report.statement.text) * self.facts[WORDING]
        odds += sum(self.facts.get(fact, 0.0) for fact in candidate.facts)
        return float(1 / (1 + np.exp(-odds)))


def find_held(
    statements: Sequence[Statement], reader: ReportReader, words: MeetingWords
) -> list[Report]:
    """The meetings that statements tell of by their wording: for each day the likeliest one, and
    for each statement its likeliest day."""
    model = HeldModel.learnt()
    chances = [
        (model.chance(each), each.report) for each in find_candidates(statements, reader, words)
    ]
    found: list[Report] = []
    days, told = set[Day](), set[int]()
    for chance, report in sorted(chances, key=lambda each: -each[0]):
        if report.days is None or report.days.first in days:
            continue
        least = _least_chance(report.statement.text, reader, words)
        if chance >= least and report.statement.index not in told:
            found.append(report)
            days.add(report.days.first)
            told.add(report.statement.index)
    return sorted(found, key=lambda each: each.statement.index)


def find_candidates(
    statements: Sequence[Statement], reader: ReportReader, words: MeetingWords
) -> Iterator[Candidate]:
    """The days in the statements of an article that may be those of meetings."""
    for statement in statements:
        for date, days, age in reader.recent_days(statement):
            report = Report(statement, (0, 1), date, days, by_verb=True)
            others = len(reader.dates(statement)) - 1
            yield Candidate(report, [*_facts(statement, date, age, others, words)])


def _least_chance(text: str, reader: ReportReader, words: MeetingWords) -> float:
    """The least chance for a statement: none is enough where it calls something off or names what
    only sounds like a meeting ("press conference"), and a high one is needed where it names one,
    which the rules have read and passed over."""
    events, is_named = words.events, bool(noun_spans(text, words))
    if events.cancelled.search(text) or (is_named and not reader.named(text)):
        return math.inf
    return LEAST_NAMED if is_named or events.meets.search(text) else LEAST_CHANCE


def _facts(
    statement: Statement, date: DateMention, age: int | None, others: int, words: MeetingWords
) -> Iterator[str]:
    """The facts about a day, of so many days before the article, and its statement, which has so
    many other dates."""
    text, events = statement.text, words.events
    yield "any"
    yield from (cue for cue in CUES if getattr(events, cue).search(text))
    facts = {
        "past verb": past_verbs(text, words),
        "next": names_next(text, words),
        "body": words.people.bodies.search(text),
        "sentence": ends_sentence(text),
        "item": LIST_ITEM.match(text),
        "habit": recurs(text, date, words),
        "weekday": date.weekday is not None,
        "period": statement.period,
    }
    yield from (name for name, is_fact in facts.items() if is_fact)
    yield f"length {bisect_left(_LENGTHS, len(text))}"
    yield f"other dates {bisect_left(_DATES, others)}"
    yield f"day at {bisect_left(_STARTS, date.start)}"
    yield f"statement {bisect_left(_INDICES, statement.index)}"
    yield "age unknown" if age is None else f"age {bisect_left(_AGES, age)}"
