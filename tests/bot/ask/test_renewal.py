"""Answers stay true: what their messages say after a reload, and that their buttons go on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import copy
from pathlib import Path

import pytest
import simcord

from bot.ask import renewal_cog
from bot.journal.journal import Journal
from bot.journal.question_groups import questions_asked
from bot.ui.links import Links
from retrieval import Library
from retrieval.embedding.embedder import Embedder
from retrieval.index.store import Store
from tests.conftest import Folder

from ..corpora.conftest import Serve, corpora, tenants  # noqa: F401 - these are fixtures
from ..markup import HOSTILE, live
from ..server import Server, buttons, press, restart, seen, serving, texts, until
from .test_buttons import labels

OLD = "The zeppelin landed beside the old lighthouse on Sunday morning."
NEW = "The zeppelin landed beside the old lighthouse on Monday morning."
OTHER = "The kite was sold to a merchant in Bonn."
HEAD = "The harbour master wrote this report by hand and signed it.\n\n"
QUESTION = "Where did the zeppelin land?"

ENDS = ("ena", "irk", "osto", "ury")
"""With four beginnings, the ends of the names of sixteen towns."""

GONE = "The article has changed or been removed since this answer"
CHANGED = "The article has changed since this answer; it now says:"


@pytest.fixture
def library(folder: Folder, embedder: Embedder) -> Iterator[Library]:
    seeds = folder({"a.txt": OLD, "b.txt": OTHER})
    with Library(seeds, Store.open(seeds.parent / "chroma"), lambda: embedder) as library:
        library.reload()
        yield library


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits between two edits."""
    monkeypatch.setattr(renewal_cog, "BETWEEN_EDITS", 0.01)


async def looked(env: simcord.Env, start: Callable[[], object]) -> None:
    """Return when the answers have been looked at after something that has the bot do so."""
    cog = env.bot.get_cog("RenewalCog")
    before = cog.looking
    await until(lambda: before is None or before.done())
    start()
    await until(lambda: cog.looking not in (None, before) and cog.looking.done())
    await env.settle()


async def reloaded(server: Server) -> None:
    await looked(server.env, server.env.bot.reloader.start)


def requests(server: Server, method: str) -> int:
    """How often a message of the channel was read, or edited."""
    return sum(
        each.method == method and "/messages/" in each.path and "@original" not in each.path
        for each in server.env.http_requests
    )


async def test_words_that_changed_are_struck_and_the_new_ones_stand_below(
    library: Library, journal: Journal, folder: Folder
) -> None:
    async with serving(library, journal=journal) as server:
        before = await server.say(f"{server.mention} {QUESTION}")
        answer = server.channel.last_message
        folder({"a.txt": HEAD + NEW})
        await reloaded(server)
        told = seen(server.channel.last_message)
        assert f"> ~~{OLD}~~\n-# {CHANGED}\n> {NEW}" in told
        assert told.split("\n")[0] == before.split("\n")[0]
        assert labels(server.channel.last_message) == labels(answer)
        shown = await server.ana.click(server.channel.last_message, label="Show in context")
        assert f"**{NEW}**" in seen(shown.response.message)
        pressed = await press(server.ana, server.channel.last_message, "👍")
        assert f"{CHANGED}\n> {NEW}" in seen(pressed.followups[0].message)
        assert seen(server.channel.last_message) == told
        await reloaded(server)
        assert requests(server, "PATCH") == 1
        # What was said before is said again when it is true again.
        folder({"a.txt": OLD})
        await reloaded(server)
        assert seen(server.channel.last_message) == before
        (kept,) = journal.with_tables(questions_asked)
        assert kept.quotes == kept.quotes_now


