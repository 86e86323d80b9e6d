"""Errors of the command line where a value is very long."""

from __future__ import annotations

import pytest

from bot.cli.app import main
from bot.cli.brevity import MAX_SENTENCE

from .test_cli import failure

pytestmark = pytest.mark.usefixtures("command_line")


def test_a_very_long_value_is_not_repeated_whole(capsys: pytest.CaptureFixture[str]) -> None:
    long = "x" * 100_000
    for argv in (
        ["verify", long],
        ["ask", "--corpus", long, "Who?"],
        ["export", long + " " + long],
    ):
        err = failure(capsys, *argv)
        assert "xxx…xxx" in err
        assert len(err) < MAX_SENTENCE + 100
    with pytest.raises(SystemExit):
        main([long])
    assert "xxx…xxx" in (err := capsys.readouterr().err)
    assert len(err) < MAX_SENTENCE + 100
    assert "too long" in failure(capsys, "export", long)
