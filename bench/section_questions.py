"""What a section named by its number is worth: `python -m bench.section_questions FOLDER…`.

Each FOLDER has `articles/`, and may have gold questions in `dev.jsonl`. Some of the sections with a
number that its articles have are asked for: in five languages with the first half of their law's
title, and by the number alone. A corpus is what is asked about the articles of a folder in one
language; all articles of the folder are searched. The weight is the least that puts most answers
first on the other corpora, each counting the same, and is tried on the one left out, in turn. The
folder's gold questions that name a section are asked too: so one sees what it costs. With --write
the weight that all corpora give is put into `retrieval/search/weights.toml`.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.corpora import read_passages, searcher_of
from bench.learn import write_weights
from retrieval.arrays import Floats
from retrieval.embedding.embedder import Embedder
from retrieval.embedding.onnx_encoder import PassageReader
from retrieval.evaluation.gold import Gold, read_gold
from retrieval.languages.sections import section_at_start, sections_named
from retrieval.models import Hit, Passage
from retrieval.search import searcher as searching
from retrieval.search.evidence import is_of_section
from retrieval.search.query import parsed
from retrieval.search.reranker import reread
from retrieval.search.searcher import Searcher
from retrieval.search.synonyms import ExpandedQuery
from retrieval.search.weights import ORDER, READING

WEIGHTS = (0.0, 0.02, 0.04, 0.06, 0.08, 0.1, 0.12, 0.15, 0.2, 0.3)
SECTIONS = 30
"""Sections of each corpus that are asked for."""

WITH_LAW = (
    "What does section {} of {} say?",
    "Was steht in § {} {}?",
    "¿Qué dice el artículo {} de {}?",
    "Điều {} {} quy định gì?",
    "根据{1}第{0}条，规定什么？",
)
ALONE = {"de": "§ {}", "es": "Artículo {}", "vi": "Điều {}", "zh": "第{}条"}
BY_LAW, BY_NUMBER = "with its law", "the number alone"
GOLD = "gold questions that name one"

IsRight = Callable[[Passage], bool]
Rights = defaultdict[tuple[str, str], list[NDArray[np.bool_]]]
"""By corpus and kind of question: of each question whether its first hit is right, of shape
(weights,)."""


def main() -> None:
    """Ask, and print which weight is best."""
    parser = argparse.ArgumentParser(description="What a section named by its number is worth.")
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--write", action="store_true", help="put it into weights.toml")
    args = parser.parse_args()
    embedder, rights = Embedder.load(threads=2), Rights(list)
    reader = _CachedReader(embedder.reader) if embedder.reader else None
    for folder in args.folders:
        with tempfile.TemporaryDirectory() as data:
            searcher = searcher_of(folder / "articles", Path(data), embedder)
            for corpus, kind, question, is_right in _questions(folder):
                hits = _first_hits(searcher, reader, question)
                rights[corpus, kind].append(np.array([is_right(hit.passage) for hit in hits]))
    shares = {key: np.mean(right, axis=0) for key, right in rights.items()}
    corpora = sorted({corpus for corpus, kind in shares if kind != GOLD})
    means = {
        corpus: np.mean([share for (of, kind), share in shares.items() if of == corpus], axis=0)
        for corpus in corpora
    }
    chosen = {
        corpus: _best([mean for of, mean in means.items() if of != corpus]) for corpus in corpora
    }
    heads = " | ".join(map(str, WEIGHTS))
    print(f"| corpus | questions | number | {heads} | left out |\n|{'---|' * (len(WEIGHTS) + 4)}")
    for (corpus, kind), share in sorted(shares.items()):
        cells = " | ".join(f"{value:.3f}" for value in share)
        number = chosen.get(corpus)
        best = "–" if number is None else f"{share[number]:.3f} by {WEIGHTS[number]}"
        print(f"| {corpus} | {kind} | {len(rights[corpus, kind])} | {cells} | {best} |")
    weight = WEIGHTS[_best(list(means.values()))]
    print(f"\norder: {{'section': {weight}}}")
    if args.write:
        write_weights("order", {"section": weight})


def _best(means: Sequence[NDArray[np.float64]]) -> int:
    """The number of the least weight that puts most answers first, to a thousandth."""
    return int(np.mean(means, axis=0).round(3).argmax())


class _CachedReader(PassageReader):
    """A reader that reads each pair once."""

    def __init__(self, reader: PassageReader) -> None:
        self._one = cache(lambda question, passage: reader.read([question], [passage])[0])

    def read(self, questions: Sequence[str], passages: Sequence[tuple[str, str]]) -> Floats:
        return np.array([*map(self._one, questions, passages)], dtype=np.float32)


def _first_hits(searcher: Searcher, reader: PassageReader | None, question: str) -> list[Hit]:
    """The first hit with each weight, as the reader has them."""
    (text, *readings), language = parsed(question)
    query = ExpandedQuery(text, language, readings=tuple(readings))
    first = []
    for weight in WEIGHTS:
        searching.ORDER = replace(ORDER, section=weight)
        hits = searcher.search(query, READING.hits)
        first.append((reread(reader, text, language, hits) if reader else hits)[0])
    return first


def _questions(folder: Path) -> Iterator[tuple[str, str, str, IsRight]]:
    """Of each question its corpus, its kind, its text, and what tells whether a passage is right.
    A law is told by the first half of its title's words; several articles may be of one."""
    sections = defaultdict(set)
    for passage in read_passages(folder / "articles"):
        source = passage.source
        if number := section_at_start(passage.heading) or section_at_start(passage.text):
            words = source.title.split()
            law = " ".join(words[: -(-len(words) // 2)]).rstrip(":,.;–")
            sections[source.language].add((number, law))
    for language, named in sections.items():
        corpus, dice = f"{folder.name}, {language}", np.random.default_rng(0)
        for number, law in dice.permutation(sorted(named))[:SECTIONS].tolist():
            of_number = partial(is_of_section, numbers={number})
            is_right = partial(_is_of_law, of_number, law)
            for template in WITH_LAW:
                yield corpus, BY_LAW, template.format(number, law), is_right
            yield corpus, BY_NUMBER, ALONE.get(language, "section {}").format(number), of_number
    if (gold_file := folder / "dev.jsonl").is_file():
        for gold in read_gold(gold_file):
            if gold.answerable and sections_named(gold.question):
                yield folder.name, GOLD, gold.question, partial(_answers, gold)


def _is_of_law(of_section: IsRight, law: str, passage: Passage) -> bool:
    return passage.source.title.startswith(law) and of_section(passage)


def _answers(gold: Gold, passage: Passage) -> bool:
    return gold.held_by(passage.source.path, passage.text)


if __name__ == "__main__":
    main()
