"""`passage ask --cite` and `passage verify`."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from bot.cli.app import main

pytestmark = pytest.mark.usefixtures("command_line")

QUESTION = "Who received the Ho Chi Minh Order?"


def test_what_is_cited_is_verified_and_what_is_changed_is_not(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["ask", "--cite", QUESTION]) == 0
    printed = capsys.readouterr().out
    annotations = json.loads(printed)
    assert annotations
    file = Path("citations.json")
    file.write_text(printed, "utf-8")
    assert main(["verify", str(file)]) == 0
    assert capsys.readouterr().out.count(
        "Verified: the article has exactly these words there"
    ) == len(annotations)
    monkeypatch.setattr("sys.stdin", io.StringIO(printed.replace('"exact": "', '"exact": "x')))
    assert main(["verify", "-", "--json"]) == 1
    values = json.loads(capsys.readouterr().out)
    assert {value["verdict"] for value in values} == {"absent"}
    assert list(values[0]) == ["verdict", "article", "start", "end", "words", "now", "altered"]


def test_a_verdict_of_two_lines_is_indented(capsys: pytest.CaptureFixture[str]) -> None:
    main(["ask", "--cite", QUESTION])
    cited = json.loads(capsys.readouterr().out)[0]
    cited["target"]["source"]["dcterms:title"] = "Another"
    Path("c.json").write_text(json.dumps(cited), "utf-8")
    assert main(["verify", "c.json"]) == 1
    assert capsys.readouterr().out.endswith("do not match the\n  article: title.\n")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("{", "it is not JSON"),
        ("[]", "there is no citation in it"),
        ("{}", "it is no citation of Passage"),
        (b"\xff\xfe", "it is not text in UTF-8"),
        (None, "No such file or directory"),
    ],
)
def test_errors_are_one_sentence(
    content: str | bytes | None, reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if content is not None:
        Path("c.json").write_bytes(content.encode() if isinstance(content, str) else content)
    assert main(["verify", "c.json"]) == 1
    assert capsys.readouterr().err == f"c.json cannot be verified: {reason}.\n"
