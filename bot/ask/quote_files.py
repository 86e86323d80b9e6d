"""What a member gets of a quote as a file: its article where there is no reader, and a citation."""

from __future__ import annotations

import json
import re

from retrieval import Citation, Quote, fold

from ..client import Bot
from ..i18n.phrases import Phrases
from ..ui.message import Interaction, Message, message_with_file, problem_message
from ..ui.text import TITLE_LIMIT, clean, escape, shorten
from ..worker import Asker, Worker
from .answer_button import AnswerButton

MAX_FILE_BYTES = 10 * 1024**2
"""The most that Discord takes of a file, on a server that nobody has boosted."""

MAX_FILE_NAME = 60
"""The most characters of a file's name, before its ending."""

MAX_CITATION = 3_000
"""The most characters of a citation's text; the file has all."""


class QuoteFileButton(AnswerButton):
    """Sends the member alone a file that is made of a quote."""

    async def message(self, interaction: Interaction, phrases: Phrases) -> Message:
        bot = Bot.of(interaction)
        quote = self.quote_of(await bot.journal.answer(self.answer))
        if quote is None:
            return problem_message(phrases(bot.journal.why_absent))
        return await self.file(bot.worker, bot.asker_for(interaction), quote, phrases)

    async def file(self, worker: Worker, asker: Asker, quote: Quote, phrases: Phrases) -> Message:
        """Return the message with the file, or one that says why there is none."""
        raise NotImplementedError


class ArticleButton(QuoteFileButton, prefix="article"):
    """Sends a quote's article, where there is no reader to open it in."""

    async def file(self, worker: Worker, asker: Asker, quote: Quote, phrases: Phrases) -> Message:
        text = await worker.run(asker.article, quote)
        if text is None:
            return problem_message(phrases("article_gone"))
        content = text.encode(errors="replace")
        if len(content) > MAX_FILE_BYTES:
            return problem_message(phrases("article_too_large"))
        title = escape(shorten(quote.title, TITLE_LIMIT))
        return message_with_file(f"### {title}", content, file_name(quote))


class CitationButton(QuoteFileButton, prefix="cite"):
    """Sends a quote as a citation: its text to be copied, its W3C Web Annotation as a file."""

    async def file(self, worker: Worker, asker: Asker, quote: Quote, phrases: Phrases) -> Message:
        context = await worker.run(asker.context, quote)
        if context is None:
            return problem_message(phrases("quote_gone"))
        citation = Citation.of(context)
        content = json.dumps(citation.annotation, ensure_ascii=False, indent=2).encode()
        text = clean(citation.text)[:MAX_CITATION]
        # Within a block of code Discord changes nothing, and offers to copy it.
        shown = escape(text)[:MAX_CITATION] if "```" in text else f"```text\n{text}\n```"
        return message_with_file(shown, content, "citation.json")


def file_name(quote: Quote) -> str:
    """Return a name for the file of a quote's article: the letters and digits of its title.

    Every system takes it.
    """
    words = re.findall("[a-z0-9]+", fold(quote.title))
    name = shorten(" ".join(words), MAX_FILE_NAME).rstrip("…").replace(" ", "-")
    return f"{name or 'article'}.txt"
