"""The vectors of words: made once, kept in a file that only saves time."""

from __future__ import annotations

import hashlib
import io
import logging
import re
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval import word_vectors
from retrieval.embedding import Embedder, Vectors
from retrieval.word_matches import content_words
from retrieval.word_vectors import WordVectors

WORDS = ("bridge", "brücke", "cầu", "橋", "١٢", "ß", "a\u0308", "\U00020000", "1998", "_")


class Counting:
    """A model whose vectors hang on the word alone. It remembers what it was given."""

    def __init__(self, name: str = "a-model", dimension: int = 6) -> None:
        self.name, self.dimension = name, dimension
        self.given: list[str] = []

    def knows(self, language: str) -> bool:
        return language == "en"

    def passages(self, texts: Sequence[str]) -> Vectors:
        self.given += texts
        made = [self._of(text) for text in texts]
        return np.array(made, np.float32).reshape(-1, self.dimension)

    def _of(self, text: str) -> Vectors:
        seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:4])
        return np.random.default_rng(seed).normal(size=self.dimension).astype(np.float32)


def made(model: Any, file: Path | None = None) -> WordVectors:
    return WordVectors(model, file)


@pytest.fixture
def model() -> Counting:
    return Counting()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "words.npz"


def kept(file: Path, model: Counting, words: Sequence[str] = WORDS) -> WordVectors:
    """Vectors that have been made of these words, and written."""
    vectors = made(model, file)
    assert vectors.add(words) == len(set(words))
    vectors.save()
    model.given.clear()
    return vectors


def test_words_are_made_once_and_for_the_next_process_too(file: Path, model: Counting) -> None:
    first = kept(file, model)
    second = made(model, file)
    assert second.add([*WORDS, *WORDS]) == 0
    assert np.array_equal(second.of(WORDS), first.of(WORDS))
    assert model.given == []
    assert second.add([*WORDS, "new"]) == 1
    assert model.given == ["new"]
    assert [one.name for one in file.parent.iterdir()] == ["words.npz"]


def test_a_word_is_worth_the_same_on_the_day_it_is_made_and_read(
    file: Path, embedder: Embedder
) -> None:
    assert embedder.words is not None
    today = WordVectors(embedder.words, file)
    today.add(WORDS)
    today.save()
    tomorrow = WordVectors(embedder.words, file).of(WORDS)
    assert tomorrow.dtype == today.of(WORDS).dtype == np.float32
    assert np.array_equal(today.of(WORDS), tomorrow)
    whole = embedder.words.passages(WORDS)
    assert np.allclose(whole, tomorrow, atol=1e-3)


def test_nothing_new_is_not_written(file: Path, model: Counting) -> None:
    vectors = kept(file, model)
    file.unlink()
    vectors.save()
    vectors.save(WORDS)
    assert not file.exists()
    vectors.add(["new"])
    vectors.save()
    assert file.exists()


@pytest.mark.parametrize("other", [Counting("another"), Counting(dimension=5)])
def test_the_file_of_another_model_is_left_aside_and_replaced(
    file: Path, model: Counting, other: Counting
) -> None:
    kept(file, model)
    kept(file, other)
    assert made(other, file).add(WORDS) == 0
    assert made(model, file).add(WORDS) == len(WORDS)


def saved(**arrays: Any) -> bytes:
    """A file of numpy's, of these arrays; without a name, of one alone."""
    written = io.BytesIO()
    if arrays:
        np.savez(written, **arrays)
    else:
        np.save(written, np.arange(3))
    return written.getvalue()


def text(said: str) -> Any:
    return np.frombuffer(said.encode(), np.uint8)


OURS = {"model": text("a-model"), "words": text("a\nb"), "vectors": np.ones((2, 6), np.float16)}

