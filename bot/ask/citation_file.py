"""A quote as a citation for a member: its text to be copied, its W3C Web Annotation as a file."""

from __future__ import annotations

import json

from retrieval import Citation, Quote

from ..i18n.phrases import Phrases
from ..ui.message import message_with_file, problem_message
from ..ui.replies import Message
from ..ui.text import clean, escape
from ..worker import Asker, Worker

MAX_CITATION = 3_000
"""The most characters of the text; the file has all."""


async def citation_file(worker: Worker, asker: Asker, quote: Quote, phrases: Phrases) -> Message:
    """Return the message with a quote's citation, or one that says that its words are gone."""
    context = await worker.run(asker.context, quote)
    if context is None:
        return problem_message(phrases("quote_gone"))
    citation = Citation.of(context)
    content = json.dumps(citation.annotation, ensure_ascii=False, indent=2).encode()
    text = clean(citation.text)[:MAX_CITATION]
    # Within a block of code Discord changes nothing, and offers to copy it.
    shown = escape(text)[:MAX_CITATION] if "```" in text else f"```text\n{text}\n```"
    return message_with_file(shown, content, "citation.json")
