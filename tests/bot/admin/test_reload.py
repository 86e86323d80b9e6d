"""`/reload`: who may, what they see of it from its start to its end, and what ends it."""

from __future__ import annotations

import logging
import re

import discord
import pytest
import simcord

from bot.admin import reload_view
from bot.i18n.phrases import ENGLISH, LANGUAGES, phrases_in
from bot.options import Home
from bot.reload_job import ReloadOutcome
from bot.ui.message import MAX_MESSAGE
from retrieval import CorpusError, Failure, Library, Reload
from retrieval.embedding.embedder import Embedder
from retrieval.index.store import Store
from tests.conftest import Folder

from ..markup import HOSTILE, live
from ..reloads import HOME, Slow, at_home, report
from ..server import nothing_found, seen, serving, texts, until

DENIED = ENGLISH("reload_denied")
CANCELLED = ENGLISH("reload_cancelled")


async def test_it_shows_how_far_it_is_and_then_what_it_did() -> None:
    asker = Slow()
    async with at_home(asker) as home:
        shown = await home.reload()
        assert "Reading the files" in shown.text
        asker.go.release()
        await shown.shows("64 of 256 texts")
        asker.go.release()
        assert "I answer from the articles as they were" in await shown.shows("128 of 256", " left")
        asker.finish()
        assert await shown.shows("Articles reloaded") == (
            "### Articles reloaded\nAdded: 1 · Removed: 1 · Could not be read: 1\n"
            "**Added**\n- new.txt\n**Removed**\n- old.txt\n"
            "**Could not be read**\n- bad.pdf: it is empty\n-# 5 articles · 80 passages · 0.4 s"
        )
        assert "Cancel" not in str(shown.message.components)


async def test_it_names_articles_as_plain_text(folder: Folder, embedder: Embedder) -> None:
    hostile = "**b** @everyone <@1> `c` ~~s~~ [x](a) ||y||.txt"
    seeds = folder({"old.txt": "An old article. It is about bread.\n", "empty.txt": b""})
    store = Store.open(seeds.parent / "chroma")
    with Library(seeds, store, lambda: embedder) as library:
        library.reload()
        folder({hostile: "A new article. It is about a zeppelin over the town.\n"})
        async with at_home(library) as home:
            shown = await home.reload()
            text = await shown.shows("Articles reloaded", "empty.txt: ", "2 articles")
            assert f"- {hostile}" in text
            (line,) = [
                line
                for text in texts(shown.message)
                for line in text.split("\n")
                if "everyone" in line
            ]
            assert live(line.removeprefix("- ")) == []
            assert "zeppelin" in seen(
                (
                    await home.owner.slash(home.channel, "ask", question="Where was the zeppelin?")
                ).response.message
            )


async def test_a_second_one_joins_the_first() -> None:
    asker = Slow()
    async with at_home(asker) as home:
        first = await home.reload()
        second = await home.reload(home.member("otto", home.admin, home.guild.create_role("x")))
        assert second.text == DENIED
        second = await home.reload()
        assert "It is already running." in second.text
        asker.finish()
        for shown in (first, second):
            await shown.shows("Articles reloaded")
        assert asker.reloads == 1


async def test_cancel_leaves_the_articles_as_they_were() -> None:
    asker = Slow()
    async with at_home(asker) as home:
        shown = await home.reload()
        await home.owner.click(shown.message, label="Cancel")
        assert await shown.shows("cancelled") == CANCELLED
        again = await home.reload()
        asker.finish()
        await again.shows("Articles reloaded")
        # The button of the first names a reload that is over.
        assert asker.reloads == 2


async def test_who_may(monkeypatch: pytest.MonkeyPatch) -> None:
    asker = Slow()
    asker.finish()
    async with at_home(asker) as home:
        trusted = home.guild.create_role("trusted")
        ines = home.member("ines", home.admin, trusted)
        assert (await home.reload(ines)).text == DENIED
        assert not asker.reloads
        home.env.bot.home = Home(HOME, trusted.id)
        await (await home.reload(ines)).shows("Articles reloaded")

        team = home.member("tara", home.admin)
        home.env.bot.owner_id, home.env.bot.owner_ids = None, {team.id}
        asker.finish()
        await (await home.reload(team)).shows("Articles reloaded")
        # Discord itself hides it from the others.
        with pytest.raises(simcord.SetupError):
            await home.reload(home.member("mo"))


async def test_cancel_is_refused_to_who_may_no_longer_reload() -> None:
    asker = Slow()
    async with at_home(asker) as home:
        shown = await home.reload()
        home.env.bot.owner_id = 1
        refused = await home.owner.click(shown.message, label="Cancel")
        (whisper,) = refused.followups
        assert DENIED in str(whisper.components)
        assert not home.env.bot.reloader.run.cancelled
        asker.finish()
        await shown.shows("Articles reloaded")


