"""What each choice of retrieval brings: `python -m bench.ablation ANSWERS XQUAD [ROW …]`.

Prints a table in Markdown (ANSWERS and XQUAD: see `bench/corpora.py`). Each row but the first is
what is shipped, with another choice in one place. Texts are embedded once; `--cache FOLDER` keeps
that. (The space of tokens was learnt on XQuAD's paragraphs: what changes it, folds judge.)
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.bootstrap import mean_interval
from bench.corpora import OWN_GOLD, XQUAD_PASSAGES, Corpus, fold_corpora, xquad_corpus
from retrieval.embedding.embedder import Embedder
from retrieval.embedding.token_space import BITS, DIMENSIONS, TokenSpace
from retrieval.models import Kind
from retrieval.search.late_interaction import token_weights
from retrieval.search.weights import ORDER, SEARCH

STEPS = {1: 1.596, 2: 0.996, 4: 0.335, 8: 0.031}
"""By bits: the width of a level in standard deviations (see `token_space.STEP`)."""

UNROUNDED = 32
SHORT = 80
PSEUDO_PASSAGES = 3
"""A language's mean MaxSim is shrunk towards the overall mean as if so many had been added."""
LEARNT_FROM, PRIOR = 64, 16
"""Passages from which a language's mean state is learnt, and as how many the general one counts."""
AT_ONCE = 8
"""Questions that are compared at once: a product of few rows takes four times as long."""

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]
Numbers = NDArray[np.intp]
Ranks = dict[tuple[str, str], list[tuple[str, float]]]
"""By row and trial: each question's language, and the rank of the first hit that answers."""


@dataclass(frozen=True, slots=True)
class Representation:
    """How tokens become vectors. `means` are "own" (those of each language), "general" (the mean of
    the languages) or "learnt" (from the corpus)."""

    dimensions: int = DIMENSIONS
    bits: int = BITS
    means: str = "own"


