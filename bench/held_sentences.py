"""Learns which statements tell of a meeting held: `python -m bench.held_sentences [--write]`.

`bench/data/held_sentences.jsonl` has sentences and lines with a date, each with its language, where
it is from, and whether it tells of a meeting as held, announces one, or does neither. They were
written for it by people who had not seen the finder, of ten kinds of source and more. To them come
the dated statements of the articles in `tests/data/meetings`, labelled by their gold, most of `w`
without a meeting. From all of them the weights of wordings are learnt, from the articles those of
facts. Prints how well the days of each part are told by what is learnt from the others; with
--write keeps what is learnt from all.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any
from zlib import crc32

import numpy as np
from scipy.sparse import csr_matrix

from bench.corpora import ROOT, Bools
from retrieval import scan
from retrieval.articles.paragraphs import paragraphs
from retrieval.articles.plain_view import plain_view
from retrieval.languages import language_of
from retrieval.languages.meeting_words import meeting_words
from retrieval.meetings.held_sentences import (
    FEATURES,
    LEARNT_FILE,
    LEAST_CHANCE,
    WORDING,
    Candidate,
    features,
    find_candidates,
)
from retrieval.meetings.number_order import with_number_order
from retrieval.meetings.periods import with_periods
from retrieval.meetings.published import find_published
from retrieval.meetings.reports import ReportReader
from retrieval.meetings.statements import split_statements
from retrieval.meetings.years import find_year_cues
from retrieval.models import Article

SENTENCES = ROOT / "bench" / "data" / "held_sentences.jsonl"
SETS = ROOT / "tests" / "data" / "meetings"
UNTIDY = "w"
"""The set that is cut into PARTS; its articles, most of them ordinary ones, weigh WEIGHT times."""
PARTS, WEIGHT = 5, 3.0
WORDING_STRENGTH, FACT_STRENGTH = 10.0, 0.3
"""The inverse of how much large weights cost."""
SCALE = 0.5


@dataclass(frozen=True, slots=True)
class Dated:
    """A statement with dates (`candidate` is None), or a candidate, of an article of a `part`."""

    part: str
    article: str
    text: str
    is_held: bool
    candidate: Candidate | None = None

    @property
    def day(self) -> tuple[str, str]:
        """The article and the day of a candidate."""
        days = self.candidate.report.days if self.candidate else None
        return self.article, str(days and days.first)


def main() -> None:
    """Print how well it is told, by part; write what is learnt."""
    parser = argparse.ArgumentParser(description="Which statements tell of a meeting held.")
    parser.add_argument("--write", action="store_true", help="learn from all, and keep it")
    args = parser.parse_args()
    written = [json.loads(line) for line in SENTENCES.read_text("utf-8").splitlines()]
    rows = [Dated("", "", row["text"], row["label"] == "held") for row in written]
    given: dict[str, int] = {}
    for folder in sorted(SETS.iterdir()):
        gold = json.loads((folder / "gold.json").read_text("utf-8"))
        for article in scan(folder).articles:
            held = gold.get(article.source.path, [])
            rows += _dated(article, folder.name, held)
            part = _part(folder.name, article.source.path)
            given[part] = given.get(part, 0) + len([*_days(held, optional=False)])
    sentences = [row for row in rows if row.candidate is None]
    candidates = [row for row in rows if row.candidate is not None]
    parts = sorted({row.part for row in candidates})
    # The odds of a candidate are those of a model that has not learnt from its part.
    odds = np.zeros(len(candidates))
    texts = _matrix([row.text for row in candidates])
    for part in parts:
        model = _learn_wording([row for row in sentences if row.part != part])
        of_part = np.array([row.part == part for row in candidates])
        odds[of_part] = model.decision_function(texts[of_part])
    of_each = [row.candidate.facts for row in candidates if row.candidate]
    names = sorted({*chain.from_iterable(of_each)})
    facts = np.array([[name in each for name in names] for each in of_each])
    matrix = np.hstack([facts, odds[:, None]]) * SCALE
    held = np.array([row.is_held for row in candidates])
    weights = np.array([WEIGHT if row.part.startswith(UNTIDY) else 1 for row in candidates])
    print("part | meetings | days taken | right")
    for part in parts:
        left = np.array([row.part != part for row in candidates])
        chances = _learn_facts(matrix[left], held[left], weights[left]).predict_proba(matrix[~left])
        taken = {
            row.day: row.is_held
            for row, chance in zip(_where(candidates, ~left), chances[:, 1], strict=True)
            if chance >= LEAST_CHANCE
        }
        print(f"{part} | {given[part]} | {len(taken)} | {sum(taken.values())}")
    if args.write:
        wording = _learn_wording(sentences)
        learnt = _learn_facts(matrix, held, weights)
        of_facts = learnt.coef_[0] * SCALE
        of_facts[names.index("any")] += learnt.intercept_[0]
        np.savez_compressed(
            LEARNT_FILE,
            weights=wording.coef_[0].astype(np.float16),
            offset=wording.intercept_[0],
            facts=[*names, WORDING],
            fact_weights=of_facts,
        )


def _where(rows: Sequence[Dated], chosen: Bools) -> list[Dated]:
    return [row for row, is_chosen in zip(rows, chosen, strict=True) if is_chosen]


def _part(name: str, path: str) -> str:
    return f"{name}{crc32(path.encode()) % PARTS}" if name == UNTIDY else name


def _days(gold: Sequence[dict[str, Any]], *, optional: bool) -> Iterator[set[str]]:
    """The days that each meeting may have, of those that were held."""
    for one in gold:
        days = {day for day in (one["date"], *one.get("also_accepted", [])) if day}
        if days and "status" not in one and (optional or not one.get("optional")):
            yield days


def _dated(article: Article, name: str, gold: Sequence[dict[str, Any]]) -> Iterator[Dated]:
    """The dated statements of an article and its candidates, but for those of days of which gold
    says that sensible people may differ, or of what is to come."""
    view = plain_view(article.text, article.source.path)
    article = replace(article, text=view.text, body=view.offset(article.body))
    words = meeting_words(language_of(article.source.language))
    if words is None:
        return
    words = with_number_order(words, article.text)
    statements = split_statements(article, paragraphs(article.text, article.body))
    published = find_published(article, words)
    cues = find_year_cues("\n".join(each.text for each in statements), words)
    statements = with_periods(article, statements, published, words)
    reader = ReportReader(words, published, cues)
    sure = set[str]().union(*_days(gold, optional=False))
    left_out = set[str]().union(*_days(gold, optional=True)) - sure
    planned = {one["date"] for one in gold if "status" in one}
    path = article.source.path
    part = _part(name, path)
    for each in statements:
        days = {str(days.first) for _, days in reader.told_days(each)}
        if days - left_out - planned:
            yield Dated(part, path, each.text, bool(days & sure))
    for candidate in find_candidates(statements, reader, words):
        row = Dated(part, path, candidate.report.statement.text, False, candidate)
        if row.day[1] not in left_out:
            yield replace(row, is_held=row.day[1] in sure)


def _matrix(texts: Sequence[str]) -> csr_matrix:
    """The features of texts, of shape (texts, FEATURES), each row of length 1."""
    present = [features(text) for text in texts]
    counts = [len(each) for each in present]
    values = np.repeat(np.maximum(counts, 1) ** -0.5, counts)
    ends = np.concatenate([[0], np.cumsum(counts)])
    columns = np.concatenate([np.array(each, np.int32) for each in present])
    return csr_matrix((values, columns, ends), shape=(len(texts), FEATURES))


def _learn_wording(rows: Sequence[Dated]) -> Any:
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    model = LogisticRegression(C=WORDING_STRENGTH, max_iter=200, class_weight="balanced")
    return model.fit(_matrix([row.text for row in rows]), [row.is_held for row in rows])


def _learn_facts(matrix: Any, held: Bools, weights: Any) -> Any:
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    return LogisticRegression(C=FACT_STRENGTH, max_iter=1_000).fit(matrix, held, weights)


if __name__ == "__main__":
    main()
