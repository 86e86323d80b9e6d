"""What stands around the search: synonyms before it, a reranker behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.cli.app import main
from retrieval import Library, ModelError
from retrieval.embedding.embedder import Embedder
from retrieval.index.store import Store
from retrieval.search.reranker import Reranker
from tests.conftest import SEEDS, Folder
from tests.lazy import torch, transformers

ARTICLES: dict[str, str | bytes] = {
    "lord.txt": "The Lord Mayor opened a swimming pool in the northern part of the town.",
    "bakery.txt": "The old bakery beside the market sells bread and rolls on every working day.",
    "school.txt": "A school for eighty pupils is being built where the brewery once stood.",
    "ferry.txt": "The ferry across the river will be out of service until the end of spring.",
}
NICKNAME = "What did Old Whiskers do?"

Open = Callable[..., Library]


@pytest.fixture
def opened(embedder: Embedder, tmp_path: Path) -> Iterator[Open]:
    """Opens a library over a folder, indexed."""
    libraries: list[Library] = []

    def open_one(seeds: Path, load_reranker: Callable[[], Reranker] | None = None) -> Library:
        store = Store.open(tmp_path / "chroma")
        library = Library(seeds, store, lambda: embedder, load_reranker)
        libraries.append(library)
        library.reload()
        return library

    yield open_one
    for library in libraries:
        library.close()


def found(library: Library, question: str) -> list[str]:
    return [hit.passage.source.path for hit in library.search(question)]


def test_a_nickname_finds_the_article(opened: Open, folder: Folder) -> None:
    library = opened(folder(ARTICLES))
    (before,) = (hit for hit in library.search(NICKNAME) if hit.passage.source.path == "lord.txt")
    folder({"synonyms.txt": "Old Whiskers, Lord Mayor\n"})
    best = library.search(NICKNAME)[0]
    assert best.passage.source.path == "lord.txt"
    assert best.rank_score > before.rank_score
    assert best.score > before.score


def test_an_edit_of_the_file_counts_at_the_next_question(opened: Open, folder: Folder) -> None:
    seeds = folder({**ARTICLES, "synonyms.txt": "Old Whiskers, Lord Mayor"})
    library = opened(seeds)
    assert found(library, NICKNAME)[0] == "lord.txt"
    folder({"synonyms.txt": "# It is another one who is called so.\nOld Whiskers => ferry\n"})
    assert found(library, NICKNAME)[0] == "ferry.txt"
    folder({"synonyms.txt": "Old Whiskers => bakery, bread"})
    assert found(library, NICKNAME)[0] == "bakery.txt"
    (seeds / "synonyms.txt").unlink()
    without = library.search(NICKNAME)
    assert without == opened(seeds).search(NICKNAME)


def test_a_synonym_of_another_language(opened: Open, folder: Folder) -> None:
    library = opened(folder({**ARTICLES, "synonyms.txt": "Thị trưởng, Lord Mayor, Oberhaupt"}))
    assert found(library, "Thị trưởng đã làm gì?")[0] == "lord.txt"
    assert found(library, "Was tat das Oberhaupt?")[0] == "lord.txt"


def test_the_file_is_no_article_and_its_broken_lines_are_reported(
    opened: Open, folder: Folder
) -> None:
    text = "Old Whiskers, Lord Mayor\nalone\na => b => c\nRäte, Ausschüsse für alle Bürger\n"
    seeds = folder({**ARTICLES, "synonyms.txt": text.encode("cp1252")})
    folder({"sub/synonyms.txt": "The sub-folder's file is an article like any other one there."})
    library = opened(seeds)
    report = library.reload()
    assert [(one.article, one.reason.split(":")[0]) for one in report.failed] == [
        ("synonyms.txt", "line 2"),
        ("synonyms.txt", "line 3"),
    ]
    assert [(one.article, one.text) for one in report.notes] == [
        ("synonyms.txt", "read as Windows-1252")
    ]
    assert set(report.unchanged) == {*ARTICLES, "sub/synonyms.txt"}
    assert {one.path for one in library.sources()} == {*ARTICLES, "sub/synonyms.txt"}
    assert found(library, NICKNAME)[0] == "lord.txt"


class Backwards:
    """A reranker to whom the last is the best."""

    name = "backwards"

    def __init__(self) -> None:
        self.asked: list[tuple[str, int]] = []

    def scores(self, question: str, texts: Sequence[str]) -> Any:
        self.asked.append((question, len(texts)))
        return np.arange(len(texts), dtype=np.float32)

    reranked = Reranker.reranked


def test_the_hits_come_in_the_rerankers_order(opened: Open, folder: Folder) -> None:
    seeds = folder(ARTICLES)
    plain = opened(seeds).search("What is sold at the market?")
    reranker: Any = Backwards()
    library = opened(seeds, lambda: reranker)
    hits = library.search("What is sold at the market?")
    assert reranker.asked == [("What is sold at the market?", len(ARTICLES))]
    assert [hit.passage for hit in hits] == [hit.passage for hit in reversed(plain)]
    # A place keeps its rank, a passage its score: the threshold was set for that.
    assert [hit.rank_score for hit in hits] == [hit.rank_score for hit in plain]
    assert [hit.score for hit in hits] == [hit.score for hit in reversed(plain)]


def test_more_hits_are_given_to_a_reranker_than_are_shown(
    embedder: Embedder, library: Library
) -> None:
    reranker: Any = Backwards()
    # Not closed: the store is that of all tests.
    ours = Library(SEEDS, library._store, lambda: embedder, load_reranker=lambda: reranker)
    assert len(ours.search("Who received the Ho Chi Minh Order?", 3)) == 3
    assert ours.ask("Who received the Ho Chi Minh Order?")
    assert [count for _, count in reranker.asked] == [20, 20]


WORDS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "ferry", "school", "bakery", "mayor")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cross-encoder in a folder, which has learnt nothing."""
    folder = tmp_path_factory.mktemp("tiny")
    (folder / "vocab.txt").write_text("\n".join(WORDS))
    torch.manual_seed(0)
    config = transformers.BertConfig(
        vocab_size=len(WORDS),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=64,
        num_labels=1,
    )
    model = transformers.BertForSequenceClassification(config)
    with torch.no_grad():
        for weight in model.parameters():
            weight.normal_(std=0.5)
    model.save_pretrained(folder)
    transformers.BertTokenizer(str(folder / "vocab.txt")).save_pretrained(folder)
    return folder