BROKEN = {
    "empty": b"",
    "text": b"What is this?",
    "a pickle": b"\x80\x04K\x01.",
    "one array alone": saved(),
    "no words": saved(model=text("a-model"), vectors=np.ones((2, 6))),
    "fewer words than vectors": saved(**OURS | {"words": text("a")}),
    "vectors of text": saved(**OURS | {"vectors": np.array([list("abcdef")] * 2)}),
    "objects": saved(**OURS | {"vectors": np.array([[None] * 6] * 2)}),
    "one number": saved(**OURS | {"vectors": np.array(3)}),
    "half": saved(**OURS)[: len(saved(**OURS)) // 2],
    "without its end": saved(**OURS)[:-10],
    "other bytes": saved(**OURS).replace(b"a\nb", b"a\nc"),
    "encrypted": saved(**OURS).replace(
        b"PK\x01\x02-\x03-\x00\x00\x00", b"PK\x01\x02-\x03-\x00\x01\x00"
    ),
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN)
def test_a_file_that_cannot_be_read_is_left_aside_and_replaced(
    file: Path, model: Counting, data: bytes
) -> None:
    file.parent.mkdir()
    file.write_bytes(data)
    vectors = made(model, file)
    assert vectors.add(["a", "b"]) == 2
    vectors.save()
    assert made(model, file).add(["a", "b"]) == 0


def test_a_file_that_is_ours_is_read(file: Path, model: Counting) -> None:
    """Else the test above would say nothing."""
    file.parent.mkdir()
    file.write_bytes(saved(**OURS))
    assert made(model, file).add(["a", "b"]) == 0


def test_a_file_that_cannot_be_written_is_only_logged(
    tmp_path: Path, model: Counting, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    for place in (tmp_path / "file" / "words.npz", tmp_path / "folder"):
        caplog.clear()
        vectors = made(model, place)
        vectors.add(WORDS)
        with caplog.at_level(logging.WARNING):
            vectors.save(WORDS)
        assert "not kept" in caplog.text
        assert vectors.of(WORDS).shape == (len(WORDS), 6)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["file", "folder"]


def test_words_of_articles_that_are_gone_are_forgotten(file: Path, model: Counting) -> None:
    vectors = kept(file, model)
    vectors.save(WORDS[:2])
    assert made(model, file).add(WORDS) == len(WORDS) - 2
    model.given.clear()
    vectors.save([])
    assert vectors.add(WORDS) == len(WORDS)
    assert model.given == list(WORDS)


def test_the_words_of_questions_stay_few(
    file: Path, model: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(word_vectors, "ASIDE", 10)
    vectors = kept(file, model)
    for number in range(20):
        asked = [f"asked{number}a", WORDS[0], f"asked{number}b", "always"]
        found = vectors.of(asked)
        assert np.array_equal(found[[0, 2, 3]], Counting().passages([asked[0], *asked[2:]]))
        assert len(vectors._aside) <= 10
    assert len(model.given) < 20 * 4
    # Of more than that at once, all are found nevertheless.
    many = [f"word{number}" for number in range(25)]
    assert np.array_equal(vectors.of([*many, "always"]), Counting().passages([*many, "always"]))
    vectors.of(["one", "more"])
    assert len(vectors._aside) == 2
    vectors.save()
    assert made(model, file).add(["always"]) == 1
    assert vectors.of([]).shape == (0, 6)


def test_what_languages_are_known_says_the_model(model: Counting) -> None:
    assert made(model).knows("en")
    assert not made(model).knows("vi")


def test_two_threads_may_write_at_once(
    file: Path, model: Counting, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """One that reloads, and one that asks. The file is that of one or the other."""
    both, savez = threading.Barrier(2, timeout=10), np.savez

    def together(opened: Any, **arrays: Any) -> None:
        both.wait()
        savez(opened, **arrays)
        both.wait()

    monkeypatch.setattr(np, "savez", together)
    writing = []
    for words in (WORDS, WORDS[:3]):
        vectors = made(model, file)
        vectors.add(words)
        writing.append(threading.Thread(target=vectors.save))
    for thread in writing:
        thread.start()
    for thread in writing:
        thread.join()
    assert caplog.text == ""
    assert made(model, file).add(WORDS) in {0, len(WORDS) - 3}
    assert [one.name for one in file.parent.iterdir()] == ["words.npz"]


ANY = st.text(st.characters(exclude_categories=[]) | st.sampled_from("\n\r\x85\u2028 aé1"))


@given(ANY, st.sampled_from(["en", "vi", "xx"]))
def test_any_words_can_be_written(said: str, language: str) -> None:
    """A line is a word: none of them holds an end of a line, or half a surrogate pair."""
    words = content_words(said, language)
    lines = "\n".join(words).encode().decode()
    assert lines.split("\n") == (words or [""])
    assert all(re.fullmatch(r"\w+", word) for word in words)
