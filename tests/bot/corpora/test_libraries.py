"""How corpora are held: opened when they are asked, let go when they no longer are, reloaded."""

from __future__ import annotations

import gc
import shutil
import weakref
from argparse import Namespace
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from bot.cli.app import main
from bot.cli.context import CommandContext
from bot.cli.output import Terminal
from bot.cli.serve import open_corpora
from bot.corpora.entries import CorpusEntry
from bot.corpora.libraries import Corpora
from bot.journal.journal import JOURNAL, Journal
from bot.journal.question_groups import questions_asked
from bot.journal.records import SentAnswer
from bot.settings import read_settings
from retrieval import CorpusError, Library, StoreError
from retrieval.embedding.embedder import Embedder
from retrieval.index.store import Store

TEXT = "The tower of {0}\n\nThe tower of {0} was built in 1871 by Ada {0}.\n"
QUESTION = "Who built the tower?"
NAMES = ("main", "alpha", "beta")


class Held:
    """Three corpora of an article each, and which of them are in memory."""

    def __init__(self, folder: Path, embedder: Embedder, keep: float) -> None:
        self.folder, self.embedder = folder, embedder
        self.open: dict[str, weakref.ref[Library]] = {}
        entries = {name: CorpusEntry(folder / name) for name in NAMES}
        for name in NAMES:
            (folder / name).mkdir()
            (folder / name / "a.txt").write_text(TEXT.format(name.title()), "utf-8")
        self.corpora = Corpora(self.library("main"), entries, self.library, keep)

    def library(self, name: str) -> Library:
        store = Store.open(self.folder / "data" / name)
        library = Library(self.folder / name, store, lambda: self.embedder)
        self.open[name] = weakref.ref(library)
        return library

    @property
    def in_memory(self) -> set[str]:
        gc.collect()
        return {name for name, library in self.open.items() if library() is not None}


@pytest.fixture
def held(tmp_path: Path, embedder: Embedder) -> Held:
    # What other tests have left is not looked through each time.
    gc.collect()
    gc.freeze()
    return Held(tmp_path, embedder, keep=0.0)


def test_what_nobody_asks_is_not_in_memory(held: Held) -> None:
    assert held.in_memory == {"main"}
    report = held.corpora.reload()
    assert report.added == ("a.txt", "alpha: a.txt", "beta: a.txt")
    assert (report.articles, report.passages) == (3, 3)
    assert report.anew is False
    assert held.in_memory == {"main"}
    alpha, beta = held.corpora.view(["alpha"]), held.corpora.view(["beta"])
    assert alpha.ask(QUESTION).quotes[0].corpus == "alpha"
    assert held.in_memory == {"main", "alpha"}
    assert "Ada Beta" in beta.ask(QUESTION).quotes[0].text
    assert held.in_memory == {"main", "beta"}
    assert "Ada Alpha" in alpha.ask(QUESTION).quotes[0].text
    held.corpora.close()
    assert held.in_memory == {"main"}


def test_a_reload_of_a_corpus_that_is_asked_keeps_it(tmp_path: Path, embedder: Embedder) -> None:
    held = Held(tmp_path, embedder, keep=3600.0)
    held.corpora.reload()
    view = held.corpora.view(["main", "alpha"])
    assert view.ask(QUESTION).answered
    assert {source.corpus for source in view.sources()} == {"main", "alpha"}
    (tmp_path / "alpha" / "a.txt").write_text(TEXT.format("Gamma"), "utf-8")
    held.corpora.reload()
    assert held.in_memory == {"main", "alpha"}
    assert "Ada Gamma" in view.ask("Who built the tower of Gamma?").quotes[0].text


def test_a_corpus_that_cannot_be_reloaded_keeps_none_of_the_others_from_it(held: Held) -> None:
    shutil.rmtree(held.folder / "alpha")
    report = held.corpora.reload()
    assert report.added == ("a.txt", "beta: a.txt")
    (failure,) = report.failed
    assert failure.article == "alpha"
    assert "There is no folder of articles" in failure.reason
    both = held.corpora.view(["alpha", "beta"])
    assert [quote.corpus for quote in both.ask(QUESTION).quotes] == ["beta"]
    assert [source.corpus for source in both.sources()] == ["beta"]
    with pytest.raises(StoreError):
        held.corpora.view(["alpha"]).ask(QUESTION)


def test_the_error_of_a_reload_is_raised_when_all_others_are_done(held: Held) -> None:
    (held.folder / "data").mkdir(exist_ok=True)
    (held.folder / "data" / "alpha").write_text("A file.", "utf-8")
    with pytest.raises(StoreError):
        held.corpora.reload()
    assert held.corpora.view(["beta"]).ask(QUESTION).answered
    for name in NAMES:
        shutil.rmtree(held.folder / name)
    (held.folder / "data" / "alpha").unlink()
    with pytest.raises(CorpusError):
        held.corpora.reload()