def test_a_cross_encoder_by_its_name(
    opened: Open, folder: Folder, tiny: Path, embedder: Embedder
) -> None:
    question = "What is it that the mayor did with the ferry and the school?"
    seeds = folder(ARTICLES)
    plain = {hit.passage.id: hit for hit in opened(seeds).search(question)}
    reranker = Reranker.load(str(tiny))
    library = opened(seeds, lambda: reranker)
    hits = library.search(question)
    assert {hit.passage.id: hit.score for hit in hits} == {
        id: hit.score for id, hit in plain.items()
    }
    said = reranker.scores(question, [hit.passage.text for hit in hits])
    assert list(said) == sorted(said, reverse=True)
    assert len(set(said)) == len(ARTICLES)
    assert [hit.passage.id for hit in hits] != list(plain)


@pytest.mark.usefixtures("loaded_once")
def test_a_reranker_that_is_not_there_is_one_sentence(
    tmp_path: Path,
    folder: Folder,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    embedder: Embedder,
) -> None:
    seeds = folder(ARTICLES)
    monkeypatch.setattr(Embedder, "load", lambda *_, **__: embedder)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PASSAGE_SEEDS_DIR", str(seeds))
    monkeypatch.setenv("PASSAGE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("PASSAGE_RERANKER_MODEL", "no/such-reranker")
    assert main(["reload"]) == 0  # For which none is needed.
    capsys.readouterr()
    assert main(["ask", NICKNAME]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "'no/such-reranker' cannot be loaded" in err.replace("\n", " ")
    assert "check PASSAGE_RERANKER_MODEL" in err.replace("\n", " ")
    assert "Traceback" not in err


def test_a_reranker_is_loaded_when_it_is_first_needed(opened: Open, folder: Folder) -> None:
    def fail() -> Reranker:
        raise ModelError("There is none.")

    library = opened(folder(ARTICLES), fail)
    assert library.status().articles == len(ARTICLES)
    for use in (library.warm, lambda: library.search("market"), lambda: library.ask("market?")):
        with pytest.raises(ModelError, match="There is none"):
            use()