async def test_what_nothing_is_like_is_struck_in_the_language_of_the_frame(
    library: Library, journal: Journal, folder: Folder, tmp_path: Path
) -> None:
    async with serving(library, journal=journal) as server:
        await server.say(f"{server.mention} Wo ist der Zeppelin bei dem Leuchtturm gelandet?")
        assert OLD in seen(server.channel.last_message)
        folder({"a.txt": "All is new here now, and of bread alone."})
        await reloaded(server)
        told = seen(server.channel.last_message)
        assert f"> ~~{OLD}~~\n-# Der Artikel wurde seit dieser Antwort geändert oder entf" in told
        (tmp_path / "seeds" / "a.txt").unlink()
        await reloaded(server)
        assert seen(server.channel.last_message) == told
        assert requests(server, "PATCH") == 1


async def test_words_that_only_moved_stay_and_their_link_is_renewed(
    library: Library, journal: Journal, folder: Folder, tmp_path: Path
) -> None:
    links = Links("https://reader.example")
    async with serving(library, journal=journal, links=links) as server:
        before = await server.say(f"{server.mention} {QUESTION}")
        ((_, first),) = buttons(server.channel.last_message)
        folder({"a.txt": HEAD + OLD})
        await reloaded(server)
        ((_, moved),) = buttons(server.channel.last_message)
        file = tmp_path / "seeds" / "a.txt"
        file.rename(file.with_name("z.txt"))
        await reloaded(server)
        ((_, renamed),) = buttons(server.channel.last_message)
        assert len({first, moved, renamed}) == 3
        told = seen(server.channel.last_message)
        assert [line for line in told.split("\n") if "still in it" not in line] == before.split(
            "\n"
        )
        shown = await server.ana.click(server.channel.last_message, label="Show in context")
        assert f"**{OLD}**" in seen(shown.response.message)


async def test_an_answer_whose_message_says_the_same_is_not_asked_for(
    library: Library, journal: Journal, folder: Folder, tmp_path: Path
) -> None:
    async with serving(library, journal=journal) as server:
        await server.say(f"{server.mention} {QUESTION}")
        folder({"a.txt": HEAD + OLD, "b.txt": NEW})
        await reloaded(server)
        file = tmp_path / "seeds" / "a.txt"
        file.rename(file.with_name("z.txt"))
        await reloaded(server)
        assert requests(server, "GET") == requests(server, "PATCH") == 0
        shown = await server.ana.click(server.channel.last_message, label="Show in context")
        assert f"**{OLD}**" in seen(shown.response.message)


async def test_further_passages_stay_true_too(
    library: Library, journal: Journal, folder: Folder
) -> None:
    async with serving(library, journal=journal) as server:
        await server.say(f"{server.mention} {QUESTION}")
        await server.ana.click(server.channel.last_message, label="More passages")
        assert OTHER in seen(server.channel.last_message)
        folder({"a.txt": NEW, "b.txt": OTHER.replace("merchant", "farmer")})
        await reloaded(server)
        told = seen(server.channel.last_message)
        assert f"> ~~{OTHER}~~\n-# {CHANGED}\n> {OTHER.replace('merchant', 'farmer')}" in told
        assert OLD not in told
        more = await server.ana.click(server.channel.last_message, label="More passages")
        assert "There are no more passages" in seen(more.followups[0].message)


async def test_what_is_shown_to_one_member_alone_or_forgotten_is_let_be(
    library: Library, journal: Journal, folder: Folder
) -> None:
    async with serving(library, journal=journal) as server:
        await server.ana.slash(server.channel, "ask", question=QUESTION, private=True)
        await server.say(f"{server.mention} {QUESTION}")
        await server.env.bot.journal.forget_member(server.ana.id)
        folder({"a.txt": NEW})
        await reloaded(server)
        assert requests(server, "GET") == requests(server, "PATCH") == 0


@pytest.mark.parametrize(("status", "code"), [(404, 10008), (403, 50001), (400, 50083)])
async def test_what_discord_refuses_is_asked_for_once_until_the_quotes_change_again(
    library: Library, journal: Journal, folder: Folder, status: int, code: int
) -> None:
    async with serving(library, journal=journal) as server:
        await server.say(f"{server.mention} {QUESTION}")
        method = "GET" if status == 404 else "PATCH"
        server.env.inject_error(method, "/channels/*/messages/*", status=status, code=code)
        folder({"a.txt": NEW})
        for _ in range(2):
            await reloaded(server)
            assert requests(server, "GET") == 1
        folder({"a.txt": OTHER})
        await reloaded(server)
        assert requests(server, "GET") == (1 if status == 404 else 2)
        assert (GONE in seen(server.channel.last_message)) == (status != 404)


