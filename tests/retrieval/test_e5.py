"""A model like intfloat/multilingual-e5-small, made on the spot, from reload to answer.

Its files are of the same shape: a BERT with XLM-R's tokenizer, mean pooling, unit length, and no
prompts. It knows a dozen words, and those that mean the same in two languages have one vector.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
from transformers import BertConfig, BertModel, XLMRobertaTokenizer

from retrieval import Library
from retrieval.embedding import Embedder, Vectors
from retrieval.store import Store

MEANINGS = (
    ("bridge", "cầu", "Brücke"),
    ("opened", "khánh", "thành"),
    ("mayor", "thị", "trưởng"),
    ("bread", "bánh", "Brot"),
    ("sells", "bán", "verkauft"),
    ("query",),
    ("passage",),
)
ARTICLES = {
    "bridge.txt": "The new bridge\n\nThe mayor opened the bridge over the river this morning.\n",
    "bread.txt": "The old bakery\n\nThe bakery in the market sells bread and rolls every day.\n",
}
QUESTION = "Ai đã khánh thành cây cầu đó?"
MARKS = ("<s>", "<pad>", "</s>", "<unk>", "<mask>", ":")


def weights(config: BertConfig) -> BertModel:
    """Each meaning has a direction of its own; what is in no list has none."""
    model = BertModel(config)
    with torch.no_grad():
        for parameter in model.embeddings.parameters():
            if parameter.ndim > 1:
                parameter.zero_()
        token = len(MARKS)
        for direction, words in enumerate(MEANINGS):
            model.embeddings.word_embeddings.weight[token : token + len(words), direction] = 1
            token += len(words)
    return model


@pytest.fixture(scope="module")
def e5(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model's folder; what is not a model's own is as e5's card has it."""
    folder = tmp_path_factory.mktemp("intfloat") / "multilingual-e5-small"
    words = [f"▁{word}" for same in MEANINGS for word in same]
    tokenizer = XLMRobertaTokenizer(vocab=[(piece, -1.0) for piece in (*MARKS, *words)])
    config = BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=64,
        initializer_range=0.01,
    )
    torch.manual_seed(0)
    weights(config).save_pretrained(folder / "bert")
    tokenizer.save_pretrained(folder / "bert")
    bert = Transformer(str(folder / "bert"))
    modules = [bert, Pooling(16, pooling_mode="mean"), Normalize()]
    SentenceTransformer(modules=modules, device="cpu").save(str(folder), create_model_card=False)
    return folder


@pytest.fixture(scope="module")
def small(e5: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    seeds = tmp_path_factory.mktemp("seeds")
    for name, text in ARTICLES.items():
        (seeds / name).write_text(text)
    store = Store.open(tmp_path_factory.mktemp("data"))
    with Library(seeds, store, partial(Embedder.load, str(e5))) as library:
        library.reload()
        yield library


def own(vector: Vectors) -> Vectors:
    """The part of a vector that the model itself has made; the rest is that of the one beside."""
    return vector[:16] / np.linalg.norm(vector[:16])


def test_the_prompts_are_those_of_its_card(e5: Path) -> None:
    plain, ours = SentenceTransformer(str(e5), device="cpu"), Embedder.load(str(e5))
    assert not any(plain.prompts.values())
    asked, told, bare = plain.encode(
        ["query: the bridge", "passage: the bridge", "the bridge"], normalize_embeddings=True
    )
    assert np.allclose(own(ours.query("the bridge")), asked, atol=1e-5)
    assert np.allclose(own(ours.passages(["the bridge"])[0]), told, atol=1e-5)
    assert not np.allclose(asked, told, atol=1e-2)
    assert not np.allclose(asked, bare, atol=1e-2)


def test_it_is_taken_to_know_every_language(e5: Path) -> None:
    model = Embedder.load(str(e5))
    assert all(model.knows(language) for language in ("en", "de", "es", "vi", "xx"))


def test_an_index_is_built_with_it(small: Library, e5: Path) -> None:
    status = small.status()
    assert (status.articles, status.model, status.dimension) == (2, str(e5), 16 + 512)
    assert small.reload().embedded == 0


def test_a_vietnamese_question_finds_its_passage_by_meaning_alone(
    small: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No word of it stands in the articles, and its vector counts in full."""
    assert small.ask(QUESTION).language == "vi"
    best, other = small.search(QUESTION)[:2]
    assert "opened the bridge" in best.passage.text
    monkeypatch.setattr(Embedder, "knows", lambda *_: False)
    less, least = small.search(QUESTION)[:2]
    assert best.rank_score - other.rank_score > 2 * (less.rank_score - least.rank_score)