@dataclass(frozen=True, slots=True)
class Scores:
    """What passages have for a question, each of shape (passages,): MaxSim and `uniform` with the
    bonus of another language, `neighbours` what the tokens of those before and after would add."""

    maxsim: Floats
    uniform: Floats
    neighbours: Floats
    cosine: Floats
    languages: NDArray[np.str_]
    bonus: Floats
    captions: Bools
    short: Bools

    def at(self, chosen: Numbers) -> Scores:
        """The scores of the chosen passages."""
        return Scores(*(getattr(self, field.name)[chosen] for field in fields(self)))


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table."""

    name: str
    label: str
    order: Callable[[Scores], Floats] = lambda scores: scores.maxsim
    representation: Representation = Representation()
    candidates: int = SEARCH.candidates


def centred_by_language(scores: Scores) -> Floats:
    """Return MaxSim less its mean over the candidates of the same language."""
    overall = scores.maxsim.sum() / (len(scores.maxsim) + PSEUDO_PASSAGES)
    centred = scores.maxsim.copy()
    for language in set(scores.languages.tolist()):
        mask = scores.languages == language
        total = scores.maxsim[mask].sum() + PSEUDO_PASSAGES * overall
        centred[mask] -= total / (mask.sum() + PSEUDO_PASSAGES)
    return centred


def _space(label: str, dimensions: int = DIMENSIONS, bits: int = BITS, means: str = "own") -> Row:
    name = f"{dimensions}x{bits}" if means == "own" else f"{means}-means"
    return Row(name, label, representation=Representation(dimensions, bits, means))


SHIPPED = Row("shipped", f"shipped: {DIMENSIONS} dimensions of {BITS} bits, 200 candidates")
ROWS = (
    SHIPPED,
    Row("language", "MaxSim alone, in whatever language", lambda s: s.maxsim - s.bonus),
    Row("cosine", "order by cosine alone", lambda s: s.cosine),
    Row("cosine-too", "MaxSim + .4 cosine", lambda s: s.maxsim + 0.4 * s.cosine),
    Row("centred", "MaxSim centred by the passages' language", centred_by_language),
    Row("uniform", "all tokens of the question with the same weight", lambda s: s.uniform),
    _space("8 bits", bits=8),
    _space("2 bits", bits=2),
    _space("1 bit", bits=1),
    _space("128 dimensions", 128),
    _space("256 dimensions", 256),
    _space("384 dimensions (all)", 384),
    _space("384 dimensions, not rounded", 384, UNROUNDED),
    _space("128 dimensions of 8 bits", 128, 8),
    Row("candidates-100", "100 candidates", candidates=100),
    Row("candidates-all", "all passages are candidates", candidates=sys.maxsize),
    Row("neighbours-35", "+ .35 neighbours' tokens", lambda s: s.maxsim + 0.35 * s.neighbours),
    Row("neighbours-70", "+ .7 neighbours' tokens", lambda s: s.maxsim + 0.7 * s.neighbours),
    Row("captions", "captions less .02", lambda s: s.maxsim - 0.02 * s.captions),
    Row("short", f"passages under {SHORT} letters less .02", lambda s: s.maxsim - 0.02 * s.short),
    _space("mean state of all languages, not of each", means="general"),
    _space("mean states learnt from the corpus", means="learnt"),
)


def main() -> None:
    """Try the rows, and print the table."""
    names = [row.name for row in ROWS]
    parser = argparse.ArgumentParser(description="What each choice of retrieval brings.")
    parser.add_argument("answers", type=Path)
    parser.add_argument("xquad", type=Path)
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"{', '.join(names)}; else all")
    parser.add_argument("--cache", type=Path, help="keep what the model makes of the texts here")
    args = parser.parse_intermixed_args()
    if unknown := set(args.rows) - set(names):
        parser.error(f"There is no row {min(unknown)!r}.")
    rows = [row for row in ROWS if row is SHIPPED or row.name in args.rows or not args.rows]
    ranks: Ranks = defaultdict(list)
    embedder = Embedder.load(threads=2)
    xquad = xquad_corpus(args.xquad, embedder, args.cache)
    directions = all_directions(xquad)
    for corpus in chain([xquad], fold_corpora(args.answers, embedder, args.cache)):
        try_rows(corpus, rows, directions, ranks)
        print(f"{corpus.name}: {len(corpus.passages)} passages", file=sys.stderr, flush=True)
    print("\n".join(table(rows, ranks)))


def all_directions(corpus: Corpus) -> Floats:
    """Return the directions of the general space and, behind them, the principal directions of what
    these leave of a corpus."""
    space = TokenSpace.general()
    residuals = _centred(corpus, space)
    residuals -= residuals @ space.directions @ space.directions.T
    _, vectors = np.linalg.eigh(residuals.T @ residuals)
    spare = len(vectors) - space.dimensions
    return np.concatenate([space.directions, vectors[:, ::-1][:, :spare]], axis=1)


def try_rows(corpus: Corpus, rows: Sequence[Row], directions: Floats, ranks: Ranks) -> None:
    """Ask a corpus its questions by each row; add to `ranks`."""
    languages, (before, after) = corpus.languages, corpus.neighbours()
    captions = np.array([passage.kind is Kind.CAPTION for passage in corpus.passages])
    short = np.array([len(passage.text) < SHORT for passage in corpus.passages])
    for representation in dict.fromkeys(row.representation for row in rows):
        space = _space_of(representation, corpus, directions)
        tokens = rounded(_unit(_centred(corpus, space) @ space.directions), representation.bits)
        compared = _best_matches(corpus, space, tokens)
        for number, (question, best) in enumerate(zip(corpus.questions, compared, strict=True)):
            encoding = corpus.encoded_questions[number]
            weights = token_weights(encoding.rarity)
            bonus = ORDER.crossing * (languages != question.language)
            scores = Scores(
                weights @ best + bonus,
                best.mean(axis=0) + bonus,
                weights @ np.maximum(np.maximum(best[:, before], best[:, after]) - best, 0),
                corpus.encoded_passages.vectors @ encoding.vector,
                languages,
                bonus,
                captions,
                short,
            )
            for row in rows:
                if row.representation == representation:
                    for trial, columns in question.trials:
                        rank = rank_of(question.right[columns], scores.at(columns), row)
                        ranks[row.name, trial].append((question.gold.language, rank))


def _best_matches(corpus: Corpus, space: TokenSpace, tokens: Floats) -> Iterator[Floats]:
    """Yield for each question what the best match of each of its tokens has in each passage, of
    shape (question's tokens, passages)."""
    for start in range(0, len(corpus.questions), AT_ONCE):
        numbers = range(start, min(start + AT_ONCE, len(corpus.questions)))
        vectors = [
            space.question(
                corpus.encoded_questions[number].states, corpus.questions[number].language
            )
            for number in numbers
        ]
        products = np.concatenate(vectors) @ tokens.T
        best = np.maximum.reduceat(products, corpus.encoded_passages.starts[:-1], axis=1)
        yield from np.split(best, np.cumsum([len(own) for own in vectors])[:-1])


def rank_of(right: Bools, scores: Scores, row: Row) -> float:
    """Return the rank of the first passage that answers; infinity if it is no candidate."""
    nearest = np.arange(len(right))
    if row.candidates < len(right):
        nearest = np.sort(np.argpartition(-scores.cosine, row.candidates)[: row.candidates])
    order = nearest[np.argsort(-row.order(scores.at(nearest)), kind="stable")]
    hits = np.flatnonzero(right[order])
    return float(hits[0] + 1) if len(hits) else np.inf


def rounded(vectors: Floats, bits: int) -> Floats:
    """Return unit vectors rounded to levels of so many bits, as unit vectors again."""
    if bits == UNROUNDED:
        return vectors
    step, most = STEPS[bits] / np.sqrt(vectors.shape[1]), 2 ** (bits - 1) - 0.5
    return _unit(np.clip(np.floor(vectors / step) + 0.5, -most, most))


def _unit(vectors: Floats) -> Floats:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), dtype=np.float32)


