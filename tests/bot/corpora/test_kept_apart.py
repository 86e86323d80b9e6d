"""What else keeps to the corpora of the member: old answers, pins, the journal, news, feeds, the
reader. Server 0 has the corpus of Birchwick, its special channel that of Cedarholm, its staff that
of Fernleigh; server 1 has that of Cedarholm."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import discord
import pytest
from aiohttp import ClientSession

from bench.several_corpora import foreign
from bot.client import SETTINGS_CHANGED
from bot.corpora.entries import corpus_folder, reader_key
from bot.corpora.libraries import Corpora
from bot.feed_follower import FollowedSources
from bot.i18n.phrases import ENGLISH
from bot.news.told import Told, read_told, write_told
from bot.ui.links import Links
from bot.web.app import serving
from bot.worker import Worker
from retrieval import FeedReport

from ..reading import UNLIMITED, get, marked
from ..server import press, seen, until
from .conftest import Serve

HARBOUR = "Who opened the harbour?"
UNKNOWN = "What is the boiling point of mercury?"


async def test_what_a_role_has_is_not_shown_where_others_read_it(tenants: Serve) -> None:
    async with tenants() as here:
        staff = here.at(0, staff=True)
        alone = await staff.ana.slash(
            staff.channel, "ask", question=f"{HARBOUR} of Fernleigh", private=True
        )
        assert "Ada Fernleigh" in seen(alone.response.message)
        more = await press(staff.ana, alone.response.message, "More passages")
        assert foreign(seen(more.response.message), {"Birchwick", "Fernleigh"}) == set()
        question = "Who opened the port and the harbour?"
        public = await staff.ask(question)
        assert "Ada Birchwick" in public
        assert foreign(public, {"Birchwick"}) == set()
        # Its message is replaced, which everybody reads.
        more = await press(staff.ana, here.plain[0].last_message, "More passages")
        assert foreign(seen(here.plain[0].last_message), {"Birchwick"}) == set()
        # Another member's copy is read by that member alone.
        await here.at(0).ask(question)
        message = here.plain[0].last_message
        copy = await press(staff.ana, message, "More passages")
        assert "Fernleigh" in seen(copy.response.message)
        assert foreign(seen(here.plain[0].last_message), {"Birchwick"}) == set()


@pytest.mark.parametrize("label", ["Show in context", "More passages", "Article as a file (1)"])
async def test_a_button_of_an_old_answer_shows_nothing_of_a_corpus_that_was_taken_away(
    tenants: Serve, label: str
) -> None:
    async with tenants() as here:
        server = here.at(0)
        await server.ask(HARBOUR)
        answer = here.plain[0].last_message
        here.take_away(1)
        pressed = await press(server.ana, answer, label)
        told = "\n".join(
            seen(message)
            for message in (pressed.response.message, *pressed.followups)
            if message is not None
        )
        assert told
        assert "Ada Birchwick" not in told
        assert not getattr(pressed.response.message, "attachments", [])


async def test_old_buttons_work_for_who_has_the_corpus_and_for_nobody_else(tenants: Serve) -> None:
    async with tenants() as here:
        staff = here.at(0, staff=True)
        asked = f"{HARBOUR} of Fernleigh"
        shown = await staff.ana.slash(staff.channel, "ask", question=asked, private=True)
        answer = shown.response.message
        context = await press(staff.ana, answer, "Show in context")
        assert "Ada Fernleigh" in seen(context.response.message)
        here.take_away(5)
        gone = await press(staff.ana, answer, "Show in context")
        assert seen(gone.response.message) == ENGLISH("quote_gone")
        cited = await press(staff.ana, context.response.message, ENGLISH("cite"))
        assert seen(cited.response.message) == ENGLISH("quote_gone")


async def test_what_admins_see_keeps_to_their_corpora(tenants: Serve) -> None:
    async with tenants() as here:
        admin = here.guilds[0].create_role(
            "admin", permissions=discord.Permissions(administrator=True)
        )
        olga = here.guilds[0].add_member(here.env.create_user("olga"), roles=[admin])
        here.env.bot.owner_id = olga.id
        owner, guest = replace(here.at(0), ana=olga), here.at(1)
        await guest.ask(UNKNOWN)
        await here.env.bot.journal.write()
        listed = seen((await owner.ana.slash(owner.channel, "unanswered")).response.message)
        assert "no question" not in listed, "there is one, which is not for this channel"
        await owner.ask("How many moons does Jupiter have?")
        await here.env.bot.journal.write()
        listed = seen((await owner.ana.slash(owner.channel, "unanswered")).response.message)
        assert "Jupiter" in listed
        assert "mercury" not in listed
        special = here.special[0]
        listed = seen((await owner.ana.slash(special, "unanswered")).response.message)
        assert "mercury" in listed, "it was asked of Cedarholm's, which is seen here"

        offered = await owner.ana.autocomplete(owner.channel, "pin", "passage", "the harbour")
        assert foreign(repr(offered), set()) == {"Birchwick"}
        pin = {"question": UNKNOWN, "passage": offered[0]["value"]}
        elsewhere = await owner.ana.slash(owner.channel, "pin", **pin)
        assert seen(elsewhere.response.message) == ENGLISH("pin_set")
        assert "Birchwick" in await owner.ask(UNKNOWN)
        assert foreign(await guest.ask(UNKNOWN), set()) == set()
        here.take_away(1)
        refused = await owner.ana.slash(owner.channel, "pin", **pin)
        assert seen(refused.response.message) == ENGLISH("quote_gone")
        pins = await owner.ana.autocomplete(owner.channel, "unpin", "question", "")
        assert pins == []
    for pinned in here.corpora.library("birchwick").pins.all():
        here.corpora.library("birchwick").pins.unpin(pinned.question)


async def test_status_counts_what_the_server_has(tenants: Serve) -> None:
    async with tenants() as here:
        manager = here.guilds[0].create_role(
            "manager", permissions=discord.Permissions(manage_guild=True)
        )
        maria = here.guilds[0].add_member(here.env.create_user("maria"), roles=[manager])
        shown = seen((await maria.slash(here.plain[0], "status")).response.message)
        assert ENGLISH("articles_held", count=2, languages="2 English") in shown


async def test_news_and_feeds(tenants: Serve, tmp_path: Path) -> None:
    write_told(tmp_path, Told(corpora=frozenset({"birchwick"})))
    async with tenants(news=tmp_path) as here:
        await until(here.plain[0].history)
        (digest,) = here.plain[0].history()
        assert foreign(seen(digest), set()) == {"Birchwick"}
        reports = {
            name: FeedReport(name, None, None, None, None, 0, 0, (), ())
            for name in here.corpora.entries
        }
        here.env.bot.feeds = sources = FollowedSources({})
        sources.reports = lambda corpora: [reports[name] for name in corpora]  # type: ignore[method-assign]
        listed = await here.members[0].slash(here.plain[0], "sources", feeds=True)
        assert seen(listed.response.message) == "**birchwick**\n-# not fetched yet"


async def test_what_a_corpus_has_when_a_channel_comes_to_see_it_is_no_news(
    tenants: Serve, tmp_path: Path
) -> None:
    async with tenants(news=tmp_path) as here:
        await until(lambda: read_told(tmp_path))
        bot, (_, other) = here.env.bot, here.guilds
        await bot.servers.change(other.id, "news", here.plain[1].id, 1.0, 7)
        bot.dispatch(SETTINGS_CHANGED)
        await until(lambda: read_told(tmp_path).corpora == {"birchwick", "cedarholm"})
        await bot.get_cog("NewsCog").look()
        assert here.plain[0].history() == here.plain[1].history() == []


async def test_links_lead_to_the_pages_of_the_corpus(
    corpora: Corpora, tenants: Serve, tmp_path: Path
) -> None:
    names = [name for name in corpora.entries if name != "main"]
    keys = {name: reader_key(tmp_path, name) for name in names}
    links = Links("https://reader.example/", keys)
    async with tenants(links=links) as here:
        server = here.at(0)
        await server.ask(HARBOUR)
        message = repr([part.to_dict() for part in here.plain[0].last_message.components])
    options = replace(UNLIMITED, folder=corpora.entries["main"].seeds)
    (address,) = set(re.findall(r"https://reader\.example/([^'\"]+)", message))
    assert address.startswith(f"c/{keys['birchwick']}/articles/")
    async with (
        Worker(corpora.main) as worker,
        serving(worker, options, corpora, keys) as here_address,
        ClientSession(here_address) as client,
    ):
        page = await get(client, f"/{address}")
        assert "was opened by Ada Birchwick" in "".join(marked(page))
        assert foreign(page, set()) == {"Birchwick"}
        # Below another address there is another article of this path, and no such quote.
        article = address.partition("/articles/")[2]
        for below, town in (("", "Aldermoor"), (f"c/{keys['cedarholm']}/", "Cedarholm")):
            page = await get(client, f"/{below}articles/{article}")
            assert marked(page) == []
            assert foreign(page, set()) == {town}
        await get(client, f"/c/{'0' * 20}/", 404)
        await get(client, "/c/birchwick/", 404)


async def test_every_page_of_the_reader_is_of_its_corpus(corpora: Corpora, tmp_path: Path) -> None:
    keys = {"birchwick": reader_key(tmp_path, "birchwick")}
    options = replace(UNLIMITED, folder=corpora.entries["main"].seeds)
    async with (
        Worker(corpora.main) as worker,
        serving(worker, options, corpora, keys) as address,
        ClientSession(address) as client,
    ):
        for below, town in (("/", "Aldermoor"), (f"/c/{keys['birchwick']}/", "Birchwick")):
            pages = [await get(client, below + path) for path in ("", "articles", "meetings")]
            pages.append(await get(client, below, data={"q": HARBOUR}))
            pages.append(await get(client, f"{below}meetings.ics"))
            for page in pages:
                assert foreign(page, set()) == {town}
            # Relative addresses lead on within the corpus.
            links = set(re.findall(r'href="\./(articles/[0-9a-f]{12})"', pages[0]))
            assert len(links) == 2
            for link in links:
                page = await get(client, below + link)
                assert foreign(page, set()) == {town}
                (style,) = re.findall(r'href="(\.\./[^"]+css)"', page)
                await get(client, below + style.removeprefix("../"))
            cited = await get(client, f"{below}verify")
            assert "verify" in cited


def test_the_folder_of_a_corpus(tmp_path: Path) -> None:
    assert corpus_folder(tmp_path, "main") == tmp_path
    assert corpus_folder(tmp_path, "a") == tmp_path / "corpora" / "a"
