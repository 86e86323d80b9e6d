"""Learns which sentences tell of a meeting held: `python -m bench.held_sentences [--write]`.

`bench/data/held_sentences.jsonl` has sentences and lines with a date, each with its language, where
it is from, and whether it tells of a meeting as held, announces one, or does neither. Most were
written for it by people who had not seen the finder, of ten kinds of source and more; those of the
sets `a` to `i` are from `tests/data/meetings`, labelled by its gold. Prints how well each part is
told by a model learnt from the others; with --write keeps what is learnt from all.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from bench.corpora import ROOT, Bools
from retrieval.meetings.held_sentences import FEATURES, LEARNT_FILE, LEAST_CHANCE, features

SENTENCES = ROOT / "bench" / "data" / "held_sentences.jsonl"
PARTS = 5
STRENGTH = 10.0
"""The inverse of how much large weights cost."""


def main() -> None:
    """Print how well it is told, by language; write what is learnt."""
    parser = argparse.ArgumentParser(description="Which sentences tell of a meeting held.")
    parser.add_argument("--write", action="store_true", help="learn from all, and keep it")
    args = parser.parse_args()
    rows = [json.loads(line) for line in SENTENCES.read_text("utf-8").splitlines()]
    held = np.array([row["label"] == "held" for row in rows])
    matrix = _matrix([row["text"] for row in rows])
    _report(rows, matrix, held)
    if args.write:
        learnt = _learn(matrix, held)
        weights = learnt.coef_[0].astype(np.float16)
        np.savez_compressed(LEARNT_FILE, weights=weights, offset=learnt.intercept_[0])


def _matrix(texts: Sequence[str]) -> csr_matrix:
    """The features of texts, of shape (texts, FEATURES), each row of length 1."""
    present = [features(text) for text in texts]
    counts = [len(each) for each in present]
    values = np.repeat(np.maximum(counts, 1) ** -0.5, counts)
    ends = np.concatenate([[0], np.cumsum(counts)])
    columns = np.concatenate([np.array(each, np.int32) for each in present])
    return csr_matrix((values, columns, ends), shape=(len(texts), FEATURES))


def _learn(matrix: csr_matrix, held: Bools) -> Any:
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    model = LogisticRegression(C=STRENGTH, max_iter=1_000, class_weight="balanced")
    return model.fit(matrix, held)


def _report(rows: Sequence[dict[str, str]], matrix: csr_matrix, held: Bools) -> None:
    """Print for each language, by models that have not learnt from a sentence's part, how many of
    those at LEAST_CHANCE or more are right, and how many that tell of a meeting are among them."""
    from sklearn.metrics import roc_auc_score  # noqa: PLC0415

    part = np.random.default_rng(0).integers(PARTS, size=len(rows))
    chances = np.zeros(len(rows))
    for left_out in range(PARTS):
        model = _learn(matrix[part != left_out], held[part != left_out])
        chances[part == left_out] = model.predict_proba(matrix[part == left_out])[:, 1]
    taken = chances >= LEAST_CHANCE
    print("language | sentences | held | AUC | precision | recall")
    languages = np.array([row["language"] for row in rows])
    for language in ("all", *sorted({*languages})):
        these = (languages == language) | (language == "all")
        right = (taken & held & these).sum()
        figures = roc_auc_score(held[these], chances[these]), right / (taken & these).sum()
        values = " | ".join(f"{value:.3f}" for value in (*figures, right / (held & these).sum()))
        print(f"{language} | {these.sum()} | {(held & these).sum()} | {values}")


if __name__ == "__main__":
    main()
