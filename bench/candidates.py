"""Which passages are candidates: `python -m bench.candidates ANSWERS [--cache FOLDER]`.

All folds (see `bench/corpora.py`) are one corpus of some 10,000 passages, of which each question is
asked. Prints how often a passage that answers is among the nearest by the cosine of pooled vectors,
centred by language as shipped and not, and at what rank MaxSim then has the first of these.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.corpora import Corpus, fold_corpora
from retrieval.embedding.embedder import Embedder
from retrieval.search.late_interaction import (
    PassageTokens,
    QuestionTokens,
    TokenTable,
    token_weights,
)
from retrieval.search.weights import ORDER

COUNTS = (50, 100, 200, 400, 800)
RANKS = (1, 3, 5, 10)
"""The reader reads five."""

Floats = NDArray[np.float32]


class Together:
    """Several corpora as one."""

    def __init__(self, corpora: list[Corpus], embedder: Embedder) -> None:
        self.space = embedder.space
        self.tokens: list[PassageTokens] = []
        languages, raw, centred = list[str](), list[Floats](), list[Floats]()
        for corpus in corpora:
            for number, language in enumerate(corpus.languages):
                encoding = corpus.encoded_passages[number]
                codes = self.space.passage(encoding.states, language)
                self.tokens.append(PassageTokens(codes, (0, len(codes))))
                raw.append(encoding.vector)
                centred.append(self.space.passage_vector(encoding.vector, language))
                languages.append(language)
        self.languages = np.array(languages)
        self.vectors = {"as pooled": np.stack(raw), "centred": np.stack(centred)}
        self.corpora = corpora

    def ranks(self) -> Iterator[tuple[str, int, int]]:
        """Yield for each question and kind of vectors the kind, the rank of the first passage that
        answers among all by cosine, and for each of `COUNTS` its rank by MaxSim among so many."""
        first = 0
        for corpus in self.corpora:
            for number, question in enumerate(corpus.questions):
                encoding = corpus.encoded_questions[number]
                right = np.zeros(len(self.tokens), bool)
                right[first : first + len(corpus.passages)] = question.right
                asked = QuestionTokens(
                    self.space.question(encoding.states, question.language),
                    token_weights(encoding.rarity),
                )
                centred = self.space.question_vector(encoding.vector, question.language)
                for kind, vector in (("as pooled", encoding.vector), ("centred", centred)):
                    nearest = np.argsort(-(self.vectors[kind] @ vector), kind="stable")
                    yield kind, 0, int(np.argmax(right[nearest]))
                    for count in COUNTS:
                        yield (
                            kind,
                            count,
                            self._rank(nearest[:count], asked, question.language, right),
                        )
            first += len(corpus.passages)

    def _rank(
        self,
        chosen: NDArray[np.intp],
        asked: QuestionTokens,
        language: str,
        right: NDArray[np.bool_],
    ) -> int:
        """The rank by MaxSim of the first of the chosen passages that answers; all if none does."""
        scores = TokenTable([self.tokens[number] for number in chosen]).compare(asked).maxsim
        scores += ORDER.crossing * (self.languages[chosen] != language)
        in_order = right[chosen][np.argsort(-scores, kind="stable")]
        return int(np.argmax(in_order)) if in_order.any() else len(right)


def main() -> None:
    """Ask all questions and print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.candidates", description=__doc__)
    parser.add_argument("answers", type=Path)
    parser.add_argument("--cache", type=Path, help="keep what the model makes of the texts here")
    args = parser.parse_args()
    embedder = Embedder.load(threads=2)
    together = Together(list(fold_corpora(args.answers, embedder, args.cache)), embedder)
    asked = sum(len(corpus.questions) for corpus in together.corpora)
    print(f"{len(together.tokens)} passages, {asked} questions\n")
    print(
        "| vectors, candidates | answers among them |", *(f" R@{rank} |" for rank in RANKS), sep=""
    )
    print("|---|" + "---|" * (1 + len(RANKS)))
    ranks: dict[tuple[str, int], list[int]] = defaultdict(list)
    for kind, count, rank in together.ranks():
        ranks[kind, count].append(rank)
    for (kind, count), among in ranks.items():
        if count:
            recalls = (f" {np.mean(np.array(among) < rank):.3f} |" for rank in RANKS)
            nearest = np.mean(np.array(ranks[kind, 0]) < count)
            print(f"| {kind}, {count} | {nearest:.3f} |", *recalls, sep="")


if __name__ == "__main__":
    main()
