"""Where members are sent to read: the published page, the reader, or a file of the article."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import discord
import pytest

import bot.connection
from bot.cli.app import main
from bot.corpora.libraries import Corpora
from bot.journal.journal import Journal
from bot.settings import Settings
from bot.ui import message as message_module
from bot.ui.links import LOCAL, NO_READER, Links, is_loopback
from bot.ui.message import file_name
from retrieval import Library
from retrieval.embedding.embedder import Embedder
from retrieval.index.store import Store
from tests.conftest import SEEDS, Folder

from ..ask.test_buttons import OneQuote, asked
from ..ask.test_view import quote
from ..conftest import Speak
from ..portal import TOKEN
from ..server import Server, buttons, face, restart, rows, seen, serving

pytestmark = pytest.mark.usefixtures("several_quotes")

READER = Links("https://reader.example/p/")
QUESTION = "Who is Le Minh Hung?"
"""Is answered from an article whose page is not known, and from one whose page is."""


async def answered(server: Server, question: str = QUESTION) -> discord.Message:
    await server.say(f"{server.mention} {question}")
    return server.channel.last_message


def ways(message: Any) -> list[dict[str, Any]]:
    """The buttons of the last row of a message."""
    found: list[dict[str, Any]] = message.components[-1].to_dict().get("components", [])
    return found


async def in_context(server: Server, answer: discord.Message) -> discord.Message:
    # Its label is in the question's language.
    (id,) = (way["custom_id"] for way in ways(answer) if way["custom_id"].startswith("context:"))
    shown = await server.ana.click(answer, custom_id=id)
    assert shown.ephemeral
    return shown.response.message


async def test_a_button_leads_to_the_page_and_to_the_reader_where_there_is_none(
    library: Library,
) -> None:
    quotes = library.ask(QUESTION).quotes
    assert [bool(one.url) for one in quotes] == [True, False]
    async with serving(library, links=READER) as server:
        addresses = [address for _, address in buttons(await answered(server))]
    assert addresses == [READER.to(one) for one in quotes]
    assert addresses[0] == quotes[0].link
    assert addresses[1].startswith("https://reader.example/p/articles/")
    async with serving(library) as server:
        answer = await answered(server)
        assert [address for _, address in buttons(answer)] == addresses[:1]


async def test_show_in_context_offers_the_reader(library: Library) -> None:
    quotes = library.ask(QUESTION).quotes
    async with serving(library, links=READER) as server:
        shown = await in_context(server, await answered(server))
        for one in quotes:
            # The page, if it is known, is beside the words.
            assert [address for _, address in buttons(shown)] == [one.link] * bool(one.link)
            way, *turns = ways(shown)
            assert way["label"] == "Show in the whole article"
            assert way["url"] == READER.in_reader(one)
            if one is not quotes[-1]:
                assert turns[-1]["label"] == "Next"
                turned = await server.ana.click(shown, label="Next")
                shown = turned.response.message


async def test_lists_and_meetings_lead_to_the_reader_too(library: Library) -> None:
    (pageless,) = (one for one in library.sources() if not one.url)
    (meeting,) = (one for one in library.meetings() if not one.evidence.url)
    page, evidence = READER.to(pageless), READER.to(meeting.evidence)
    assert page
    assert "/q/" not in page
    async with serving(library, links=READER) as server:
        ana, channel = server.ana, server.channel
        sources = (await ana.slash(channel, "sources")).response.message
        assert page in [address for _, address in buttons(sources)]
        card = (await ana.slash(channel, "article", title=pageless.title)).response.message
        assert buttons(card) == [("Open article", page)]
        listed = (await ana.slash(channel, "meetings")).response.message
        assert evidence in [address for _, address in buttons(listed)]
        (choosing,) = listed.components[-2].to_dict()["components"]
        value = choosing["options"][library.meetings().index(meeting)]["value"]
        details = await ana.select(listed, [value], custom_id=choosing["custom_id"])
        assert evidence in [address for _, address in buttons(details.response.message)]


FRONT = "---\ntitle: Grüße aus der Königsstraße\n---\n"
STORM = "Der Bürgermeister begrüßte die Gäste am Dienstag in der Königsstraße."
REST = "\n\nAlle Gäste tranken süßen Apfelmost, und das Fest währte bis zum Morgen.\n"
GUESTS = "Wer begrüßte die Gäste?"


@pytest.fixture
def festival(
    folder: Folder, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Library]:
    seeds = folder({"fest.md": FRONT + STORM + REST})
    with Library(seeds, Store.open(seeds.parent / "chroma"), lambda: embedder) as library:
        library.reload()
        yield library


async def test_without_a_reader_the_article_comes_as_a_file_also_after_a_restart(
    festival: Library, journal: Journal, speak: Speak
) -> None:
    speak("de")
    async with serving(festival, journal=journal) as server:
        answer = await answered(server, GUESTS)
        (id,) = (item["custom_id"] for item in rows(answer) if "Artikel als Datei" in face(item))
        on_answer = await server.ana.click(answer, custom_id=id)
        assert len(on_answer.response.message.attachments) == 1
        message = await in_context(server, answer)
        assert ways(message)[0]["label"] == "Artikel als Datei"
        await restart(server.env)
        sent = await server.ana.click(message, label="Artikel als Datei")
        assert sent.ephemeral
        (file,) = sent.response.message.attachments
        assert file.filename == "grusse-aus-der-konigsstrasse.txt"
        assert (await file.read()).decode("utf-8") == STORM + REST
        assert seen(sent.response.message) == "### Grüße aus der Königsstraße"


async def test_an_article_that_is_gone_or_too_large_is_no_file(
    festival: Library, journal: Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serving(festival, journal=journal) as server:
        message = await in_context(server, await answered(server, GUESTS))

        async def file() -> tuple[str, int]:
            sent = (await server.ana.click(message, label="Article as a file")).response.message
            return seen(sent), len(sent.attachments)

        with monkeypatch.context() as small:
            small.setattr(message_module, "MAX_FILE_BYTES", 100)
            assert await file() == ("The article is too large to be sent here.", 0)
        article = tmp_path / "seeds" / "fest.md"
        article.write_text(f"{FRONT}Hier steht jetzt etwas ganz anderes als zuvor.")
        assert (await file())[1] == 1
        for gone in (lambda: article.write_bytes(b"\n"), article.unlink):
            gone()
            assert await file() == (
                "The article is no longer there, or it cannot be read any more.",
                0,
            )
        (sent,) = journal._db.execute("SELECT id FROM answers").fetchall()
        journal.forget(sent[0])
        assert "too old" in (await file())[0]


async def test_a_failure_is_said_with_a_reference(caplog: pytest.LogCaptureFixture) -> None:
    class Torn(OneQuote):
        def article(self, path: str) -> str | None:
            raise RuntimeError("out of order")

    async with serving(Torn()) as server:
        message = await in_context(server, await asked(server))
        sent = await server.ana.click(message, label="Article as a file")
        text = seen(sent.response.message)
    assert "Something went wrong" in text
    assert text.split()[-1] in caplog.text


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Hội nghị Đảng: ../etc/passwd", "hoi-nghi-dang-etc-passwd.txt"),
        ("党代会", "article.txt"),
        ("One " + "word " * 40, "one" + "-word" * 11 + ".txt"),
    ],
)
def test_a_files_name_is_one_that_every_system_takes(title: str, name: str) -> None:
    assert file_name(quote("Yes.", title=title)) == name


@pytest.mark.parametrize(
    ("address", "local"),
    [
        ("http://127.0.0.1:8798/", True),
        ("http://localhost/p", True),
        ("http://reader.LOCALHOST./", True),
        ("http://[::1]:8798", True),
        ("http://[::ffff:127.0.0.1]/", True),
        ("http://0.0.0.0:8798/", True),
        ("http://192.0.2.1/", False),
        ("https://localhost.example/", False),
    ],
)
def test_an_address_of_this_machine_alone_is_known(address: str, local: bool) -> None:
    assert Links(address).local is local


def test_without_a_reader_there_is_nothing_local() -> None:
    assert not NO_READER.local
    assert not is_loopback("")


@pytest.mark.usefixtures("command_line")
@pytest.mark.parametrize(
    ("address", "sent"),
    [("http://127.0.0.1:8798/", False), ("http://reader.example", True), ("", False)],
)
def test_no_loopback_address_is_ever_sent_to_discord(
    library: Library,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    address: str,
    sent: bool,
) -> None:
    requests: list[Any] = []

    async def on_simcord(
        token: str, corpora: Corpora, settings: Settings, *, links: Links, **_: Any
    ) -> None:
        async with serving(corpora.main, links=links) as server:
            await in_context(server, await answered(server))
            for command in ("sources", "meetings"):
                await server.ana.slash(server.channel, command)
            requests.extend(str(request.json) for request in server.env.http_requests)

    monkeypatch.setattr(bot.connection, "run_bot", on_simcord)
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    monkeypatch.setenv("PASSAGE_READER", "true")
    monkeypatch.setenv("PASSAGE_PUBLIC_URL", address)
    assert main(["run"]) == 0
    assert any("Open article" in request for request in requests)
    assert any("reader.example" in request for request in requests) is sent
    assert not any("127.0.0.1" in request or "8798" in request for request in requests)
    assert (LOCAL in caplog.text) == address.startswith("http://127")


def test_an_article_is_the_text_that_quotes_are_cut_from(library: Library) -> None:
    for source in library.sources():
        assert library.article(source) == (SEEDS / source.path).read_bytes().decode("utf-8")
