"""The reranker: a small BERT, taught on the spot to tell which passage a question is about."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from retrieval.errors import ModelError
from retrieval.models import Hit, Kind, Passage, Source
from retrieval.search.reranker import Reranker
from tests.lazy import torch, transformers

THINGS = ("bridge", "school")
WORDS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "who", "opened", "the", "mayor", *THINGS)
QUESTION = "Who opened the {}?"
TEXT = "The mayor opened the {}."
LONGEST = 24


def config(labels: int = 1) -> transformers.BertConfig:
    return transformers.BertConfig(
        vocab_size=len(WORDS),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=LONGEST,
        hidden_dropout_prob=0,
        attention_probs_dropout_prob=0,
        num_labels=labels,
    )


@pytest.fixture(scope="module", autouse=True)
def _one_thread() -> Iterator[None]:
    """A model of this size is trained much faster by one."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> transformers.BertTokenizer:
    vocabulary = tmp_path_factory.mktemp("words") / "vocab.txt"
    vocabulary.write_text("\n".join(WORDS))
    return transformers.BertTokenizer(str(vocabulary))


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory, tokenizer: transformers.BertTokenizer) -> Path:
    """A cross-encoder's folder: it scores 1 where a text is of the thing that is asked about."""
    model = transformers.BertForSequenceClassification(config())
    pairs = [(asked, told) for asked in THINGS for told in THINGS]
    given = tokenizer(
        [QUESTION.format(asked) for asked, _ in pairs],
        [TEXT.format(told) for _, told in pairs],
        return_tensors="pt",
    )
    right = torch.tensor([float(asked == told) for asked, told in pairs])
    teacher = torch.optim.Adam(model.parameters(), lr=0.004)
    for _ in range(400):
        scores = model(**given).logits.squeeze(-1)
        loss = torch.nn.functional.binary_cross_entropy_with_logits(scores, right)
        if loss.item() < 0.02:
            break
        teacher.zero_grad()
        loss.backward()
        teacher.step()
    return saved(model, tokenizer, tmp_path_factory.mktemp("taught"))


def saved(
    model: transformers.BertModel | transformers.BertForSequenceClassification,
    words: transformers.BertTokenizer,
    to: Path,
) -> Path:
    model.save_pretrained(to)
    words.save_pretrained(to)
    return to


def hit(text: str, rank: float, score: float = 0.5) -> Hit:
    source = Source("a.txt", "0" * 64, "A", "en")
    span = (0, len(text))
    return Hit(Passage(source, *span, text, Kind.PROSE, (span,)), rank, score, span)


def test_it_reads_question_and_passage_together(taught: Path) -> None:
    reranker = Reranker.load(str(taught))
    for thing, other in (THINGS, THINGS[::-1]):
        scores = reranker.scores(QUESTION.format(thing), [TEXT.format(t) for t in (thing, other)])
        assert scores.dtype == np.float32
        assert scores[0] > 0.9
        assert scores[1] < 0.1
    assert reranker.scores("Who?", []).shape == (0,)


def test_the_first_hits_are_put_in_its_order(taught: Path) -> None:
    reranker = Reranker.load(str(taught))
    bridge, school = map(TEXT.format, THINGS)
    hits = [hit(bridge, 0.9, 0.7), hit(bridge, 0.8), hit(school, 0.6, 0.3), hit(school, 0.1)]
    asked = QUESTION.format("school")
    ordered = reranker.reranked(asked, hits, first=3)
    assert [one.passage.text for one in ordered] == [school, bridge, bridge, school]
    assert [one.score for one in ordered] == [0.3, 0.7, 0.5, 0.5]
    assert [one.rank_score for one in ordered] == [0.9, 0.8, 0.6, 0.1]
    assert reranker.reranked(QUESTION.format("bridge"), hits) == hits
    assert reranker.reranked(asked, []) == []


def test_a_long_passage_is_cut(taught: Path) -> None:
    reranker = Reranker.load(str(taught))
    cut, longer = (
        reranker.scores(QUESTION.format("bridge"), [TEXT.format("bridge ") + "the mayor " * n])
        for n in (LONGEST, 50 * LONGEST)
    )
    assert cut == pytest.approx(longer)


def test_a_model_that_is_no_reranker(tokenizer: transformers.BertTokenizer, tmp_path: Path) -> None:
    encoder = saved(transformers.BertModel(config()), tokenizer, tmp_path / "encoder")
    with pytest.raises(
        ModelError, match=r"^PASSAGE_RERANKER_MODEL .* an encoder without a head\.$"
    ):
        Reranker.load(str(encoder))
    entailment = transformers.BertForSequenceClassification(config(labels=3))
    with pytest.raises(ModelError, match="one of 3 labels"):
        Reranker.load(str(saved(entailment, tokenizer, tmp_path / "entailment")))


@pytest.mark.parametrize("name", ["no/such-model", "no/such/folder", "."])
def test_a_model_that_cannot_be_loaded(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ModelError, match=r"cannot be loaded \(.*\); check PASSAGE_RERANKER_MODEL"):
        Reranker.load(name)
