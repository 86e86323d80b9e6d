"""`corpora.toml`: what it may say, and who sees what."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.corpora.entries import (
    CorpusEntry,
    corpora_at,
    read_corpora,
    reader_key,
)
from retrieval import MAIN_CORPUS, OperatorError

TOML = """
[team]
seeds = "team"
servers = [1]
roles = [7]

[board]
seeds = "board"
channels = ["20", 30]
roles = [8]

[main]
servers = [1]
"""


def read(folder: Path, text: str) -> dict[str, CorpusEntry]:
    (folder / "corpora.toml").write_text(text, "utf-8")
    return dict(read_corpora(folder / "corpora.toml", folder / "seeds"))


@pytest.mark.parametrize(
    ("guild", "channels", "roles", "names"),
    [
        (1, [10], [], "main team"),
        (1, [20], [], "board main team"),
        (2, [10, 30], [], "board"),
        (2, [10], [], "main"),
        (2, [10], [7, 99], "main team"),
        (2, [20], [7, 8], "board team"),
        (None, [10], [], "main"),
        (None, [None], [8], "board main"),
    ],
)
def test_who_sees_what(
    tmp_path: Path, guild: int | None, channels: list[int | None], roles: list[int], names: str
) -> None:
    entries = read(tmp_path, TOML)
    together = corpora_at(entries, guild, channels, roles)
    assert together == set(names.split())


def test_without_a_file_there_is_the_main_corpus(tmp_path: Path) -> None:
    entries = read_corpora(None, tmp_path)
    assert entries == {MAIN_CORPUS: CorpusEntry(tmp_path)}
    assert corpora_at(entries, 1, [2]) == {MAIN_CORPUS}


def test_folders_are_relative_to_the_file(tmp_path: Path) -> None:
    entries = read(tmp_path, TOML)
    assert entries["team"].seeds == tmp_path / "team"
    assert entries[MAIN_CORPUS].seeds == tmp_path / "seeds"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[a", "cannot be read"),
        ("[a]\nseeds = 'a'\nserver = [1]", "a.server cannot be .*: there is no such key."),
        ("[a]\nseeds = 'a'\nservers = [0]", "a.servers"),
        ("[a]\nseeds = 'a'\nservers = ['general']", "a.servers"),
        ("[a]\nservers = [1]", ": a needs seeds, its folder"),
        ("[main]\nseeds = 'b'", "takes no seeds"),
        ("['../a']\nseeds = 'a'", "cannot be called"),
        ("[A]\nseeds = 'a'", "cannot be called"),
        ("[a]\nseeds = 'a'\n[b]\nseeds = 'a/b'", "lies in that of a"),
        ("[a]\nseeds = 'seeds/a'", "lies in that of main"),
        ("[a]\nseeds = 'x'\n[b]\nseeds = 'x'", "lies in that of"),
        ("x = 1", "x cannot be 1; it takes a table."),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(OperatorError, match=says) as error:
        read(tmp_path, text)
    assert "\n" not in str(error.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="PASSAGE_CORPORA"):
        read_corpora(tmp_path / "none.toml", tmp_path)


def test_the_key_of_a_corpus_stays_and_is_its_own(tmp_path: Path) -> None:
    keys = [reader_key(tmp_path, name) for name in ("a", "b", "a")]
    assert keys[0] == keys[2] != keys[1]
    assert len(keys[0]) == 20
    assert (tmp_path / "corpora" / "a" / "reader-key").stat().st_mode & 0o077 == 0
