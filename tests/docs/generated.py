"""The pages of docs/ that come from elsewhere: `python -m tests.docs.generated` writes them anew.

`docs/settings.md` is made of `.env.example`. In `docs/command-line.md` each block of code that
begins with `$ passage … --help` is followed by what that prints.
"""

from __future__ import annotations

import io
import os
import re
from contextlib import redirect_stdout, suppress
from pathlib import Path
from unittest.mock import patch

from bot.cli.app import main

ROOT = Path(__file__).parents[2]
SETTINGS = ROOT / "docs" / "settings.md"
COMMAND_LINE = ROOT / "docs" / "command-line.md"

SETTINGS_HEAD = """\
# Settings
Settings come from the environment, or from the file `.env` in the folder in which Passage is
started. `cp .env.example .env` makes one to fill in. The environment goes before the file.

<!-- Made of .env.example by `make docs`. -->
"""

HELP = re.compile(r"^```\n\$ passage ([a-z ]*)--help\n.*?^```$", re.MULTILINE | re.DOTALL)


def settings_page() -> str:
    """Return `docs/settings.md`: a heading for each setting, its default, its explanation."""
    entries = []
    comment: list[str] = []
    for line in (ROOT / ".env.example").read_text("utf-8").splitlines():
        if setting := re.fullmatch(r"(?:# )?([A-Z_]+)=(.*)", line):
            name, default = setting.groups()
            value = f"Default: `{default}`" if default else "Not set by default."
            entries.append(f"## `{name}`\n{' '.join(comment)}\n\n{value}\n")
            comment = []
        elif line.startswith("# "):
            comment.append(line.removeprefix("# "))
        else:
            comment = []
    return "\n".join([SETTINGS_HEAD, *entries])


def command_line_page() -> str:
    """Return `docs/command-line.md` with the help texts of now."""
    page = COMMAND_LINE.read_text("utf-8")

    def block(found: re.Match[str]) -> str:
        words = found[1]
        return f"```\n$ passage {words}--help\n{help_text(*words.split())}\n```"

    return HELP.sub(block, page)


def help_text(*command: str) -> str:
    """Return what `passage COMMAND --help` prints in a terminal of 80 columns."""
    printed = io.StringIO()
    plain = {"COLUMNS": "80", "NO_COLOR": "1", "TERM": "dumb"}
    with patch.dict(os.environ, plain), redirect_stdout(printed), suppress(SystemExit):
        main([*command, "--help"])
    return "\n".join(line.rstrip() for line in printed.getvalue().strip().splitlines())


if __name__ == "__main__":
    SETTINGS.write_text(settings_page(), "utf-8")
    COMMAND_LINE.write_text(command_line_page(), "utf-8")
