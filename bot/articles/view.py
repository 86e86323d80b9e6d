"""The articles as lists and cards, and which of them a person means."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from retrieval import Source, fold, language_name

from ..i18n.phrases import Phrases, unbroken
from ..ui.links import NO_READER, Links
from ..ui.message import MAX_CHOICE, MAX_TITLE, Part, button_address
from ..ui.text import escape, shorten

PER_PAGE = 5

MAX_SITE = 80
MAX_LANGUAGE = 40


def last_page(sources: Sequence[Source]) -> int:
    """The number of the last page; the first is 0."""
    return max(0, len(sources) - 1) // PER_PAGE


def page(
    sources: Sequence[Source], number: int, phrases: Phrases, links: Links = NO_READER
) -> Iterator[Part]:
    """A page of the articles under a heading that says how many there are, and which page it is."""
    if not sources:
        yield Part(phrases("no_sources"))
        return
    heading = f"### {phrases.counted('article_count', len(sources))}"
    if last := last_page(sources):
        heading += f"\n-# {phrases('page', page=number + 1, pages=last + 1)}"
    yield Part(heading)
    first = number * PER_PAGE
    for place, source in enumerate(sources[first : first + PER_PAGE], first + 1):
        title = escape(title_of(source, MAX_TITLE))
        # The dot is escaped so that the number does not begin a list.
        text = f"{place}\\. **{title}**\n-# {_facts(source, phrases)}"
        yield Part(text, button_address(source, links))


def card(source: Source, phrases: Phrases, links: Links = NO_READER) -> Part:
    """One article."""
    title = escape(title_of(source, MAX_TITLE))
    text = f"### {title}\n-# {_facts(source, phrases)}"
    return Part(text, button_address(source, links))


def matching(sources: Sequence[Source], typed: str) -> list[Source]:
    """The articles whose title has all that was typed, without regard to case and accents."""
    words = fold(typed).split()
    return [source for source in sources if all(word in fold(source.title) for word in words)]


def meant(sources: Sequence[Source], title: str) -> Source | None:
    """The article of this key or title, or the only one whose title has these words."""
    wanted = " ".join(fold(title).split())
    for source in sources:
        if title == key_of(source) or wanted == " ".join(fold(source.title).split()):
            return source
    found = matching(sources, title)
    return found[0] if len(found) == 1 else None


def choice_name(source: Source, phrases: Phrases) -> str:
    """How an article is offered for choice: its title and, to tell namesakes apart, its date."""
    date = f" · {phrases.date(source.date)}" if source.date else ""
    return title_of(source, MAX_CHOICE - len(date)) + date


def key_of(source: Source) -> str:
    """What stands for an article where its title may be too long, or that of another too."""
    return hashlib.sha256(source.path.encode()).hexdigest()[:32]


def title_of(source: Source, limit: int) -> str:
    """The title on one line; the file's name where it has no visible character."""
    return shorten(source.title, limit) or shorten(source.path, limit)


def _facts(source: Source, phrases: Phrases) -> str:
    date = phrases.date(source.date) if source.date else phrases("undated")
    facts = [escape(shorten(language_name(source.language), MAX_LANGUAGE)), unbroken(date)]
    if site := phrases.site(source):
        facts.append(escape(shorten(site, MAX_SITE)))
    return " · ".join(facts)
