"""The buttons of an answer and of `/follow`, pressed at a Discord at the wire."""

from __future__ import annotations

import pytest

from bot.i18n.phrases import ENGLISH
from retrieval import read_citations
from tests.bot.markup import shown

from .members import Member
from .process import BotProcess
from .standin import StandIn

pytestmark = pytest.mark.asyncio(loop_scope="package")

ORDER = "Who received the Ho Chi Minh Order?"
TO_HUY_RUA = "presented the Ho Chi Minh Order to To Huy Rua"


async def test_what_stands_around_a_quote_its_citation_more_passages_and_delete(
    discord: StandIn, bot: BotProcess, ana: Member
) -> None:
    world = discord.world
    said = await ana.mention(discord.channel, ORDER)
    await discord.answer(said)
    (answer,) = world.answers(said)
    around = await ana.click(answer, "Show in context")
    await discord.until(lambda: TO_HUY_RUA in world.says(around.original))
    cited = await ana.click(around.original, ENGLISH("cite"))
    await discord.until(lambda: world.messages[cited.original or ""]["attachments"])
    (file,) = world.messages[cited.original or ""]["attachments"]
    (citation,) = read_citations(file["text"])
    assert file["filename"] == "citation.json"
    assert TO_HUY_RUA in citation.words
    assert citation.sha256 in world.says(cited.original)
    await ana.click(answer["id"], "More passages")
    await discord.until(lambda: TO_HUY_RUA not in world.says(answer["id"]))
    await ana.click(answer["id"], "Delete")
    await discord.until(lambda: world.answers(said) == [])


async def test_a_question_is_followed_kept_and_followed_no_longer(
    discord: StandIn, bot: BotProcess, ana: Member
) -> None:
    world = discord.world
    followed = await ana.slash(discord.channel, "follow", question=ORDER)
    await discord.until(lambda: ORDER in shown(world.says(followed.original)))
    listed = await ana.slash(discord.channel, "follow")
    await discord.until(lambda: ORDER in shown(world.says(listed.original)))
    kept = await ana.click(listed.original, f"{ENGLISH('keep_following')} (1)")
    await discord.until(lambda: ENGLISH("follow_you") in shown(world.says(kept.original)))
    ended = await ana.click(followed.original, ENGLISH("unfollow"))
    await discord.until(lambda: ENGLISH("unfollowed") in shown(world.says(ended.original)))
    listed = await ana.slash(discord.channel, "follow")
    await discord.until(lambda: ENGLISH("follow_none") in shown(world.says(listed.original)))
