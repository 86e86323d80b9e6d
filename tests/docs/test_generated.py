"""The pages that come from elsewhere are up to date, and the documented JSON is what is printed."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from bot.cli.app import main
from bot.settings import VARIABLES
from tests.conftest import ROOT

from .generated import COMMAND_LINE, SETTINGS, command_line_page, help_text, settings_page

README = (ROOT / "README.md").read_text("utf-8")
COMMANDS = set(re.findall(r"^\| `passage ([a-z]+)", README, re.MULTILINE))


def test_the_settings_are_those_of_env_example() -> None:
    page = SETTINGS.read_text("utf-8")
    assert page == settings_page(), "run `python -m tests.docs.generated`"
    documented = set(re.findall(r"^## `(\w+)`", page, re.MULTILINE))
    assert documented == VARIABLES


def test_the_help_texts_are_those_of_the_commands() -> None:
    page = COMMAND_LINE.read_text("utf-8")
    assert page == command_line_page(), "run `python -m tests.docs.generated`"
    assert set(re.findall(r"^\$ passage ([a-z]+) --help$", page, re.MULTILINE)) == COMMANDS


def test_readme_lists_every_command() -> None:
    listed = re.findall(r"^[\s│]+([a-z]+)  +\S", help_text(), re.MULTILINE)
    assert set(listed) == COMMANDS


def test_readme_and_page_name_the_same_commands_with_json() -> None:
    takes_json = {command for command in COMMANDS if "--json" in help_text(command)}
    in_readme = re.findall(r"^\| `passage ([a-z]+).*\|[^|]*(?:object|list)[^|]*\|$", README, re.M)
    assert set(in_readme) == takes_json
    assert set(documented()) == takes_json


def documented() -> dict[str, list[str]]:
    """The keys of each command's JSON, as the table of `docs/command-line.md` has them."""
    rows = re.findall(r"^\| `([a-z]+)` \| an? (.+) \|$", COMMAND_LINE.read_text("utf-8"), re.M)
    rows += re.findall(r"^\| `(import)` \| (.+) \|$", COMMAND_LINE.read_text("utf-8"), re.M)
    return {command: re.findall(r"`(\w+)`", value) for command, value in rows}


@pytest.mark.usefixtures("command_line")
@pytest.mark.parametrize(
    "argv",
    [
        ["reload"],
        ["ask", "Who received the Ho Chi Minh Order?"],
        ["meetings"],
        ["status"],
        ["doctor"],
        ["export", "backup.zip"],
    ],
    ids=lambda argv: argv[0],
)
def test_the_json_is_as_documented(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    main([*argv, "--json"])
    value: Any = json.loads(capsys.readouterr().out)
    first = value[0] if isinstance(value, list) else value
    assert list(first) == documented()[argv[0]]