def _token_languages(corpus: Corpus) -> NDArray[np.str_]:
    return np.repeat(corpus.languages, np.diff(corpus.encoded_passages.starts))


def _centred(corpus: Corpus, space: TokenSpace) -> Floats:
    """The states of a corpus' tokens, less the mean of their language."""
    languages, states = _token_languages(corpus), corpus.encoded_passages.states.astype(np.float32)
    for language in set(languages.tolist()):
        states[languages == language] -= space.passages.get(language, space.passages[""])
    return states


def _space_of(representation: Representation, corpus: Corpus, directions: Floats) -> TokenSpace:
    space = TokenSpace.general()
    passages, questions = dict(space.passages), dict(space.questions)
    if representation.means != "own":
        passages, questions = {"": passages[""]}, {"": questions[""]}
    if representation.means == "learnt":
        for language in set(corpus.languages.tolist()):
            own = np.flatnonzero(corpus.languages == language)[:LEARNT_FROM]
            states = [corpus.encoded_passages[number].states for number in own]
            mean = np.concatenate(states).mean(axis=0)
            passages[language] = (len(own) * mean + PRIOR * passages[""]) / (len(own) + PRIOR)
            questions[language] = questions[""] + passages[language] - passages[""]
    return TokenSpace(directions[:, : representation.dimensions], passages, questions).rotated()


def table(rows: Sequence[Row], ranks: Ranks) -> Iterator[str]:
    """Yield the lines of the table."""
    counts = {trial: len(ranks[SHIPPED.name, trial]) for trial in ("dev", "vi", *OWN_GOLD)}
    yield (
        f"Folds: {counts['dev']} questions. Gold: {counts['questions']} and "
        f"{counts['more_questions']}. XQuAD: {counts['vi'] // len(XQUAD_PASSAGES)} in each "
        f"language, about paragraphs in {', '.join(XQUAD_PASSAGES)}.\n"
    )
    figures = "R@1 | R@3 | R@10 | vi R@3 | R@1 less shipped's | R@3 less shipped's"
    xquad = "XQuAD article@1: same language | across | vi → | mixed"
    yield f"| | {figures} | gold, more: R@3 | {xquad} |"
    yield "|---|" + "---|" * 11
    for row in rows:
        folds = _ranks(ranks[row.name, "dev"])
        cells = [f"{np.mean(folds <= limit):.3f}" for limit in (1, 3, 10)]
        vietnamese = [rank for language, rank in ranks[row.name, "dev"] if language == "vi"]
        cells.append(f"{np.mean(np.array(vietnamese) <= 3):.3f}")
        shipped = _ranks(ranks[SHIPPED.name, "dev"])
        for limit in (1, 3):
            cells.append("" if row is SHIPPED else _difference(folds <= limit, shipped <= limit))
        gold = [f"{np.mean(_ranks(ranks[row.name, trial]) <= 3):.2f}" for trial in OWN_GOLD]
        cells.append(", ".join(gold))
        trials = [_ranks(ranks[row.name, trial]) for trial in ("same", "across", "vi", "mixed")]
        cells += [f"{np.mean(ranks_of <= 1):.3f}" for ranks_of in trials]
        yield f"| {row.label} | {' | '.join(cells)} |"


def _ranks(ranked: Sequence[tuple[str, float]]) -> NDArray[np.float64]:
    return np.array([rank for _, rank in ranked])


def _difference(hits: Bools, shipped: Bools) -> str:
    """The difference in the mean, with its 95 % paired bootstrap interval."""
    mean, low, high = mean_interval(hits.astype(float) - shipped)
    return f"{mean:+.3f} ({low:+.3f} to {high:+.3f})"


if __name__ == "__main__":
    main()
