"""Answers whose articles have changed since: what a member sees who presses a button on one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.journal.journal import Journal
from retrieval import Library
from retrieval.embedding.embedder import Embedder
from retrieval.index.store import Store
from tests.conftest import Folder

from ..conftest import Speak
from ..server import Server, press, restart, seen, serving
from .test_buttons import OneQuote, asked, labels, member

pytestmark = pytest.mark.usefixtures("several_quotes")

MOON = "The zeppelin landed beside the old lighthouse on Sunday morning."
SUN = "The other zeppelin landed beside the new mill on Monday evening."
HEAD = "The harbour master wrote this report by hand and signed it.\n\n"

GONE = "The article has changed or been removed since"
STANDS = "The article has changed since this answer; these words are still in it."

Change = Callable[[Path], object]

CHANGES: list[tuple[Change, str]] = [
    (lambda file: file.write_text("The kite landed beside the mill on Sunday morning."), GONE),
    (lambda file: file.write_text("\n \n"), GONE),
    (lambda file: file.write_text("---\n" + "a: b\n" * 20_000 + f"---\n{MOON}"), GONE),
    (lambda file: file.unlink(), GONE),
    (lambda file: file.rename(file.with_name("z.txt")), GONE),
    (lambda file: file.write_text(HEAD + MOON), STANDS),
    (lambda file: file.write_text(f"{MOON}\n\n{HEAD}"), STANDS),
]
KINDS = ("words", "empty", "front", "gone", "renamed", "moved", "appended")


@pytest.fixture
def library(folder: Folder, embedder: Embedder) -> Iterator[Library]:
    seeds = folder({"a.md": MOON, "b.txt": SUN})
    with Library(seeds, Store.open(seeds.parent / "chroma"), lambda: embedder) as library:
        library.reload()
        yield library


async def answered(server: Server) -> str:
    said = await server.say(f"{server.mention} Where did the zeppelin land?")
    assert MOON in said
    assert SUN in said
    return said


@pytest.mark.parametrize(("change", "said"), CHANGES, ids=KINDS)
async def test_every_button_says_that_the_article_has_changed(
    library: Library, journal: Journal, tmp_path: Path, change: Change, said: str
) -> None:
    async with serving(library, journal=journal) as server:
        before = await answered(server)
        answer = server.channel.last_message
        change(tmp_path / "seeds" / "a.md")
        shown = await server.ana.click(answer, label="Show in context")
        pages = [seen(shown.response.message)]
        turned = await server.ana.click(shown.response.message, label="Next")
        pages.append(seen(turned.response.message))
        assert [said in page for page in pages].count(True) == 1
        assert (f"**{MOON}**" in "".join(pages)) == (said == STANDS)
        marked = seen(server.channel.last_message)
        words = marked.replace("~~", "").split("\n")
        assert [line for line in words if said not in line] == before.split("\n")
        struck = f"~~{MOON}~~" if said == GONE else MOON
        assert f"> {struck}\n-# {said}" in marked
        assert labels(server.channel.last_message) == labels(answer)
        for label in ("👍", "👎"):
            library.reload()
            told = await press(server.ana, server.channel.last_message, label)
            (notice,) = told.followups
            assert notice.ephemeral
            assert said in seen(notice.message)
            assert seen(server.channel.last_message) == marked


async def test_a_mark_goes_when_the_article_is_as_it_was(
    library: Library, journal: Journal, tmp_path: Path
) -> None:
    async with serving(library, journal=journal) as server:
        before = await answered(server)
        file = tmp_path / "seeds" / "a.md"
        file.rename(file.with_name("kept"))
        await press(server.ana, server.channel.last_message, "👍")
        assert GONE in seen(server.channel.last_message)
        file.with_name("kept").rename(file)
        told = await press(server.ana, server.channel.last_message, "👍")
        assert not told.followups
        assert seen(server.channel.last_message) == before


async def test_a_marked_answer_keeps_its_buttons_also_after_a_restart(
    library: Library, journal: Journal, tmp_path: Path
) -> None:
    async with serving(library, journal=journal) as server:
        await answered(server)
        (tmp_path / "seeds" / "a.md").unlink()
        answer = server.channel.last_message
        await press(server.ana, answer, "👍")
        shown = await server.ana.click(server.channel.last_message, label="Show in context")
        assert seen(shown.response.message)
        await restart(server.env)
        await press(server.ana, server.channel.last_message, "👍")
        assert len(journal.feedback()) == 1
        await server.ana.click(server.channel.last_message, label="Delete")
        assert server.channel.last_message.id != answer.id


async def test_the_member_reads_it_in_her_language_and_the_others_in_the_servers(
    library: Library, journal: Journal, tmp_path: Path, speak: Speak
) -> None:
    async with serving(library, journal=journal) as server:
        await answered(server)
        (tmp_path / "seeds" / "a.md").unlink()
        speak("de")
        told = await press(server.ana, server.channel.last_message, "👍")
        assert "geändert oder entfernt" in seen(told.followups[0].message)
        assert GONE in seen(server.channel.last_message)
        speak("vi")
        copy = await member(server, "bo").click(server.channel.last_message, label="More passages")
        assert "không còn ở đó" in "".join(seen(each.message) for each in copy.followups)


async def test_an_answer_for_one_member_alone_is_not_marked_but_she_is_told(
    library: Library, journal: Journal, tmp_path: Path
) -> None:
    async with serving(library, journal=journal) as server:
        asking = {"question": "Where did the zeppelin land?", "private": True}
        answer = (await server.ana.slash(server.channel, "ask", **asking)).response.message
        (tmp_path / "seeds" / "a.md").unlink()
        told = await press(server.ana, answer, "👍")
        assert GONE in seen(told.followups[0].message)


async def test_more_does_not_repeat_words_that_have_another_place_since(
    library: Library, tmp_path: Path
) -> None:
    quotes = library.ask("Where did the zeppelin land?").quotes
    (tmp_path / "seeds" / "a.md").write_text(HEAD + MOON)
    library.reload()
    further = library.more("Where did the zeppelin land?", quotes).quotes
    assert [quote.text for quote in further] == [HEAD.strip()]


async def test_more_says_that_what_it_would_show_has_changed(
    library: Library, journal: Journal, folder: Folder
) -> None:
    # Its own title tells of no zeppelin, so that what it says beside is not quoted at once.
    folder({"a.md": f"---\ntitle: Report\n---\n{MOON}\n\n{HEAD}", "b.txt": SUN})
    library.reload()
    async with serving(library, journal=journal) as server:
        await server.say(f"{server.mention} Where did the zeppelin land?")
        folder({"a.md": "All is new here now."})
        told = await server.ana.click(server.channel.last_message, label="More passages")
        assert "has changed since I read it" in seen(told.followups[0].message)
        assert GONE in seen(told.followups[1].message)


async def test_a_check_that_fails_spoils_nothing(journal: Journal) -> None:
    class Silent(OneQuote):
        def context(self, quote: object) -> None:
            raise RuntimeError("out of order")

    async with serving(Silent(), journal=journal) as server:
        answer = await asked(server)
        thanks = await press(server.ana, answer, "👍")
        assert "Thank you" in seen(thanks.response.message)
        assert not thanks.followups
