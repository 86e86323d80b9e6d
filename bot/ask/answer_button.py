"""What the buttons under an answer have in common; and those with which a member gets a file of a
quote: its article where there is no reader, and a citation."""

from __future__ import annotations

import json

from retrieval import Citation, Quote

from ..client import Bot
from ..i18n.phrases import Phrases, phrases_for
from ..journal.records import SentAnswer
from ..ui.buttons import StoredButton
from ..ui.delivery import DeliveryError
from ..ui.message import Interaction, Message, article_file, message_with_file, problem_message
from ..ui.replies import whisper
from ..ui.text import clean, escape, title_of

MAX_CITATION = 3_000
"""The most characters of a citation's text; the file has all."""

_PRESSING: set[tuple[int, type[AnswerButton]]] = set()
"""The members for whom a button is at work, with its kind."""


class AnswerButton(StoredButton):
    """What the buttons have in common: the answer that they belong to, and one of its quotes."""

    pattern = "([0-9a-f]{16}):([0-9]{1,3})"

    async def callback(self, interaction: Interaction) -> None:
        """Do what the button is for, unless the member's last press of it is still under way."""
        press = interaction.user.id, type(self)
        if press in _PRESSING:
            await whisper(interaction, phrases_for(interaction.locale)("press_at_a_time"))
            return
        _PRESSING.add(press)
        try:
            await self.pressed(interaction)
        except DeliveryError as error:
            error.log(f"interaction={interaction.id}", interaction.channel_id)
        finally:
            _PRESSING.remove(press)

    async def pressed(self, interaction: Interaction) -> None:
        """Do what the button is for: reply with its message. May raise DeliveryError."""
        await super().callback(interaction)

    @property
    def answer(self) -> str:
        """The answer's id in the journal."""
        return self.values[0]

    @property
    def quote_index(self) -> int:
        """Which of the quotes that the answer has shown: under it, the first in the message."""
        return int(self.values[1])

    def quote_of(self, sent: SentAnswer | None, further: int = 0) -> Quote | None:
        """Return the button's quote as it stands now, or one `further` behind it; None if there is
        none (any more).

        Args:
            sent: the answer; None if it is forgotten.
            further: how many quotes behind the button's.
        """
        index = self.quote_index + further
        return sent.quotes_now[index] if sent and index < len(sent.quotes) else None

    async def sent_answer(self, interaction: Interaction) -> SentAnswer | None:
        """Return the answer; if it is forgotten, tell the member that and return None."""
        journal = Bot.of(interaction).journal
        sent = await journal.answer(self.answer)
        if sent is None:
            await whisper(interaction, phrases_for(interaction.locale)(journal.why_absent))
        return sent


class ArticleButton(AnswerButton, prefix="article"):
    """Sends a quote's article, where there is no reader to open it in."""

    async def message(self, interaction: Interaction, phrases: Phrases) -> Message:
        bot = Bot.of(interaction)
        if (quote := self.quote_of(await bot.journal.answer(self.answer))) is None:
            return problem_message(phrases(bot.journal.why_absent))
        text = await bot.worker.run(bot.asker_for(interaction).article, quote)
        return article_file(f"### {escape(title_of(quote))}", text, quote, phrases)


class CitationButton(AnswerButton, prefix="cite"):
    """Sends a quote as a citation: its text to be copied, its W3C Web Annotation as a file."""

    async def message(self, interaction: Interaction, phrases: Phrases) -> Message:
        bot = Bot.of(interaction)
        if (quote := self.quote_of(await bot.journal.answer(self.answer))) is None:
            return problem_message(phrases(bot.journal.why_absent))
        context = await bot.worker.run(bot.asker_for(interaction).context, quote)
        if context is None:
            return problem_message(phrases("quote_gone"))
        citation = Citation.of(context)
        content = json.dumps(citation.annotation, ensure_ascii=False, indent=2).encode()
        text = clean(citation.text)[:MAX_CITATION]
        # Within a block of code Discord changes nothing, and offers to copy it.
        shown = escape(text)[:MAX_CITATION] if "```" in text else f"```text\n{text}\n```"
        return message_with_file(shown, content, "citation.json")
