"""An answer as a Discord message (Components V2), within Discord's limits."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import quote as percent_encode

import discord

from retrieval import Answer, Outcome, Quote, language_name

from .escape import clean, escape, quote_block, shorten
from .words import NOT_FOUND, domain, ellipses, human_date, out_of_date

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

HELP = (
    "I answer questions about the articles by quoting them, word for word and with the source.\n"
    "Mention me together with your question, or use `/ask`."
)

_HTTPS = re.compile(r"https://[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(:[0-9]{1,5})?([/?#].*)?")


class Part(NamedTuple):
    """A text of the message and the address of the button beside it, if there is one."""

    text: str
    address: str | None = None


def message(answer: Answer) -> discord.ui.LayoutView:
    """The message for an answer. It shows as many quotes as fit, each of them whole."""
    if answer.outcome is Outcome.SMALL_TALK:
        return greeting()
    parts = [Part(_heading(answer.question))]
    if answer.quotes:
        return _view(_with_quotes(parts, answer))
    if answer.outcome is Outcome.NOT_FOUND:
        parts.append(Part("\n".join([NOT_FOUND, *_nearest(answer.nearest)])))
    return _view([*parts, *_out_of_date(answer.out_of_date)])


def greeting() -> discord.ui.LayoutView:
    """The message that says what the bot does and how to ask it."""
    return _view([Part(HELP)])


def problem(sentence: str, reference: str | None = None) -> discord.ui.LayoutView:
    """The message for what went wrong, with the reference under which the log has it."""
    text = escape(sentence)
    return _view([Part(f"{text}\n-# Reference: {reference}" if reference else text)])


def _with_quotes(heading: list[Part], answer: Answer) -> list[Part]:
    """All quotes, or fewer from the end. The first always fits, however it is escaped."""
    for shown in range(len(answer.quotes), 0, -1):
        parts = [
            *heading,
            *(_quote(n, one, answer.language) for n, one in enumerate(answer.quotes[:shown], 1)),
            *_out_of_date(answer.out_of_date),
            Part(_footer(answer, shown)),
        ]
        if _fits(parts):
            break
    return parts


def _fits(parts: list[Part]) -> bool:
    return sum(len(part.text.encode("utf-16-le")) // 2 for part in parts) <= MAX_TEXT


def _view(parts: list[Part]) -> discord.ui.LayoutView:
    view = discord.ui.LayoutView(timeout=None)
    for part in parts:
        text: discord.ui.TextDisplay[discord.ui.LayoutView] = discord.ui.TextDisplay(part.text)
        if part.address is None:
            view.add_item(text)
        else:
            button: discord.ui.Button[discord.ui.LayoutView] = discord.ui.Button(
                label="Open article", url=part.address
            )
            view.add_item(discord.ui.Section(text, accessory=button))
    return view


def _heading(question: str) -> str:
    return f"### {escape(' '.join(clean(question).split()))}"


def _quote(number: int, quote: Quote, asked_in: str) -> Part:
    facts = [escape(shorten(quote.title, MAX_TITLE))]
    if host := domain(quote.link):
        facts.append(escape(host))
    if quote.date is not None:
        facts.append(human_date(quote.date).replace(" ", "\N{NO-BREAK SPACE}"))
    if quote.language != asked_in:
        facts.append(escape(language_name(quote.language)))
    # The dot is escaped so that the number does not begin a list.
    source = f"{number}\\. {' · '.join(facts)}"
    return Part(f"{source}\n{quote_block(_marked(quote))}", _button_address(quote.link))


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


def _nearest(titles: tuple[str, ...]) -> list[str]:
    if not titles:
        return []
    return ["Closest articles:", *(f"- {escape(shorten(title, MAX_TITLE))}" for title in titles)]


def _out_of_date(paths: tuple[str, ...]) -> list[Part]:
    if not paths:
        return []
    names = [escape(shorten(path, MAX_FILE)) for path in paths[:MAX_FILES]]
    if len(paths) > MAX_FILES:
        names.append(f"{len(paths) - MAX_FILES} more")
    return [Part(out_of_date(names))]


def _footer(answer: Answer, shown: int) -> str:
    quotes = answer.quotes
    articles = len({quote.article for quote in quotes[:shown]})
    languages = dict.fromkeys(language_name(quote.language) for quote in quotes[:shown])
    count = str(shown) if shown == len(quotes) else f"{shown} of {len(quotes)}"
    facts = [
        f"{count} verbatim {_plural(len(quotes), 'quote')} from {articles} "
        f"{_plural(articles, 'article')}",
        *map(escape, languages),
    ]
    if answer.indexed_on:
        facts.append(f"corpus of {human_date(answer.indexed_on)}")
    if shown < len(quotes):
        facts.append("the rest is too long for one message")
    return f"-# {' · '.join(facts)}"


def _plural(count: int, noun: str) -> str:
    return noun if count == 1 else f"{noun}s"


def _button_address(address: str | None) -> str | None:
    """The address, where it is https, names its host plainly and Discord takes it; else None."""
    encoded = percent_encode(address or "", safe="%/:?#[]@!$&'()*+,;=", errors="replace")
    return encoded if len(encoded) <= MAX_ADDRESS and _HTTPS.fullmatch(encoded) else None