async def test_elsewhere_there_is_no_such_command() -> None:
    async with at_home(nothing_found()) as home:
        tree = home.env.bot.tree
        assert "reload" not in {one.name for one in tree.get_commands()}
        names = {one.name for one in tree.get_commands(guild=discord.Object(HOME))}
        assert names == {"reload", "unanswered", "pin", "unpin"}
    async with serving(nothing_found()) as server:
        assert "/guilds/" not in str([one.path for one in server.env.http_requests])


async def test_a_cancel_button_of_before_a_restart_answers() -> None:
    asker = Slow()
    async with at_home(asker) as home:
        home.env.bot.reloader.step = 60
        shown = await home.reload()
        # As it is where the bot has died: the message still has its button.
        home.env.bot.reloader.run.id = "0"
        await home.owner.click(shown.message, label="Cancel")
        assert shown.text == ENGLISH("reload_over")
        asker.finish()
        await shown.shows("Articles reloaded")


async def test_a_cancel_button_that_comes_too_late_leaves_what_the_reload_did() -> None:
    asker = Slow()
    async with at_home(asker) as home:
        home.env.bot.reloader.step = 60
        shown = await home.reload()
        # As it is where it ends while the member presses.
        home.env.bot.reloader.run.outcome = ReloadOutcome(report())
        await home.owner.click(shown.message, label="Cancel")
        assert "Articles reloaded" in shown.text
        asker.finish()


async def test_a_bot_that_closes_cancels_it_and_says_so() -> None:
    asker = Slow()
    async with at_home(asker) as home:
        shown = await home.reload()
        for end in home.env.bot.before_close:
            await end()
        assert shown.text == CANCELLED
        assert (await home.reload()).text == ENGLISH("stopping")


async def test_a_failure_is_a_sentence_with_a_reference(caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> Reload:
        raise CorpusError("There is no article in *seeds*.")

    def break_down() -> Reload:
        raise RuntimeError("a secret")

    for end, said in ((fail, "There is no article in *seeds*."), (break_down, "")):
        asker = Slow(end)
        asker.finish()
        async with at_home(asker) as home:
            text = await (await home.reload()).shows("The reload failed.", "Reference: ")
            assert said in text
            assert "secret" not in text
            assert text.rpartition(" ")[2] in caplog.text


async def test_a_reload_that_outlives_its_message_ends_well(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.WARNING)
    asker = Slow()
    async with at_home(asker) as home:
        shown = await home.reload()
        await home.env.advance_time(14 * 60 + 1)
        assert "`/reload`" in await shown.shows("15 minutes")
        late = await home.reload()
        asker.finish()
        await late.shows("Articles reloaded")
        assert "15 minutes" in shown.text
        # One whose message is gone goes on as well.
        gone = await home.reload()
        home.env.inject_error("PATCH", "/webhooks/*", status=404, message="Unknown Message")
        asker.finish()
        await until(lambda: asker.reloads == 2 and not home.env.bot.reloader.under_way)
        assert "Reading" in gone.text
    assert [one.getMessage() for one in caplog.records if one.name.startswith("bot")] == []


async def test_status_tells_of_it(library: Library) -> None:
    asker = Slow()
    asker.status = library.status
    async with at_home(asker) as home:

        async def status() -> str:
            result = await home.owner.slash(home.channel, "status")
            return seen(result.response.message)

        assert "eload" not in await status()
        shown = await home.reload()
        asker.go.release()
        await shown.shows("64 of 256")
        assert "Reload: running. 64 of 256 texts" in await status()
        asker.finish()
        await shown.shows("Articles reloaded")
        said = await status()
        assert "under way" not in said
        assert re.search(
            r"Last reload: <t:\d+:f>. Added: 1 · Removed: 1 · Could not be read: 1", said
        )


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_a_reload_did_fits_a_message(language: str) -> None:
    phrases = phrases_in(language)
    names = tuple(f"{number} {hostile}" * 9 for number in range(300) for hostile in HOSTILE)
    huge = report(
        added=names,
        changed=names,
        removed=names,
        failed=tuple(Failure(name, name) for name in names),
    )
    one = reload_view.outcome_message(ReloadOutcome(huge), phrases)
    assert 500 < one.content_length() <= MAX_MESSAGE
    assert phrases("more_articles", count=len(names) - 6) in str(one.to_components())
    unpinned = reload_view.outcome_message(ReloadOutcome(report(unpinned=("Who?",))), phrases)
    assert f"{phrases('unpinned')}" in str(unpinned.to_components())
    bad = report(unchanged=("a.txt",), failed=(Failure("b.txt", "it is empty"),))
    nothing = str(reload_view.outcome_message(ReloadOutcome(bad), phrases).to_components())
    assert f"{phrases('nothing_changed')} {phrases('unreadable')}: 1" in nothing
    assert reload_view.outcome_message(ReloadOutcome(reference="1f", reason="no " * 3000), phrases)
