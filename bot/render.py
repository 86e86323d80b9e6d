"""An answer as a Discord message (Components V2), within Discord's limits."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import quote as percent_encode

import discord

from retrieval import Answer, Outcome, Quote, Source, language_name

from .escape import clean, escape, quote_block, shorten
from .links import NO_READER, Links, published
from .words import ENGLISH, Phrases, ellipses, unbroken

MAX_TEXT = 4_000
"""The most characters that the texts of one message may have together, counted in UTF-16.

That is never fewer than Discord counts, and keeps a message below the 10,000 bytes at which
Discord has failed.
"""

MAX_ADDRESS = 512
"""The most characters that a link button's address may have."""

MAX_TITLE = 120
MAX_FILE = 80
MAX_FILES = 3

_HTTPS = re.compile(r"https://[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(:[0-9]{1,5})?([/?#].*)?")


class Part(NamedTuple):
    """A text of the message and the address of the button beside it, if there is one."""

    text: str
    address: str | None = None


def message(
    answer: Answer, phrases: Phrases = ENGLISH, links: Links = NO_READER
) -> discord.ui.LayoutView:
    """The message for an answer. It shows as many quotes as fit, each of them whole."""
    if answer.outcome is Outcome.SMALL_TALK:
        return greeting(phrases)
    if answer.quotes:
        count = len(shown(answer, phrases))
        return view(_with_quotes(answer, count, phrases, links), phrases)
    parts = [Part(_heading(answer.question))]
    if answer.outcome is Outcome.NOT_FOUND:
        found = [phrases("not_found"), *_nearest(answer.nearest, phrases)]
        parts.append(Part("\n".join(found)))
    return view([*parts, *_out_of_date(answer.out_of_date, phrases)], phrases)


def greeting(phrases: Phrases = ENGLISH) -> discord.ui.LayoutView:
    """The message that says what the bot does and how to ask it."""
    return view([Part(phrases("short_help"))], phrases)


def problem(
    sentence: str, reference: str | None = None, phrases: Phrases = ENGLISH
) -> discord.ui.LayoutView:
    """The message for what went wrong, with the reference under which the log has it."""
    text = escape(sentence)
    if reference:
        text += f"\n-# {phrases('reference', reference=reference)}"
    return view([Part(text)], phrases)


def view(parts: Iterable[Part], phrases: Phrases = ENGLISH) -> discord.ui.LayoutView:
    """The message of these parts, for a person who never stops looking at it.

    A view that times out would take its buttons away from all messages of their kind.
    """
    layout = discord.ui.LayoutView(timeout=None)
    for part in parts:
        text: discord.ui.TextDisplay[discord.ui.LayoutView] = discord.ui.TextDisplay(part.text)
        if part.address is None:
            layout.add_item(text)
        else:
            button: discord.ui.Button[discord.ui.LayoutView] = discord.ui.Button(
                label=phrases("open_article"), url=part.address
            )
            layout.add_item(discord.ui.Section(text, accessory=button))
    return layout


def link_address(address: str | None) -> str | None:
    """The address, where it is https, names its host plainly and Discord takes it; else None."""
    encoded = percent_encode(address or "", safe="%/:?#[]@!$&'()*+,;=", errors="replace")
    if len(encoded) > MAX_ADDRESS:
        encoded, _, _ = encoded.partition("#:~:")
    return encoded if len(encoded) <= MAX_ADDRESS and _HTTPS.fullmatch(encoded) else None


def button_address(one: Quote | Source, links: Links) -> str | None:
    """Where the button beside an article or a quote leads: to its page, else to the reader."""
    return link_address(published(one)) or links.in_reader(one)


def shown(answer: Answer, phrases: Phrases = ENGLISH) -> tuple[Quote, ...]:
    """The quotes that the message for an answer has room for."""
    count = len(answer.quotes)
    while count > 1 and not _fits(_with_quotes(answer, count, phrases)):
        count -= 1
    return answer.quotes[:count]


def _with_quotes(
    answer: Answer, count: int, phrases: Phrases, links: Links = NO_READER
) -> list[Part]:
    """The message of the first so many quotes. One always fits, however it is escaped."""
    quotes = enumerate(answer.quotes[:count], 1)
    return [
        Part(_heading(answer.question)),
        *(_quote(number, quote, answer.language, phrases, links) for number, quote in quotes),
        *_out_of_date(answer.out_of_date, phrases),
        Part(_footer(answer, count, phrases)),
    ]


def _fits(parts: list[Part]) -> bool:
    return sum(len(part.text.encode("utf-16-le")) // 2 for part in parts) <= MAX_TEXT


def _heading(question: str) -> str:
    return f"### {escape(' '.join(clean(question).split()))}"


def _quote(number: int, quote: Quote, asked_in: str, phrases: Phrases, links: Links) -> Part:
    facts = [escape(shorten(quote.title, MAX_TITLE))]
    # The order is that of an article's facts in lists and on its card.
    if quote.language != asked_in:
        facts.append(escape(language_name(quote.language)))
    if quote.date is not None:
        facts.append(unbroken(phrases.date(quote.date)))
    if site := phrases.site(quote):
        facts.append(escape(site))
    if quote.unsure:
        facts.append(phrases("unsure"))
    # The dot is escaped so that the number does not begin a list.
    source = f"-# {number}\\. {' · '.join(facts)}"
    return Part(f"{source}\n{quote_block(_marked(quote))}", button_address(quote, links))


def _marked(quote: Quote) -> str:
    """The quote's words, with the sentence that answers in bold if there are others."""
    start, end = (offset - quote.start for offset in quote.answer)
    sentence = escape(quote.text[start:end])
    words = sentence.strip()
    if words and words != escape(quote.text).strip():
        # Bold that begins or ends with a space is no bold.
        sentence = sentence.replace(words, f"**{words}**")
    before, after = ellipses(quote.text)
    return before + escape(quote.text[:start]) + sentence + escape(quote.text[end:]) + after


def _nearest(titles: tuple[str, ...], phrases: Phrases) -> list[str]:
    if not titles:
        return []
    return [phrases("closest"), *(f"- {escape(shorten(title, MAX_TITLE))}" for title in titles)]


def _out_of_date(paths: tuple[str, ...], phrases: Phrases) -> list[Part]:
    if not paths:
        return []
    names = [escape(shorten(path, MAX_FILE)) for path in paths[:MAX_FILES]]
    return [Part(phrases.out_of_date(names, len(paths) - len(names)))]


def _footer(answer: Answer, count: int, phrases: Phrases) -> str:
    quotes = answer.quotes
    articles = len({quote.article for quote in quotes[:count]})
    languages = dict.fromkeys(language_name(quote.language) for quote in quotes[:count])
    if count < len(quotes):
        number = phrases("some_quotes", shown=count, count=len(quotes))
    else:
        number = phrases.counted("quotes", count)
    facts = [f"{number} {phrases.counted('from_articles', articles)}", *map(escape, languages)]
    if answer.indexed_on:
        facts.append(phrases("corpus_of", date=unbroken(phrases.date(answer.indexed_on))))
    if count < len(quotes):
        facts.append(phrases("too_long"))
    return f"-# {' · '.join(facts)}"
