"""What `bench.ablation` calls shipped is what is shipped."""

import shutil
from collections import defaultdict
from pathlib import Path

import numpy as np

from bench.ablation import SHIPPED, Ranks, rounded, try_rows
from bench.corpora import ROOT, fold_corpora
from retrieval.embedding.embedder import Embedder
from retrieval.embedding.token_space import TokenSpace
from retrieval.evaluation.gold import read_gold
from retrieval.index.store import Store
from retrieval.search.late_interaction import PassageTokens, QuestionTokens, TokenTable
from retrieval.search.query import parsed
from retrieval.search.searcher import Searcher
from retrieval.search.synonyms import ExpandedQuery

GOLD = ROOT / "tests" / "data" / "questions.jsonl"


def test_four_bits_are_rounded_as_in_the_index() -> None:
    space, dice = TokenSpace.random(384), np.random.default_rng(0)
    states = dice.normal(size=(40, 384)).astype(np.float32)
    question = QuestionTokens(space.question(states[:7], ""), np.full(7, 1 / 7, np.float32))
    vectors = rounded(space.question(states, ""), 4)
    indexed = TokenTable([PassageTokens(space.passage(states, ""), (0, 40))]).compare(question)
    expected = question.weights @ (question.vectors @ vectors.T).max(axis=1)
    assert np.allclose(indexed.maxsim, expected, atol=1e-5)


def test_the_shipped_row_ranks_as_a_search_does(
    embedder: Embedder, seed_index: Path, tmp_path: Path
) -> None:
    fold = tmp_path / "answers" / "seeds"
    fold.mkdir(parents=True)
    shutil.copy(GOLD, fold / "dev.jsonl")
    ranks: Ranks = defaultdict(list)
    for corpus in fold_corpora(fold.parent, embedder):
        try_rows(corpus, [SHIPPED], TokenSpace.general().directions, ranks)
    shutil.copytree(seed_index, tmp_path / "data")
    generation = Store.open(tmp_path / "data" / "chroma").index()
    assert generation
    searcher, searched = Searcher(generation, embedder), []
    for gold in (gold for gold in read_gold(GOLD) if gold.answerable):
        readings, language = parsed(gold.question)
        hits = searcher.search(ExpandedQuery(readings[0], language), 200)
        right = [gold.held_by(hit.passage.source.path, hit.passage.text) for hit in hits]
        searched.append((gold.language, right.index(True) + 1))
    # Batches of other shapes are rounded otherwise, so that neighbours may change places.
    pairs = list(zip(ranks["shipped", "dev"], searched, strict=True))
    assert sum(tried != asked for tried, asked in pairs) <= len(pairs) / 10
