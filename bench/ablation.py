"""What each choice of retrieval brings: `python -m bench.ablation ANSWERS XQUAD [ROW …]`.

Prints a table in Markdown (ANSWERS and XQUAD: see `bench/corpora.py`). Each row but the first is
what is shipped, with another choice in one place. Texts are embedded once; `--cache FOLDER` keeps
that. (The space of tokens was learnt on XQuAD's paragraphs: what changes it, folds judge.) With
--readers the folds' first hits are read; XQuAD's are not, as readers have learnt from it.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, fields
from functools import cache, partial
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.bootstrap import mean_interval
from bench.corpora import OWN_GOLD, XQUAD_PASSAGES, Corpus, fold_corpora, xquad_corpus
from bench.reading.fit import add_readers_option, reading_with
from retrieval.embedding.embedder import Embedder
from retrieval.embedding.onnx_encoder import PassageReader
from retrieval.embedding.token_space import BITS, DIMENSIONS, TokenSpace
from retrieval.index.records import text_of
from retrieval.search.late_interaction import token_weights
from retrieval.search.query import as_read_in
from retrieval.search.reranker import log_chances
from retrieval.search.weights import ORDER, READING, SEARCH

STEPS = {1: 1.596, 2: 0.996, 4: 0.335, 8: 0.031}
"""By bits: the width of a level in standard deviations (see `token_space.STEP`)."""

UNROUNDED = 32
AT_ONCE = 8
"""Questions that are compared at once: a product of few rows takes four times as long."""

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]
Numbers = NDArray[np.intp]
Read = Callable[[Numbers], NDArray[np.float64]]
Ranks = dict[tuple[str, str], list[tuple[str, float]]]
"""By row and trial: each question's language, and the rank of the first hit that answers."""


@dataclass(frozen=True, slots=True)
class Representation:
    """How tokens become vectors. They are centred by the mean of their language, or, if `general`,
    by that of all languages."""

    dimensions: int = DIMENSIONS
    bits: int = BITS
    general: bool = False


@dataclass(frozen=True, slots=True)
class Scores:
    """What passages have for a question, each of shape (passages,): MaxSim and `uniform` with the
    bonus of another language."""

    maxsim: Floats
    uniform: Floats
    cosine: Floats
    bonus: Floats

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


def _space(label: str, dimensions: int = DIMENSIONS, bits: int = BITS) -> Row:
    return Row(f"{dimensions}x{bits}", label, representation=Representation(dimensions, bits))


GENERAL = Representation(general=True)
SHIPPED = Row(
    "shipped", f"shipped: {DIMENSIONS} dimensions of {BITS} bits, {SEARCH.candidates} candidates"
)
ROWS = (
    SHIPPED,
    Row("language", "MaxSim alone, in whatever language", lambda s: s.maxsim - s.bonus),
    Row("cosine", "order by cosine alone", lambda s: s.cosine),
    Row("cosine-too", "MaxSim + .4 cosine", lambda s: s.maxsim + 0.4 * s.cosine),
    Row("uniform", "all tokens of the question with the same weight", lambda s: s.uniform),
    _space("2 bits", bits=2),
    _space("1 bit", bits=1),
    _space("128 dimensions", 128),
    _space("384 dimensions (all)", 384),
    _space("384 dimensions, not rounded", 384, UNROUNDED),
    Row("candidates-200", "200 candidates", candidates=200),
    Row("candidates-all", "all passages are candidates", candidates=sys.maxsize),
    Row("general-means", "mean state of all languages, not of each", representation=GENERAL),
)