def test_one_asker_for_the_same_corpora(held: Held) -> None:
    view = held.corpora.view
    assert view(["alpha", "beta"]) is view(["beta", "alpha"])
    assert Corpora(held.corpora.main).view(["main"]) is held.corpora.main


def test_an_old_journal_was_asked_of_the_main_corpus(tmp_path: Path) -> None:
    with Journal(tmp_path / JOURNAL) as journal:
        journal.record(SentAnswer(1.0, QUESTION, "en", 5, (), outcome="not found"))
        journal.record(SentAnswer(2.0, QUESTION, "en", 5, (), outcome="x", corpora="alpha beta"))
        assert [sent.corpora for sent in journal.with_tables(questions_asked)] == [
            "main",
            "alpha beta",
        ]


@pytest.fixture
def two_corpora(command_line: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The settings of a command with a second corpus beside the seeds."""
    (tmp_path / "team").mkdir()
    (tmp_path / "team" / "a.txt").write_text(TEXT.format("Team"), "utf-8")
    (tmp_path / "corpora.toml").write_text("[team]\nseeds = 'team'\nservers = [1]\n", "utf-8")
    monkeypatch.setenv("PASSAGE_CORPORA", str(tmp_path / "corpora.toml"))
    return tmp_path


def test_commands_about_a_corpus(
    two_corpora: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["ask", "--corpus", "team", QUESTION]) == 0
    assert "Ada Team" in capsys.readouterr().out
    assert main(["status", "--corpus", "team"]) == 0
    assert "Articles  1 (1 English)" in capsys.readouterr().out
    assert (data / "corpora" / "team" / "chroma").is_dir()
    assert not (data / "corpora" / "team" / "models").exists()
    assert main(["ask", QUESTION]) == 0
    assert "Team" not in capsys.readouterr().out
    assert main(["ask", "--corpus", "board", QUESTION]) == 1
    assert "There is no corpus board" in capsys.readouterr().err
    archive = two_corpora / "team.zip"
    assert main(["export", "--corpus", "team", str(archive)]) == 0
    assert "1 article" in " ".join(capsys.readouterr().out.split())
    (two_corpora / "team" / "a.txt").unlink()
    assert main(["import", "--corpus", "team", "--replace", str(archive)]) == 0
    assert (two_corpora / "team" / "a.txt").is_file()
    assert main(["export", str(two_corpora / "all.zip")]) == 0
    assert "`--corpus` with team" in capsys.readouterr().err


def test_links_of_a_command_about_a_corpus(
    two_corpora: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PASSAGE_PUBLIC_URL", "https://reader.example/p/")
    assert main(["ask", "--json", "--corpus", "team", QUESTION]) == 0
    key = read_settings().reader_keys["team"]
    assert f'"https://reader.example/p/c/{key}/articles/' in capsys.readouterr().out


@contextmanager
def started() -> Iterator[tuple[CommandContext, Corpora]]:
    """The corpora as a start of the bot opens them."""
    with ExitStack() as resources:
        context = CommandContext(Namespace(json=False), read_settings(), Terminal(), resources)
        corpora, outdated = open_corpora(context)
        assert not outdated
        yield context, corpora


def test_the_bot_opens_its_corpora_indexed(
    two_corpora: Path, data: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shutil.rmtree(data / "corpora", ignore_errors=True)
    file = two_corpora / "corpora.toml"
    entry = file.read_text("utf-8")
    file.write_text(f"{entry}[board]\nseeds = 'none'\n", "utf-8")
    with started() as (context, corpora):
        (quote,) = corpora.view(["team", "board"]).ask(QUESTION).quotes
        assert "Ada Team" in quote.text
        team = corpora.library("team")
        assert team.embedder is context.library.embedder
        team.pins.pin("Who is the builder?", quote)
    assert "corpus board cannot be indexed: There is no folder of articles at" in caplog.text
    shutil.rmtree(data / "corpora" / "board")
    # A corpus that is renamed keeps its pins with its folder.
    file.write_text(entry.replace("[team]", "[crew]"), "utf-8")
    (data / "corpora" / "team").rename(data / "corpora" / "crew")
    with started() as (context, corpora):
        (pin,) = corpora.view(["crew"]).pins.all()
        assert pin.question == "Who is the builder?"
        assert corpora.view(["crew"]).ask(pin.question).quotes[0].text == quote.text