async def test_a_reload_in_the_middle_begins_anew_with_the_newest(
    library: Library, journal: Journal, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serving(library, journal=journal) as server:
        for _ in range(3):
            await server.say(f"{server.mention} {QUESTION}")
        bot = server.env.bot
        monkeypatch.setattr(renewal_cog, "BETWEEN_EDITS", 1.0)
        folder({"a.txt": NEW})
        bot.reloader.start()
        await until(lambda: requests(server, "PATCH") == 1)
        folder({"a.txt": NEW.replace("Monday", "Friday")})
        bot.reloader.start()
        await until(lambda: requests(server, "PATCH") == 4)
        answers = [seen(each) for each in server.channel.history() if each.author == bot.user]
        assert len(answers) == 3
        assert all("on Friday" in said and "on Monday" not in said for said in answers)


async def test_what_changed_while_the_bot_was_away_is_told_when_it_is_back(
    library: Library, journal: Journal, folder: Folder
) -> None:
    async with serving(library, journal=journal) as server:
        await server.say(f"{server.mention} {QUESTION}")
        folder({"a.txt": NEW})
        library.reload()
        await restart(server.env)
        await until(lambda: CHANGED in seen(server.channel.last_message))


async def test_an_answer_is_kept_true_for_thirty_days(
    library: Library, journal: Journal, folder: Folder
) -> None:
    async with serving(library, journal=journal) as server:
        await server.say(f"{server.mention} {QUESTION}")
        clock = server.env.bot.clock
        today, clock.now = clock.now, lambda: today() + 30 * 86_400 + 60
        folder({"a.txt": NEW})
        await reloaded(server)
        assert requests(server, "GET") == 0
        clock.now = lambda: today() + 30 * 86_400 - 3_600
        await reloaded(server)
        assert CHANGED in seen(server.channel.last_message)


async def test_words_of_any_kind_and_length_are_struck_within_the_limits(
    journal: Journal, folder: Folder, embedder: Embedder
) -> None:
    towns = [f"{first}{last}" for first in ("Alb", "Cor", "Fen", "Mos") for last in ENDS]
    files = {
        f"{town}.txt": f"The zeppelin of {town} landed {hostile} " + f"and {hostile} " * 8
        for town, hostile in zip(towns, HOSTILE, strict=False)
    }
    assert len(files) == len(HOSTILE)
    seeds = folder(files)
    blunt = copy(embedder)
    vars(blunt)["reader"] = None  # It would read each article for each question.
    with Library(seeds, Store.open(seeds.parent / "hostile"), lambda: blunt) as library:
        library.reload()
        async with serving(library, journal=journal) as server:
            for town in towns[: len(HOSTILE)]:
                await server.say(f"{server.mention} Where did the zeppelin of {town} land?")
            folder({name: text.replace("landed", "came down") for name, text in files.items()})
            await reloaded(server)
            told = [text for each in server.channel.history() for text in texts(each)]
            struck = [line for text in told for line in text.split("\n") if line[:4] == "> ~~"]
            assert len(struck) > len(HOSTILE) // 2
            assert all(line.endswith("~~") and live(line[4:-2]) == [] for line in struck)


async def test_a_corpus_that_the_channel_does_not_see_any_more_is_gone(
    tenants: Serve,  # noqa: F811
) -> None:
    async with tenants() as here:
        server, other = here.at(0), here.at(1)
        for each in (server, other):
            await each.ask("Who opened the harbour?")
        here.take_away(1)
        await looked(here.env, lambda: here.env.bot.dispatch("ready"))
        assert GONE in seen(here.plain[0].last_message)
        assert "~~" in seen(here.plain[0].last_message)
        assert GONE not in seen(here.plain[1].last_message)
