"""An index that another model, or another version of Passage, has made: refused, and renewed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from retrieval import DEFAULT_MODEL, Library, OutdatedIndexError
from retrieval.embedding.embedder import Embedder
from retrieval.index.store import Store

from ..toy import WordModel


def test_an_index_of_another_model_is_refused(
    tmp_path: Path, one_seed: Path, embedder: Embedder, caplog: pytest.LogCaptureFixture
) -> None:
    words: Any = WordModel()
    question = "Who received the Ho Chi Minh Order?"
    with Library(one_seed, Store.open(tmp_path / "chroma"), lambda: embedder) as library:
        library.reload()
        with Library(one_seed, Store.open(tmp_path / "chroma"), lambda: words) as other:
            for use in (lambda: other.ask(question), other.check_index):
                with pytest.raises(
                    OutdatedIndexError, match=rf"'{DEFAULT_MODEL}' \(384 .*'words' \(32\); run"
                ):
                    use()
            assert other.status().model == DEFAULT_MODEL
            assert caplog.text == ""
            report = other.reload()
            assert f"made by the model '{DEFAULT_MODEL}'" in caplog.text
            assert len(report.added) == 1
            assert report.embedded == report.passages
            assert other.search(question)
        with pytest.raises(OutdatedIndexError, match=rf"'words'.*'{DEFAULT_MODEL}'.*passage relo"):
            library.ask(question)
        library.reload()
        assert library.ask(question).answered


def test_an_index_of_another_splitting_is_refused_and_its_vectors_are_kept(
    tmp_path: Path, one_seed: Path, monkeypatch: pytest.MonkeyPatch, embedder: Embedder
) -> None:
    with Library(one_seed, Store.open(tmp_path / "chroma"), lambda: embedder) as library:
        library.reload()
        monkeypatch.setattr("retrieval.index.reload.PASSAGES_VERSION", "another")
        for use in (lambda: library.ask("Who received the Order?"), library.check_index):
            with pytest.raises(
                OutdatedIndexError, match="indexes articles differently; run `passage reload`"
            ):
                use()
        report = library.reload()
        assert (len(report.added), report.embedded) == (1, 0)
        library.check_index()
        monkeypatch.setattr("retrieval.index.reload.CODES_VERSION", "another")
        assert library.reload().embedded == report.passages


def test_an_index_without_a_list_of_its_articles_is_refused(
    tmp_path: Path, one_seed: Path, embedder: Embedder
) -> None:
    """As one of version 0.2 is, which had a record for each."""
    question = "Who received the Order?"
    with Library(one_seed, Store.open(tmp_path / "chroma"), lambda: embedder) as library:
        library.reload()
        answer, client = library.ask(question), library._store._client
        (kept,) = (c.name for c in client.list_collections() if c.name.endswith("-articles-0"))
        client.delete_collection(kept)
        with Library(one_seed, Store.open(tmp_path / "chroma"), lambda: embedder) as other:
            for use in (lambda: other.ask(question), other.check_index, other.sources):
                with pytest.raises(OutdatedIndexError, match="another version of Passage"):
                    use()
            assert len(other.reload().added) == 1
            assert other.ask(question) == answer
