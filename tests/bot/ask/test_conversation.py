"""Questions that may go on from an answer of the bot: in a reply to it, or in its thread."""

from __future__ import annotations

from dataclasses import replace

from retrieval import Answer, Turn

from ..server import Scripted, quoted, seen, serving

FIRST = "Who came?"
TURN = Turn(FIRST, "a.txt")


def following() -> Scripted:
    """Takes each question that begins with "And" for a follow-up of the first."""

    def reply(question: str) -> Answer:
        answer = quoted(question, 0.9)
        return replace(answer, follows=FIRST) if question.startswith("And") else answer

    return Scripted(reply)


async def test_a_reply_to_an_answer_may_go_on_from_it() -> None:
    asker = following()
    async with serving(asker) as server:
        await server.say(f"{server.mention} {FIRST}")
        answer = server.channel.last_message
        await server.ana.send(server.channel, "And where?", reply_to=answer)
        second = server.channel.last_message
        await server.ana.send(server.channel, "And when?", reply_to=second)
        assert f"Read as a follow-up to: {FIRST}" in seen(second)
        assert "follow-up" not in seen(answer)

    assert asker.asked == [FIRST, "And where?", "And when?"]
    assert asker.before == [None, TURN, TURN]


async def test_a_follow_up_is_framed_in_the_language_of_the_question_before() -> None:
    asker = Scripted(lambda question: replace(quoted(question, 0.9), follows=FIRST))
    async with serving(asker) as server:
        await server.say(f"{server.mention} Wer kam zu der Konferenz in Hanoi?")
        answer = server.channel.last_message
        await server.ana.send(server.channel, "Und wo?", reply_to=answer)
        assert "Verstanden als Anschluss an" in seen(server.channel.last_message)


async def test_a_mention_beside_an_answer_stands_alone() -> None:
    asker = following()
    async with serving(asker) as server:
        await server.say(f"{server.mention} {FIRST}")
        await server.say(f"{server.mention} Where?")

    assert asker.before == [None, None]


async def test_in_a_thread_the_last_answer_leads() -> None:
    asker = following()
    async with serving(asker) as server:
        thread = await server.thread()
        await server.ana.send(thread, f"{server.mention} {FIRST}")
        await server.ana.send(thread, f"{server.mention} And where?")

    assert asker.before == [None, TURN]


async def test_a_question_that_is_edited_does_not_go_on_from_its_answer_or_a_later_one() -> None:
    asker = following()
    async with serving(asker) as server:
        thread = await server.thread()
        first = await server.ana.send(thread, f"{server.mention} Who cme?")
        await server.ana.edit(first, f"{server.mention} {FIRST}")
        second = await server.ana.send(thread, f"{server.mention} And where?")
        await server.ana.send(thread, f"{server.mention} Who else?")
        await server.ana.edit(second, f"{server.mention} And when?")

    assert asker.asked == ["Who cme?", FIRST, "And where?", "Who else?", "And when?"]
    assert asker.before == [None, None, TURN, TURN, TURN]


async def test_an_answer_that_is_not_kept_leads_nothing() -> None:
    asker = following()
    async with serving(asker) as server:
        await server.env.bot.journal.change(lambda of: of.set_recorded(server.ana.id, False))
        await server.say(f"{server.mention} {FIRST}")
        answer = server.channel.last_message
        await server.ana.send(server.channel, "And where?", reply_to=answer)

    assert asker.before == [None, None]
