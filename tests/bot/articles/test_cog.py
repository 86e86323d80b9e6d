"""`/sources` and `/article` in a Discord in memory."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import discord
import pytest
import simcord

from bot.articles import cog, view
from bot.i18n.phrases import ENGLISH
from bot.ui import autocomplete
from bot.ui.buttons import Page
from bot.ui.message import layout
from bot.ui.text import title_of
from bot.worker import Worker
from retrieval import Answer, Library, Outcome, Source, StoreError
from tests.bot.ask.test_view import texts
from tests.discord_limits import message_problems
from tests.waiting import PATIENCE

from ..markup import HOSTILE, live, shown
from ..server import Scripted, Server, buttons, page_buttons, restart, seen, serving


class Shelf(Scripted):
    """Holds the articles that a test gives it."""

    def __init__(self, articles: Sequence[Source]) -> None:
        super().__init__(lambda question: Answer(question, "en", Outcome.NOT_FOUND))
        self.articles = list(articles)

    def sources(self) -> list[Source]:
        return self.articles

    def article(self, cited: Source) -> str | None:
        return f"The text of {cited.path}" if cited in self.articles else None


class Torn(Shelf):
    """Cannot read its articles while `torn`."""

    torn = True

    def sources(self) -> list[Source]:
        if self.torn:
            raise StoreError("The index at /somewhere cannot be used.")
        return super().sources()


def source(number: int, title: str = "", **facts: Any) -> Source:
    known: dict[str, Any] = {"language": "en", "date": f"2025-01-{number:02}"} | facts
    return Source(f"{number}.txt", f"{number:064x}", title or f"Article {number}", **known)


TWELVE = [source(number) for number in range(12, 0, -1)]


def titles(message: discord.Message) -> list[str]:
    """The titles that the page shows."""
    lines = seen(message).split("\n")
    return [line.split("**")[1] for line in lines if "**" in line]


async def article(server: Server, title: str) -> discord.Message:
    result = await server.ana.slash(server.channel, "article", title=title)
    assert result.ephemeral
    return result.response.message


async def test_the_articles_are_listed_newest_first_to_the_member_alone(library: Library) -> None:
    async with serving(library) as server:
        result = await server.ana.slash(server.channel, "sources")
        message = result.response.message

    assert result.ephemeral
    text = seen(message)
    assert text.startswith("### 5 articles\n1. **")
    known = library.sources()
    assert titles(message) == [found.title for found in known]
    dates = [found.date or "" for found in known]
    assert dates == sorted(dates, reverse=True)
    undated = [found.title for found in known if not found.date]
    assert undated == sorted(undated)
    assert "English · 29 December 2022 · en.vietnamplus.vn" in text
    assert "Deutsch · " in text
    assert [label for label, _ in buttons(message)] == ["Open article"] * 4
    assert page_buttons(message) == {}


async def test_pages_are_turned_with_buttons_in_place() -> None:
    async with serving(Shelf(TWELVE)) as server:
        message = (await server.ana.slash(server.channel, "sources")).response.message
        assert titles(message) == [f"Article {number}" for number in (12, 11, 10, 9, 8)]
        assert page_buttons(message) == {"Previous": False, "Next": True}

        second = (await server.ana.click(message, label="Next")).response.message
        assert second.id == message.id
        assert titles(second) == [f"Article {number}" for number in (7, 6, 5, 4, 3)]
        assert page_buttons(second) == {"Previous": True, "Next": True}

        third = (await server.ana.click(second, label="Next")).response.message
        assert "### 12 articles\n-# Page 3 of 3\n11. **Article 2**" in seen(third)
        assert page_buttons(third) == {"Previous": True, "Next": False}

        back = (await server.ana.click(third, label="Previous")).response.message
        assert titles(back) == titles(second)


async def test_the_buttons_work_after_a_restart_of_the_bot() -> None:
    async with serving(Shelf(TWELVE)) as server:
        message = (await server.ana.slash(server.channel, "sources")).response.message
        await restart(server.env)
        turned = await server.ana.click(message, label="Next")

        assert titles(turned.response.message)[0] == "Article 7"


async def test_a_page_that_is_no_more_becomes_the_last_one() -> None:
    shelf = Shelf(TWELVE)
    async with serving(shelf) as server:
        message = (await server.ana.slash(server.channel, "sources")).response.message
        shelf.articles = TWELVE[:3]
        turned = (await server.ana.click(message, label="Next")).response.message
        assert "### 3 articles\n1. **Article 12**" in seen(turned)
        assert page_buttons(turned) == {}

        shelf.articles = []
        none = (await server.ana.slash(server.channel, "sources")).response.message
        assert seen(none) == "There are no articles yet."


async def test_an_article_is_shown_by_its_title_in_any_spelling_or_by_some_words_of_it() -> None:
    link = "https://www.example.com/a"
    shelf = Shelf([source(3, "Tô Lâm gặp đoàn đại biểu", language="vi", url=link), *TWELVE[-2:]])
    async with serving(shelf) as server:
        for title in ("Tô Lâm gặp đoàn đại biểu", "TO LAM  gap doan dai bieu", "đoàn lam"):
            message = await article(server, title)
            title_line, facts = seen(message).split("\n")
            assert title_line == "### Tô Lâm gặp đoàn đại biểu"
            assert facts == "-# Tiếng Việt · 3 January 2025 · example.com"
            assert buttons(message) == [("Open article", link)]

        for title in ("Nobody wrote this", "Article", "?"):
            said = seen(await article(server, title))
            assert said == "There is no article of that title. `/sources` lists them all."


async def test_an_article_that_no_link_leads_to_comes_as_a_file() -> None:
    async with serving(Shelf(TWELVE)) as server:
        message = await article(server, "Article 3")
        assert seen(message) == "### Article 3\n-# English · 3 January 2025"
        (file,) = message.attachments
        assert (file.filename, await file.read()) == ("article-3.txt", b"The text of 3.txt")


async def test_titles_are_offered_while_one_types() -> None:
    long = source(9, "Über " + "lange Titel " * 30, date=None)
    many = [source(n % 28 + 1, f"Äpfel {n}") for n in range(40)]
    async with serving(Shelf([long, *many])) as server:

        async def offered(typed: str) -> list[dict[str, str]]:
            return await server.ana.autocomplete(server.channel, "article", "title", typed)

        everything, some, none = await offered(""), await offered("39 apfel"), await offered("x y")
        (cut,) = await offered("UBER lange")
        assert "Über lange" in seen(await article(server, cut["value"]))

    assert len(everything) == 25
    assert [choice["name"] for choice in some] == ["Äpfel 39 · 12 January 2025"]
    assert none == []
    assert cut["name"].endswith("…")
    for choice in [*everything, cut]:
        assert 1 <= len(choice["name"]) <= 100
        assert 1 <= len(choice["value"]) <= 100


async def test_a_failure_is_one_sentence_with_the_reference_that_the_log_has(
    caplog: pytest.LogCaptureFixture,
) -> None:
    shelf = Torn(TWELVE)
    async with serving(shelf) as server:
        failed = seen((await server.ana.slash(server.channel, "sources")).response.message)
        sentence, reference = failed.split("\n-# Reference: ")
        assert "/somewhere" not in failed
        assert sentence.endswith(".")
        assert any(reference in record.getMessage() for record in caplog.records)

        assert await server.ana.autocomplete(server.channel, "article", "title", "1") == []
        shelf.torn = False
        known = await server.ana.autocomplete(server.channel, "article", "title", "1")
        shelf.torn = True  # What was known last is still offered.
        assert await server.ana.autocomplete(server.channel, "article", "title", "1") == known


async def test_titles_are_offered_in_time_though_the_worker_is_busy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(autocomplete, "CHOICE_SECONDS", PATIENCE)
    free = threading.Event()
    async with Worker(Shelf(TWELVE)) as worker:  # In simcord's virtual time nothing is late.
        sources = cog.ArticlesCog(SimpleNamespace(worker=worker, asker_for=lambda _: worker.asker))
        asking = SimpleNamespace(locale=discord.Locale.german)
        fresh = await sources.titles(asking, "12")
        busy = asyncio.create_task(worker.run(free.wait, PATIENCE))
        monkeypatch.setattr(autocomplete, "CHOICE_SECONDS", 0.05)
        late = await sources.titles(asking, "12")
        free.set()
        assert await busy, "it has waited for the worker"

    assert [choice.name for choice in fresh] == ["Article 12 · 12. Januar 2025"]
    assert [choice.name for choice in late] == [choice.name for choice in fresh]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_titles_are_harmless_and_readable(hostile: str) -> None:
    one = source(1, hostile, url="https://example.com/x")
    one_line = " ".join(hostile.split())

    _, listed = [part.text for part in view.articles_page(Page([one], 0), ENGLISH)]
    card = view.card(one, ENGLISH).text
    title = listed.split("\n")[0].removeprefix("1\\. **").removesuffix("**")
    assert shown(title) == one_line
    assert shown(card.split("\n")[0]) == f"### {one_line}"
    for ours in (title, listed.split("-# ")[1], *card.removeprefix("### ").split("\n-# ")):
        assert live(ours) == []


@pytest.mark.parametrize("one", ["*", "漢", "👩‍👩‍👧"])
def test_the_longest_page_fits(one: str) -> None:
    host = "a" * 60 + "." + "b" * 60
    longest = [
        source(n, one * 400, language="x" * 90, url=f"https://{host}.com/" + "c" * 380)
        for n in range(1, 6)
    ]
    message = layout(view.articles_page(Page(longest, 0), ENGLISH))
    assert len(texts(message)) == 6
    assert message_problems({"components": message.to_components(), "allowed_mentions": {}}) == []


def test_a_title_of_nothing_visible_gives_way_to_the_files_name() -> None:
    assert title_of(source(7, "\u200b \u202e"), 120) == "7.txt"


async def test_the_command_is_one_that_discord_takes() -> None:
    async with serving(Shelf([])) as server:
        with pytest.raises(simcord.OptionError):
            await server.ana.slash(server.channel, "article", title="x" * 301)
