"""The vectors of single words, each made once: kept in a file, for the words of a corpus."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

import numpy as np

from .embedding import Embedder, Vectors

ASIDE = 2_000
"""The most texts of questions that are remembered beside the words of the corpus."""

log = logging.getLogger(__name__)


class WordVectors:
    """Word → vector, by the model that makes the vectors of passages.

    The file only saves time: what it lacks is made anew, and one that cannot be read, or is of
    another model, counts as absent.
    """

    def __init__(self, embedder: Embedder, file: Path | None = None):
        self._embedder = embedder
        self._file = file
        self._kept: dict[str, Vectors] = _read(file, embedder) if file else {}
        self._aside: dict[str, Vectors] = {}
        self._unsaved = False

    def knows(self, language: str) -> bool:
        """Whether the model was made for a language."""
        return self._embedder.knows(language)

    def of(self, texts: Sequence[str]) -> Vectors:
        """The vectors of what a question asks for: its words, or all of it; a row a text."""
        new = [one for one in texts if one not in self._kept and one not in self._aside]
        if new:
            if len(self._aside) + len(new) > ASIDE:
                self._aside.clear()
                new = [one for one in texts if one not in self._kept]
            self._aside |= zip(new, self._embedder.passages(new), strict=True)
        found = [self._kept[one] if one in self._kept else self._aside[one] for one in texts]
        return np.array(found, dtype=np.float32).reshape(-1, self._embedder.dimension)

    def add(self, words: Iterable[str]) -> int:
        """Makes the vectors of the words of a corpus, where they are not made; returns how many."""
        new = [one for one in dict.fromkeys(words) if one not in self._kept]
        if new:
            # Half precision is what the file has: a word is worth the same on the day it is read.
            made = np.asarray(self._embedder.passages(new), dtype=np.float16)
            self._kept |= zip(new, made, strict=True)
            self._unsaved = True
        return len(new)

    def save(self, words: Collection[str] | None = None) -> None:
        """Writes the file, where that changes it. Of a corpus whose `words` these are, the vectors
        of others are forgotten.

        A file that cannot be written is logged: the next process makes the vectors anew.
        """
        gone = [] if words is None else list(self._kept.keys() - set(words))
        for one in gone:
            del self._kept[one]
        if self._file and (self._unsaved or gone):
            try:
                _write(self._file, self._embedder, self._kept)
                self._unsaved = False
            except OSError as error:
                log.warning("The words' vectors are not kept: %s", error)


def _read(file: Path, embedder: Embedder) -> dict[str, Vectors]:
    try:
        with file.open("rb") as opened, np.load(opened, allow_pickle=False) as kept:
            model, words = (bytes(kept[name]).decode() for name in ("model", "words"))
            vectors = np.asarray(kept["vectors"], dtype=np.float16)
    except FileNotFoundError:
        return {}
    except Exception as error:  # What numpy and zipfile raise is of many kinds.
        log.info("The words' vectors are made anew: %s cannot be read (%s).", file, error)
        return {}
    names = words.split("\n")
    if model != embedder.name or vectors.shape != (len(names), embedder.dimension):
        return {}
    return dict(zip(names, vectors, strict=True))


def _write(file: Path, embedder: Embedder, kept: dict[str, Vectors]) -> None:
    # One thread may reload while another asks.
    aside = file.with_name(f"{file.name}.{os.getpid()}.{threading.get_ident()}")
    file.parent.mkdir(parents=True, exist_ok=True)
    vectors = np.array(list(kept.values()), np.float16).reshape(-1, embedder.dimension)
    try:
        with aside.open("wb") as opened:
            np.savez(
                opened,
                model=np.frombuffer(embedder.name.encode(), np.uint8),
                words=np.frombuffer("\n".join(kept).encode(), np.uint8),
                vectors=vectors,
            )
        aside.replace(file)
    finally:
        aside.unlink(missing_ok=True)
