"""Learns the general space of tokens: `python -m bench.token_space XQUAD NTREX`.

Writes `retrieval/embedding/token_space.npz`: the mean states of passages and of questions in each
language, and the principal directions of passages' states. XQUAD is a folder of XQuAD's
`dev.en.json` and so on (Artetxe et al., ACL 2020; CC BY-SA 4.0), NTREX one of NTREX-128's sentences
in `en.txt` and so on (Federmann et al., 2022; CC BY-SA 4.0). Only these statistics are kept.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.embedding.embedder import Embedder
from retrieval.embedding.token_space import DIMENSIONS

TARGET = Path(__file__).parent.parent / "retrieval" / "embedding" / "token_space.npz"
LANGUAGES = ("en", "de", "es", "vi")
SAMPLE = 400
"""Texts of each kind and language."""

Floats = NDArray[np.float32]


def main() -> None:
    """Learn the space and write it."""
    parser = argparse.ArgumentParser(description="Learns the general space of tokens.")
    parser.add_argument("xquad", type=Path)
    parser.add_argument("ntrex", type=Path)
    args = parser.parse_args()
    embedder = Embedder.load()
    passages, questions = dict[str, list[Floats]](), dict[str, list[Floats]]()
    for language in LANGUAGES:
        paragraphs, asked = read_xquad(args.xquad / f"dev.{language}.json")
        sentences = spread((args.ntrex / f"{language}.txt").read_text("utf-8").splitlines())
        texts = [*paragraphs, *(line.strip() for line in sentences if line.strip())]
        passages[language] = [encoding.states for encoding in embedder.passages.passages(texts)]
        questions[language] = [embedder.questions.query(text).states for text in spread(asked)]
    means = {f"p_{language}": mean(states) for language, states in passages.items()}
    means |= {f"q_{language}": mean(states) for language, states in questions.items()}
    for role in "pq":
        means[f"{role}_"] = np.mean([means[f"{role}_{values}"] for values in LANGUAGES], axis=0)
    centred = np.concatenate(
        [states - means[f"p_{language}"] for language in LANGUAGES for states in passages[language]]
    )
    values, vectors = np.linalg.eigh(centred.T @ centred / len(centred))
    directions = vectors[:, ::-1][:, :DIMENSIONS]
    variance = values[::-1][:DIMENSIONS].sum() / values.sum()
    print(f"{len(centred)} tokens; {DIMENSIONS} directions keep {variance:.3f} of the variance")
    arrays = {**means, "directions": directions}
    np.savez_compressed(
        TARGET, **{name: values.astype(np.float16) for name, values in arrays.items()}
    )


def read_xquad(path: Path) -> tuple[list[str], list[str]]:
    """Return the paragraphs and the questions of a file of XQuAD."""
    data = json.loads(path.read_text("utf-8"))["data"]
    paragraphs = [paragraph for article in data for paragraph in article["paragraphs"]]
    return (
        [paragraph["context"] for paragraph in paragraphs],
        [question["question"] for paragraph in paragraphs for question in paragraph["qas"]],
    )


def spread(texts: list[str]) -> list[str]:
    """Return SAMPLE of the texts, at even distances."""
    return texts[:: max(1, len(texts) // SAMPLE)][:SAMPLE]


def mean(states: list[Floats]) -> Floats:
    """Return the mean of all tokens' states."""
    return np.asarray(np.concatenate(states).mean(axis=0), dtype=np.float32)


if __name__ == "__main__":
    main()
