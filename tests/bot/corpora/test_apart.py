"""Ten servers, ten corpora, questions in channels and by roles: nobody sees of another's."""

from __future__ import annotations

import random

from bench.several_corpora import PLACES, QUESTIONS, Where, ask_apart, foreign
from bot.corpora.libraries import Corpora
from tests.conftest import ROOT

from ..server import seen
from .conftest import Serve, Tenants


def test_fifty_questions_are_answered_from_the_askers_corpora_alone(
    corpora: Corpora,
) -> None:
    answered, leaks = ask_apart(corpora, 50)
    assert leaks == []
    assert answered > 12


def test_no_feature_asks_what_is_not_the_members() -> None:
    using = {
        module.relative_to(ROOT).as_posix()
        for module in (ROOT / "bot").rglob("*.py")
        if "worker.asker" in module.read_text("utf-8")
    }
    # What the main corpus is, and its pages in the reader.
    assert using == {"bot/client.py", "bot/web/app.py"}


def test_what_the_check_would_see() -> None:
    assert foreign("The harbour of Birchwick", {"Aldermoor"}) == {"Birchwick"}
    assert foreign("The harbour of Birchwick", {"Birchwick"}) == set()
    assert len({frozenset(place.towns) for place in PLACES}) > 20


async def shown_to(here: Tenants, where: Where, chance: random.Random) -> tuple[str, str]:
    """What a member sees of all ways to ask, alone and in public."""
    server = here.at(where.server, special=where.in_channel, staff=where.with_role)
    channel, member = server.channel, server.ana
    question = chance.choice(QUESTIONS[:9])
    public = await server.say(f"{server.mention} {question}")
    alone = []
    for command, options in (
        ("ask", {"question": question, "private": True}),
        ("sources", {}),
        ("meetings", {}),
        ("meetings", {"place": "e"}),
        ("meetings", {"about": "meeting"}),
    ):
        result = await member.slash(channel, command, **options)
        message = result.response.message
        alone += [seen(message), repr([part.to_dict() for part in message.components])]
        if command == "ask" and "Show in context" in alone[-1]:
            for label in ("Show in context", "More passages"):
                pressed = await member.click(message, label=label)
                alone.append(seen(pressed.response.message or pressed.followups[0]))
    for command, option in (("article", "title"), ("meetings", "place")):
        alone.append(repr(await member.autocomplete(channel, command, option, "")))
    # The first line repeats the question.
    return public, "\n".join(alone)


async def test_all_that_members_see_on_ten_servers(tenants: Serve) -> None:
    chance, public_towns, alone_towns = random.Random(3), 0, 0
    async with tenants(10) as here:
        for where in PLACES[::3]:
            public, alone = await shown_to(here, where, chance)
            everybody = Where(where.server, where.in_channel, with_role=False).towns
            assert foreign(public, everybody) == set(), where
            assert foreign(alone, where.towns) == set(), where
            public_towns += bool(foreign(public, set()))
            alone_towns += len(foreign(alone, set()))
            assert foreign(alone, set()) == where.towns, where
    assert public_towns > 8
