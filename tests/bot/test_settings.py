"""Settings: where they are read, which are told to be none, and what they reach."""

from __future__ import annotations

import json
from argparse import Namespace
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from bot.cli.app import main
from bot.cli.context import CommandContext
from bot.cli.output import Terminal
from bot.options import AskOptions, Home
from bot.settings import VARIABLES, read_settings
from retrieval import DEFAULT_MODEL, Library, OperatorError
from tests.conftest import ROOT, SEEDS

pytestmark = pytest.mark.usefixtures("command_line")


def test_a_misspelt_setting_is_named_and_the_command_goes_on(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PASSAGE_CHANELS", "1")
    (tmp_path / ".env").write_text("PASSAGE_XYZZY=1\nPASSAGE_SEED_DIR=x\nPASSAGE_CHANELS=2\n")
    assert main(["ask", "--json", "hello!"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["answered"] is False
    assert err.splitlines() == [
        "PASSAGE_CHANELS is no setting; did you mean PASSAGE_CHANNELS?",
        "PASSAGE_SEED_DIR is no setting; did you mean PASSAGE_SEEDS_DIR?",
        "PASSAGE_XYZZY is no setting.",
    ]


def test_the_environment_goes_before_the_file_and_what_is_empty_is_not_set(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text(
        "PASSAGE_CHANNELS=7\nPASSAGE_TRY_PORT=0\nPASSAGE_QUESTIONS_PER_MEMBER=3\n"
        "PASSAGE_READER_PROXIES=10.0.0.5, 10.1.0.0/16\nPASSAGE_ADMIN_ROLE=5\n"
    )
    monkeypatch.setenv("PASSAGE_CHANNELS", "8, 9")
    monkeypatch.setenv("PASSAGE_TRY_PORT", "")
    monkeypatch.setenv("passage_home_guild", "4")
    monkeypatch.setenv("PASSAGE_QUEUE", "1")  # It is an option, but no setting.
    settings = read_settings()
    assert settings.ask.channels == {8, 9}
    assert settings.try_port == 0
    assert settings.discord.home == Home(4, 5)
    assert (settings.ask.per_member, settings.reader.questions_per_client) == (3, 3)
    assert [str(proxy) for proxy in settings.reader.proxies] == ["10.0.0.5/32", "10.1.0.0/16"]
    assert settings.ask.queue == AskOptions().queue
    assert settings.misspelt == ("PASSAGE_QUEUE is no setting.",)
    assert {"PASSAGE_CHANNELS", "PASSAGE_HOME_GUILD", "PASSAGE_ADMIN_ROLE"} <= settings.given
    assert "PASSAGE_QUESTIONS_PER_GUILD" not in settings.given


def test_what_is_set_about_the_library_is_what_it_is_opened_with(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PASSAGE_RELOAD_THREADS", "3")
    monkeypatch.setenv("PASSAGE_RERANKER_MODEL", "a/reranker")
    given: dict[str, Any] = {}
    monkeypatch.setattr(Library, "open", lambda **options: given.update(options))
    CommandContext(Namespace(), read_settings(), Terminal(), ExitStack()).open_library()
    assert given["seeds_dir"] == SEEDS
    assert (given["reload_threads"], given["reranker"], given["model"]) == (
        3, "a/reranker", DEFAULT_MODEL,
    )  # fmt: skip


def test_every_setting_is_explained() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    for name in VARIABLES:
        (n,) = (n for n, line in enumerate(lines) if line.startswith((f"{name}=", f"# {name}=")))
        assert lines[n - 1].startswith("# "), f"{name} has no explanation"


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("PASSAGE_KEEP_DAYS", "abc", "a whole number"),
        ("PASSAGE_KEEP_DAYS", "0", "a number of at least 1"),
        ("PASSAGE_TRY_PORT", "70000", "a number of at most 65535"),
        ("PASSAGE_READER", "perhaps", "true or false"),
        ("PASSAGE_LOG_LEVEL", "loud", "'debug', 'info', 'warning' or 'error'"),
        ("PASSAGE_READER_PROXIES", "nginx", "addresses such as 10.0.0.5 or 10.1.0.0/16"),
    ],
)
def test_a_refused_value_is_named_with_what_is_expected(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, expected: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(OperatorError) as caught:
        read_settings()
    assert str(caught.value) == f"{name} cannot be '{value}'; it takes {expected}."


@pytest.mark.parametrize(
    "name",
    [
        "PASSAGE_CHANNELS",
        "PASSAGE_GUILDS",
        "PASSAGE_BLOCKED_MEMBERS",
        "PASSAGE_BLOCKED_CHANNELS",
        "PASSAGE_HOME_GUILD",
        "PASSAGE_ADMIN_ROLE",
        "PASSAGE_NEWS_CHANNEL",
    ],
)
def test_a_refused_id_says_how_to_copy_one(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    for value in ("general", "-1", "0"):
        monkeypatch.setenv(name, value)
        with pytest.raises(OperatorError, match=f"{name} cannot be '{value}'.*Copy ID"):
            read_settings()
