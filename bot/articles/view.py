"""The articles as a list and a card, and the search for one by its title."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, zip_longest

from retrieval import FeedReport, Source, fold, language_name

from ..i18n.phrases import Phrases, unbroken
from ..ui.autocomplete import matches
from ..ui.buttons import Page
from ..ui.links import NO_READER, Links, fingerprint
from ..ui.message import MAX_CHOICE, Part, fitting
from ..ui.text import SEPARATOR, escape, shorten, title_of

SITE_LENGTH = 80
LANGUAGE_LENGTH = 40
SENTENCE_LENGTH = 120
FEED_NAME_LENGTH = 80
MAX_FEEDS = 8
"""So many sources are shown, if there is room for them; `passage feeds` shows all."""


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
        yield Part(text, links.of_button(source))


def card(source: Source, phrases: Phrases, links: Links = NO_READER) -> Part:
    """Return the text on one article, with its button."""
    text = f"### {escape(title_of(source))}\n-# {_facts(source, phrases)}"
    return Part(text, links.of_button(source))


def feed_parts(reports: Sequence[FeedReport], phrases: Phrases) -> Sequence[Part]:
    """Return the parts on the sources that are followed, as many as there is room for."""
    if not reports:
        return [Part(phrases("no_feeds"))]
    shown = [Part("\n".join(_feed_lines(report, phrases))) for report in reports[:MAX_FEEDS]]

    def first(count: int) -> list[Part]:
        more = len(reports) - count
        rest = [Part(phrases("more_articles", count=more))] if more else []
        return [*shown[:count], *rest]

    return fitting(map(first, range(len(shown), 0, -1)))


def _feed_lines(report: FeedReport, phrases: Phrases) -> Iterator[str]:
    yield f"**{escape(shorten(report.name, FEED_NAME_LENGTH))}**"
    if report.fetched is not None:
        counts = {name: len(getattr(report, name)) for name in ("failed", "withdrawn")}
        figures = phrases("feed_counts", articles=report.articles, new=report.new, **counts)
        yield f"-# <t:{int(report.fetched)}:R> · {figures}"
    elif report.failure is None:
        yield f"-# {phrases('feed_new')}"
    for why in _whys(report, phrases):
        yield f"-# {escape(shorten(why, SENTENCE_LENGTH))}"


def _whys(report: FeedReport, phrases: Phrases) -> Iterator[str]:
    """Yield what went wrong in the last look at a source; one of its articles stands for all."""
    kinds = phrases.table("feed_troubles")

    def why(sentence: str, trouble: str | None) -> str:
        if trouble is None:  # As version 0.3.0 has kept it.
            return sentence
        return kinds("status", status=trouble) if trouble.isdigit() else kinds(trouble)

    if report.failure:
        yield why(report.failure, report.trouble)
    if report.note:
        yield kinds("cut")
    for (url, sentence), trouble in islice(zip_longest(report.failed, report.troubles), 1):
        yield f"{why(sentence, trouble)} {url}"


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
    """Return a hash of an article's corpus and path: its title may be that of another too."""
    return fingerprint(f"{source.corpus}/{source.path}")


def _facts(source: Source, phrases: Phrases) -> str:
    date = phrases.date(source.date) if source.date else phrases("undated")
    facts = [escape(shorten(language_name(source.language), LANGUAGE_LENGTH)), unbroken(date)]
    if site := phrases.site(source):
        facts.append(escape(shorten(site, SITE_LENGTH)))
    return SEPARATOR.join(facts)
