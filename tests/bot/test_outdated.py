"""A bot whose index another version of Passage made: what members read until it is built anew."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from bot.i18n.phrases import ENGLISH
from retrieval import Library
from retrieval.embedding.embedder import Embedder
from retrieval.index.store import Store
from tests.conftest import Folder
from tests.outdated import make_outdated

from .conftest import Speak
from .server import Server, seen, serving, until

MOON = "The zeppelin landed beside the old lighthouse on Sunday morning."
WHERE = "Where did the zeppelin land?"
ANEW = ENGLISH("reading_anew")


@pytest.fixture
def outdated(
    folder: Folder, embedder: Embedder, request: pytest.FixtureRequest
) -> Iterator[Library]:
    seeds, data = folder({"a.md": MOON}), folder({}).parent / "data"
    with Library(seeds, Store.open(data / "chroma"), lambda: embedder) as library:
        library.reload()
    make_outdated(data, listed=getattr(request, "param", True))
    with Library(seeds, Store.open(data / "chroma"), lambda: embedder) as library:
        yield library


async def ask(server: Server) -> str:
    return await server.say(f"{server.mention} {WHERE}")


@pytest.mark.parametrize(
    ("outdated", "shown"), [(True, ["a.md", "zeppelin"]), (False, [ANEW])], indirect=["outdated"]
)
async def test_members_are_told_to_ask_again_until_it_is_built_anew(
    outdated: Library, shown: list[str], tmp_path: Path, speak: Speak
) -> None:
    async with serving(outdated) as server:
        # Nothing is reloaded while another holds the lock.
        with FileLock(tmp_path / "data" / "chroma" / "reload.lock"):
            run = server.env.bot.reloader.start()
            assert await ask(server) == ANEW
            listed = (await server.ana.slash(server.channel, "sources")).response.message
            assert any(words in seen(listed) for words in shown)
            speak("de")
            german = "Wo ist der Zeppelin am Sonntag gelandet?"
            asking = server.ana.slash(server.channel, "ask", question=german)
            assert "neu einlesen" in seen((await asking).response.message)
        await until(lambda: run.outcome)
        assert MOON in await ask(server)


async def test_where_that_fails_the_log_says_why_and_it_is_tried_again(
    outdated: Library, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    (tmp_path / "seeds").rename(tmp_path / "elsewhere")
    async with serving(outdated) as server:
        reloader = server.env.bot.reloader
        reloader.rebuild(pause=0.2)
        await until(lambda: reloader.last)
        assert [await ask(server), await ask(server)] == [ANEW, ANEW]
        failures = [record for record in caplog.records if record.levelno >= logging.ERROR]
        assert "There is no folder of articles" in failures[0].getMessage()
        (tmp_path / "elsewhere").rename(tmp_path / "seeds")
        await until(lambda: reloader.last and reloader.last.report)
        assert MOON in await ask(server)


async def test_more_passages_are_not_shown_from_it(
    outdated: Library, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    outdated.reload()
    async with serving(outdated) as server:
        await ask(server)
        answer = server.channel.last_message
        make_outdated(tmp_path / "data")
        # As if another process had let another index serve.
        outdated._store._serving = outdated._searcher = None
        told = await server.ana.click(answer, label="More passages")
        (notice,) = told.followups
        assert seen(notice.message) == ANEW
    assert "Reference" not in caplog.text
