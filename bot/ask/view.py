"""An answer as a Discord message (Components V2), within Discord's limits."""

from __future__ import annotations

from collections.abc import Sequence

import discord

from retrieval import Answer, Outcome, Quote, language_name, shown_head, shown_parts

from ..i18n.phrases import ENGLISH, Phrases, ellipses, unbroken
from ..ui.links import NO_READER, Links
from ..ui.message import Part, begins_with_title, fits, layout, small_talk_message
from ..ui.text import SEPARATOR, TITLE_LIMIT, cleaned_line, escape, quote_block, shorten

HEADING = "### "
"""How the line of a question begins."""

PATH_LENGTH = 80
"""The most characters that are shown of a changed file's path."""

MAX_FILES = 3
"""The most changed files that are named."""


def answer_message(
    answer: Answer,
    phrases: Phrases = ENGLISH,
    links: Links = NO_READER,
    *,
    headed: bool = True,
) -> discord.ui.LayoutView:
    """Return the message for an answer, with as many whole quotes as there is room for.

    Args:
        answer: the answer.
        phrases: the language of what stands around the quotes.
        links: the links that the reader of the message can open.
        headed: whether the question stands above the answer.
    """
    if answer.outcome is Outcome.SMALL_TALK:
        return small_talk_message(answer.question, phrases)
    if answer.quotes:
        count = len(shown_quotes(answer, phrases, links))
        return layout(_with_quotes(answer, count, phrases, links, headed), phrases)
    parts = _heading(answer, phrases, headed)
    if answer.outcome is Outcome.NOT_FOUND:
        nearest = [phrases("closest")] if answer.nearest else []
        parts.append(Part("\n".join([phrases("not_found"), *nearest])))
        parts += [
            Part(f"- {escape(shorten(quote.title, TITLE_LIMIT))}", links.of_button(quote))
            for quote in answer.nearest
        ]
    return layout([*parts, *_below(answer, phrases)], phrases)


def is_headed(message: discord.Message | None) -> bool:
    """Return whether the question stands above the answer in a message."""
    first = next(iter(message.components), None) if message else None
    return isinstance(first, discord.TextDisplay) and first.content.startswith(HEADING)


def shown_quotes(answer: Answer, phrases: Phrases, links: Links) -> tuple[Quote, ...]:
    """Return the quotes that the message for an answer has room for; see `answer_message`."""
    count = len(answer.quotes)
    while count > 1 and not fits(_with_quotes(answer, count, phrases, links)):
        count -= 1
    return answer.quotes[:count]


def quote_words(quote: Quote) -> str:
    """Return the lines of a quote's words, with the sentence that answers in bold if there are
    others."""
    before, sentence, after = map(escape, shown_parts(quote))
    words = sentence.strip()
    if words and (before + after).strip():
        # Bold that begins or ends with a space is no bold.
        sentence = sentence.replace(words, f"**{words}**")
    opened, closed = ellipses(quote.text)
    return quote_block(escape(shown_head(quote)) + opened + before + sentence + after + closed)


def _with_quotes(
    answer: Answer, count: int, phrases: Phrases, links: Links, headed: bool = True
) -> list[Part]:
    """Return the message of the first `count` quotes. One always fits, however it is escaped."""
    quotes = answer.quotes[:count]
    return [
        *_heading(answer, phrases, headed),
        *(_quote(quotes, index, answer.language, phrases, links) for index in range(count)),
        *_below(answer, phrases, count),
    ]


def _heading(answer: Answer, phrases: Phrases, headed: bool) -> list[Part]:
    """Return the part with the question, and with the one that it was taken to go on from."""
    lines = [f"{HEADING}{escape(cleaned_line(answer.question))}"] if headed else []
    if answer.follows is not None:
        before = escape(shorten(answer.follows, TITLE_LIMIT))
        lines.append(f"-# {phrases('follows', question=before)}")
    return [Part("\n".join(lines))] if lines else []


def _quote(
    quotes: Sequence[Quote], index: int, question_language: str, phrases: Phrases, links: Links
) -> Part:
    quote = quotes[index]
    words = quote_words(quote)
    # The dot is escaped so that the number does not begin a list.
    number = f"-# {index + 1}\\."
    marks = [unbroken(phrases("pdf_page", page=quote.page))] if quote.page else []
    if quote.pinned:
        marks.append(phrases("pinned"))
    # It comes first: behind a long title and address it would be overlooked.
    doubt = [f"*{phrases('unsure')}*"] if quote.unsure and not quote.pinned else []
    if index and quotes[index - 1].article == quote.article:
        line = f"{number} {SEPARATOR.join([*doubt, *marks])}".rstrip()
        return Part(f"{line}\n{words}")
    repeated = begins_with_title(quote)
    facts = [] if repeated else [escape(shorten(quote.title, TITLE_LIMIT))]
    # The order is that of an article's facts in lists and on its card.
    if repeated or quote.language != question_language:
        facts.append(escape(language_name(quote.language)))
    if quote.date is not None:
        facts.append(unbroken(phrases.date(quote.date)))
    if site := phrases.site(quote):
        facts.append(escape(site))
    facts = [*doubt, *facts, *marks]
    return Part(f"{number} {SEPARATOR.join(facts)}\n{words}", links.of_button(quote))


def _below(answer: Answer, phrases: Phrases, count: int = 0) -> list[Part]:
    """Return in a list what stands below an answer: which files have changed, and, below the first
    `count` quotes, how old the articles are and whether quotes are left out."""
    parts, facts = [], []
    if paths := answer.out_of_date:
        names = [escape(shorten(path, PATH_LENGTH)) for path in paths[:MAX_FILES]]
        parts.append(Part(phrases.out_of_date(names, len(paths) - len(names))))
    if count and answer.indexed_on:
        facts.append(phrases("corpus_of", date=unbroken(phrases.date(answer.indexed_on))))
    if count < (total := len(answer.quotes)):
        facts += [phrases("some_quotes", shown=count, count=total), phrases("too_long")]
    return [*parts, Part(f"-# {SEPARATOR.join(facts)}")] if facts else parts
