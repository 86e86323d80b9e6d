"""An article as a file for a member, where there is no reader to open it in."""

from __future__ import annotations

import re

from retrieval import Quote, fold

from ..i18n.phrases import Phrases
from ..ui.message import message_with_file, problem_message
from ..ui.replies import Message
from ..ui.text import TITLE_LIMIT, escape, shorten
from ..worker import Asker, Worker

MAX_FILE_BYTES = 10 * 1024**2
"""The most that Discord takes of a file, on a server that nobody has boosted."""

MAX_FILE_NAME = 60
"""The most characters of a file's name, before its ending."""


async def article_file(worker: Worker, asker: Asker, quote: Quote, phrases: Phrases) -> Message:
    """Return the message with a quote's article as a file, or one that says why there is none."""
    text = await worker.run(asker.article, quote)
    if text is None:
        return problem_message(phrases("article_gone"))
    content = text.encode(errors="replace")
    if len(content) > MAX_FILE_BYTES:
        return problem_message(phrases("article_too_large"))
    title = escape(shorten(quote.title, TITLE_LIMIT))
    return message_with_file(f"### {title}", content, file_name(quote))


def file_name(quote: Quote) -> str:
    """Return a name for the file of a quote's article: the letters and digits of its title.

    Every system takes it.
    """
    words = re.findall("[a-z0-9]+", fold(quote.title))
    name = shorten(" ".join(words), MAX_FILE_NAME).rstrip("…").replace(" ", "-")
    return f"{name or 'article'}.txt"