def main() -> None:
    """Try the rows, and print the table."""
    names = [row.name for row in ROWS]
    parser = argparse.ArgumentParser(description="What each choice of retrieval brings.")
    parser.add_argument("answers", type=Path)
    parser.add_argument("xquad", type=Path)
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"{', '.join(names)}; else all")
    parser.add_argument("--cache", type=Path, help="keep what the model makes of the texts here")
    add_readers_option(parser)
    args = parser.parse_intermixed_args()
    if unknown := set(args.rows) - set(names):
        parser.error(f"There is no row {min(unknown)!r}.")
    rows = [row for row in ROWS if row is SHIPPED or row.name in args.rows or not args.rows]
    ranks: Ranks = defaultdict(list)
    embedder = Embedder.load(threads=2)
    xquad = xquad_corpus(args.xquad, embedder, args.cache)
    directions = all_directions(xquad)
    for corpus in chain([xquad], fold_corpora(args.answers, embedder, args.cache)):
        reads = bool(args.readers) and corpus is not xquad
        with reading_with(embedder, args.readers, corpus.name) if reads else nullcontext():
            try_rows(corpus, rows, directions, ranks, embedder.reader if reads else None)
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


def try_rows(
    corpus: Corpus,
    rows: Sequence[Row],
    directions: Floats,
    ranks: Ranks,
    reader: PassageReader | None = None,
) -> None:
    """Ask a corpus its questions by each row; add to `ranks`. Where there is a `reader`, the first
    hits are put in order by their readings; all trials must be of all passages then."""
    languages = corpus.languages
    general = TokenSpace.general()
    pooled = zip(corpus.encoded_passages.vectors, languages, strict=True)
    vectors = np.stack([general.passage_vector(vector, of) for vector, of in pooled])
    read = readings(corpus, reader) if reader else None
    for representation in dict.fromkeys(row.representation for row in rows):
        space = _space_of(representation, directions)
        tokens = rounded(_unit(_centred(corpus, space) @ space.directions), representation.bits)
        compared = _best_matches(corpus, space, tokens)
        for number, (question, best) in enumerate(zip(corpus.questions, compared, strict=True)):
            encoding = corpus.encoded_questions[number]
            weights = token_weights(encoding.rarity)
            bonus = ORDER.crossing * (languages != question.language)
            scores = Scores(
                weights @ best + bonus,
                best.mean(axis=0) + bonus,
                vectors @ general.question_vector(encoding.vector, question.language),
                bonus,
            )
            for row in rows:
                if row.representation == representation:
                    for trial, columns in question.trials:
                        given = question.right[columns], scores.at(columns), row
                        rank = rank_of(*given, partial(read, number) if read else None)
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


def readings(
    corpus: Corpus, reader: PassageReader
) -> Callable[[int, Numbers], NDArray[np.float64]]:
    """Return what reads passages beside a question, all by their numbers: the log of the chance
    that each answers. A pair is read once."""

    @cache
    def log_chance(question: int, passage: int) -> float:
        asked, text = corpus.questions[question], text_of(corpus.passages[passage])
        words = as_read_in(text.language, asked.text, asked.language)
        return float(log_chances(reader.read([words], [(text.title, text.text)]))[0])

    return lambda question, passages: np.array([log_chance(question, int(n)) for n in passages])


def rank_of(right: Bools, scores: Scores, row: Row, read: Read | None = None) -> float:
    """Return the rank of the first passage that answers; infinity if it is no candidate. `read`
    returns what the readings of passages say, for the order of the first hits."""
    nearest = np.arange(len(right))
    if row.candidates < len(right):
        nearest = np.sort(np.argpartition(-scores.cosine, row.candidates)[: row.candidates])
    values = row.order(scores.at(nearest))
    best = np.argsort(-values, kind="stable")
    order = nearest[best]
    if read:
        ordered = values[best[: READING.hits]] + READING.order * read(order[: READING.hits])
        order[: READING.hits] = order[np.argsort(-ordered, kind="stable")]
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


def _centred(corpus: Corpus, space: TokenSpace) -> Floats:
    """The states of a corpus' tokens, less the mean of their language."""
    languages = np.repeat(corpus.languages, np.diff(corpus.encoded_passages.starts))
    states = corpus.encoded_passages.states.astype(np.float32)
    for language in set(languages.tolist()):
        states[languages == language] -= space.passages.get(language, space.passages[""])
    return states


def _space_of(representation: Representation, directions: Floats) -> TokenSpace:
    space = TokenSpace.general()
    passages, questions = dict(space.passages), dict(space.questions)
    if representation.general:
        passages, questions = {"": passages[""]}, {"": questions[""]}
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
