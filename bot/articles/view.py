"""The articles as a list and a card, and the search for one by its title."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from retrieval import Source, fold, language_name

from ..i18n.phrases import Phrases, unbroken
from ..ui.autocomplete import matches
from ..ui.links import NO_READER, Links
from ..ui.message import MAX_CHOICE, Part, button_address, title_of
from ..ui.pager import Page
from ..ui.text import escape, shorten

SITE_LENGTH = 80
LANGUAGE_LENGTH = 40


def articles_page(page: Page[Source], phrases: Phrases, links: Links = NO_READER) -> Iterator[Part]:
    """Yield the parts of a page of the articles: a heading with their number, and the entries."""
    if not page.total:
        yield Part(phrases("no_sources"))
        return
    heading = f"### {phrases.counted('article_count', page.total)}"
    yield Part("\n".join([heading, *page.position(phrases)]))
    for number, source in page.numbered:
        # The dot is escaped so that the number does not begin a list.
        text = f"{number}\\. **{escape(title_of(source))}**\n-# {_facts(source, phrases)}"
        yield Part(text, button_address(source, links))


def card(source: Source, phrases: Phrases, links: Links = NO_READER) -> Part:
    """Return the text on one article, with its button."""
    text = f"### {escape(title_of(source))}\n-# {_facts(source, phrases)}"
    return Part(text, button_address(source, links))


def matching(sources: Sequence[Source], typed: str) -> list[Source]:
    """Return the articles whose title has all words typed, without regard to case and accents."""
    return [source for source in sources if matches(source.title, typed)]


def find(sources: Sequence[Source], title: str) -> Source | None:
    """Return the article of this key or title, or the only one whose title has these words."""
    words = fold(title).split()
    for source in sources:
        if title == source_key(source) or words == fold(source.title).split():
            return source
    candidates = matching(sources, title)
    return candidates[0] if len(candidates) == 1 else None


def choice_name(source: Source, phrases: Phrases) -> str:
    """Return the title of an article and its date, which tells articles of one title apart."""
    date = f" · {phrases.date(source.date)}" if source.date else ""
    return title_of(source, MAX_CHOICE - len(date)) + date


def source_key(source: Source) -> str:
    """Return a hash of an article's path: its title may be too long, or that of another too."""
    return hashlib.sha256(source.path.encode()).hexdigest()[:32]


def _facts(source: Source, phrases: Phrases) -> str:
    date = phrases.date(source.date) if source.date else phrases("undated")
    facts = [escape(shorten(language_name(source.language), LANGUAGE_LENGTH)), unbroken(date)]
    if site := phrases.site(source):
        facts.append(escape(shorten(site, SITE_LENGTH)))
    return " · ".join(facts)
