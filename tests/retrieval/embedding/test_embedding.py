"""What is kept of a passage: its vector, its tokens, and where its sentences end."""

from __future__ import annotations

import numpy as np
import pytest

from retrieval.articles.passages import passages
from retrieval.articles.scan import scan
from retrieval.embedding import embedder as embedding
from retrieval.embedding.catalog import ModelProfile
from retrieval.embedding.embedder import Embedder, PassageText
from retrieval.embedding.onnx_encoder import OnnxEncoder
from retrieval.index.records import text_of
from retrieval.languages.terms import composed
from tests.conftest import SEEDS
from tests.lazy import sentence_transformers


def test_sentence_ends_are_those_of_the_tokens(embedder: Embedder, questions: OnnxEncoder) -> None:
    """The codes up to each end are those of as much text: no token reaches across."""
    read = 0
    for article in scan(SEEDS).articles:
        texts = [text_of(passage) for passage in passages(article)][:8]
        for text, made in zip(texts, embedder.embed(texts), strict=True):
            assert len(made.sentence_ends) == len(text.sentences) + 1
            parts = (text.title, *text.sentences)
            counts = [len(questions._tokenize(composed(part))) - 2 for part in parts]
            assert made.sentence_ends == tuple(np.cumsum(counts).tolist())
            assert made.sentence_ends[-1] == len(made.codes)
            read += len(text.sentences)
    assert read > 40


def test_a_sentence_has_the_codes_of_its_own_words(
    embedder: Embedder, questions: OnnxEncoder
) -> None:
    sentences = ("The mayor opened the bridge.", "A zeppelin was seen over the town.")
    text = PassageText("A day in May", " ".join(sentences), sentences, "en")
    (made,) = embedder.embed([text])
    start, end = made.sentence_ends[1:]
    ids = questions._tokenize(composed(text.whole))
    own = questions._tokenize(sentences[1])[1:-1]
    assert ids[1:-1][start:end] == own


def test_ends_stay_within_what_the_model_reads(embedder: Embedder) -> None:
    sentences = ("One two three. " * 60, "Four five six. " * 60, "Seven.")
    text = PassageText("A title " * 200, " ".join(sentences), sentences, "en")
    (made,) = embedder.embed([text])
    assert made.sentence_ends == tuple(sorted(made.sentence_ends))
    assert made.sentence_ends[-1] == len(made.codes) == 512 - 2 - 2


def test_few_passages_are_the_same_without_sentence_transformers(
    profile: ModelProfile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedding, "FEW", 8)
    model = Embedder(profile)
    texts = [PassageText(f"Title {n}", f"Text {n}.", (f"Text {n}.",), "en") for n in range(12)]
    told: list[tuple[int, int]] = []
    few = model.embed(texts[: embedding.FEW], lambda *done: told.append(done))
    assert "passages" not in vars(model)
    assert told[-1] == (embedding.FEW, embedding.FEW)
    many = model.embed(texts)
    assert isinstance(model.passages._model, sentence_transformers.SentenceTransformer)
    for one, other in zip(few, many, strict=False):
        assert one.sentence_ends == other.sentence_ends
        assert np.array_equal(one.codes, other.codes)
        np.testing.assert_allclose(one.vector, other.vector, atol=1e-6)
