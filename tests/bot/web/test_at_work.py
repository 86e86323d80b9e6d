"""The reader as an operator meets it: `passage reader`, beside the bot, in JSON, its phrases."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
import signal
import socket
import tomllib
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import discord
import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from bot.cli.app import main
from bot.cli.json_output import answer_json
from bot.connection import run_bot
from bot.corpora.libraries import Corpora
from bot.options import LibraryOptions
from bot.settings import Settings
from bot.ui.links import Links, quote_page
from bot.web.options import ReaderOptions
from retrieval import Library
from tests.conftest import ROOT, SEEDS
from tests.waiting import PATIENCE, wait_until

from ..reading import Shelved, source


@pytest.mark.usefixtures("command_line")
def test_alone_until_ctrl_c_and_a_port_that_is_taken(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Its own process, and that on Windows, ends in `cli/test_windows.py`."""
    caplog.set_level(logging.INFO)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setenv("PASSAGE_READER_PORT", str(taken.getsockname()[1]))
        assert main(["reader"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert re.fullmatch(r".*PASSAGE_READER_PORT.*\n", err)
    monkeypatch.setenv("PASSAGE_READER_PORT", "0")
    printed = list[str]()

    def visit() -> bytes:
        try:
            wait_until(lambda: printed.append(capsys.readouterr().out) or "".join(printed)[-1:])
            address = "".join(printed).strip()
            assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", address)
            with urllib.request.urlopen(f"{address}?q=Where+is+the+zeppelin") as page:  # noqa: S310
                return bytes(page.read())
        finally:
            os.kill(os.getpid(), signal.SIGINT)

    with ThreadPoolExecutor(max_workers=1) as thread:
        visiting = thread.submit(visit)
        assert main(["reader"]) == 0
        assert b"<main" in visiting.result()
    said = caplog.text + capsys.readouterr().err
    assert "Stopped." in said
    assert "Traceback" not in said
    assert "zeppelin" not in said


async def test_beside_the_bot_in_its_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    asked = asyncio.Event()

    async def say_nothing(request: web.Request) -> web.Response:
        asked.set()
        await asyncio.sleep(PATIENCE)
        return web.Response()

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", say_nothing)
    async with TestServer(app) as silent:
        monkeypatch.setattr(discord.http.Route, "BASE", str(silent.make_url("")).rstrip("/"))
        options = ReaderOptions(SEEDS, enabled=True, port=0)
        settings = Settings(library=LibraryOptions(data_dir=tmp_path), reader=options)
        corpora = Corpora(Shelved(source("000_c198e92d4335c7bf.txt")))
        running = asyncio.create_task(run_bot("token", corpora, settings))
        await asked.wait()
        (address,) = re.findall(r"Reader at (\S+)", caplog.text)
        async with ClientSession() as session, session.get(f"{address}articles") as said:
            assert "Minutes" in await said.text()
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.wait_for(running, PATIENCE)


def test_a_program_is_told_where_the_reader_shows_a_quote(library: Library) -> None:
    answer = library.ask("Who received the Ho Chi Minh Order?")
    without, given = answer_json(answer), answer_json(answer, Links("https://reader.example/"))
    assert {one["reader"] for one in without["quotes"]} == {None}
    addresses = [f"https://reader.example/{quote_page(quote)}" for quote in answer.quotes]
    assert [one["reader"] for one in given["quotes"]] == addresses
    assert json.loads(json.dumps(given)) == given


def test_every_phrase_of_the_reader_is_said_on_a_page_and_none_is_missing() -> None:
    files = [*(ROOT / "bot/web").rglob("*.html"), *(ROOT / "bot/web").glob("[sv]*.py")]
    text = "".join(file.read_text("utf-8") for file in files)
    said = set(re.findall(r"\bpage_phrases\('(\w+)'", text))
    elsewhere = {"reference", "too_often", "no_sources"}
    said |= set(re.findall(r'"((?:no_|too_|ref|bad_)\w+)"', text)) - elsewhere
    locale = tomllib.loads((ROOT / "bot/i18n/en.toml").read_text("utf-8"))
    assert said == locale["reader"].keys()
