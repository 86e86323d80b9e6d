"""`passage mcp`, asked by the client of the SDK over stdin and stdout."""

from __future__ import annotations

import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bot.cli.app import main
from tests.conftest import ROOT, SEEDS

if TYPE_CHECKING:
    from mcp import Client

QUESTION = "Who received the Ho Chi Minh Order?"


@asynccontextmanager
async def client_of(data: Path) -> AsyncIterator[Client]:
    # Loaded by the one worker that needs it.
    from mcp import Client, StdioServerParameters  # noqa: PLC0415

    settings = {"PASSAGE_SEEDS_DIR": str(SEEDS), "PASSAGE_DATA_DIR": str(data)}
    server = StdioServerParameters(
        command=sys.executable, args=["-m", "bot.cli.app", "mcp"], env=settings, cwd=ROOT
    )
    async with Client(server) as client:
        yield client


async def call(client: Client, tool: str, **arguments: Any) -> Any:
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content
    value = result.structured_content
    return value["result"] if value is not None and set(value) == {"result"} else value


async def refusal(client: Client, tool: str, **arguments: Any) -> str:
    result = await client.call_tool(tool, arguments)
    assert result.is_error
    (content,) = result.content
    assert content.type == "text"
    return str(content.text)


async def test_every_tool_over_stdio(seed_index: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(seed_index, data)
    async with client_of(data) as client:
        tools = (await client.list_tools()).tools
        assert [tool.name for tool in tools] == ["search", "quote", "article", "meetings", "verify"]
        assert all(tool.annotations and tool.annotations.read_only_hint for tool in tools)

        answer = await call(client, "quote", question=QUESTION)
        assert answer["answered"]
        first = answer["quotes"][0]
        passages = await call(client, "search", question=QUESTION, limit=3)
        assert len(passages) == 3
        assert list(passages[0]) == list(first)
        for each in (*answer["quotes"], *passages):
            text = (SEEDS / each["article"]).read_text("utf-8")
            assert text[each["start"] : each["end"]] == each["text"]

        article = await call(client, "article", path=first["article"])
        assert first["text"] in article["text"]
        assert (article["title"], article["next"]) == (first["title"], None)
        rest = await call(client, "article", path=first["article"], start=100)
        assert article["text"][100:] == rest["text"]

        checks = await call(client, "verify", citations=answer["citations"])
        assert {check["verdict"] for check in checks} == {"stands"}
        answer["citations"][0]["target"]["selector"][0]["exact"] += "x"
        checks = await call(client, "verify", citations=answer["citations"])
        assert checks[0]["verdict"] == "absent"

        meetings = await call(client, "meetings")
        some = await call(client, "meetings", start="2024", place="hanoi")
        assert 0 < len(some) < len(meetings)

        # An error is one plain sentence, behind the SDK's own words.
        for problem, sentence in (
            (await refusal(client, "quote", question="?!"), "I found no words to search for"),
            (await refusal(client, "article", path="../.env"), "There is no article ../.env."),
            (await refusal(client, "meetings", start="soon"), "I cannot read “soon” as a date."),
            (await refusal(client, "verify", citations=[{}]), "it is no citation of Passage"),
        ):
            assert sentence in problem
            assert "Traceback" not in problem


def test_without_the_sdk_one_sentence_says_how_to_get_it(
    command_line: None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "mcp.server", None)
    assert main(["mcp"]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == (
        "`passage mcp` needs the Python SDK of the Model Context Protocol, which is not installed; "
        "`pip install 'passage-bot[mcp]'` brings it.\n"
    )
