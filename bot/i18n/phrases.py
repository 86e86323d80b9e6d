"""What every face says in the same words, in each language that has a TOML file here."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any
from urllib.parse import urlsplit

from retrieval import Day, Quote, Source, YearFrom

FILES = {
    file.name.removesuffix(".toml"): file
    for file in sorted(files(__package__).iterdir(), key=lambda file: file.name)
    if file.name.endswith(".toml")
}
"""What the bot says in each language, by ISO 639-1 code."""

LANGUAGES = ("en", *(code for code in FILES if code != "en"))
"""The languages that the bot speaks, English first."""

YEAR_NOTES = {
    YearFrom.HEADER: "year_from_header",
    YearFrom.URL: "year_from_url",
    YearFrom.CONTEXT: "year_from_context",
}
"""What is said of a year that does not stand beside its day: keys of the phrases."""


SPAN = " – "
"""What stands between the first and the last of several days."""


class Phrases:
    """What the bot says in one language. Quotes are never among it: they stay as they are."""

    def __init__(self, texts: Mapping[str, Any]) -> None:
        self._texts = texts

    def __call__(self, key: str, /, **values: object) -> str:
        """A phrase with its values filled in. Raises KeyError where there is no such phrase."""
        return str(self._texts[key]).format(**values)

    def table(self, name: str) -> Phrases:
        """The phrases of a table of the file. Raises KeyError where there is none."""
        return Phrases(self._texts[name])

    def counted(self, key: str, count: int, /, **values: object) -> str:
        """A phrase in the singular or the plural. Raises KeyError where there is none."""
        form = "one" if count == 1 else "other"
        return str(self._texts[key][form]).format(count=count, **values)

    def date(self, iso: str) -> str:
        """A date as people write it: "2025-02-07" → "7. Februar 2025"."""
        known = date.fromisoformat(iso)
        return self._with_year(self._day(known.month, known.day), known.year)

    def days(self, first: Day | None, last: Day | None = None) -> str:
        """The days from the first to the last, as short as can be: "3–5 May 2019".

        An unknown year is said to be unknown, and that there is no date if there is none.
        """
        if first is None:
            return self("undated")
        if last is None or last == first:
            return self._with_year(self._day(first.month, first.day), first.year)
        if last.year != first.year:
            return SPAN.join((self.days(first), self.days(last)))
        if last.month != first.month:
            days = (self._day(day.month, day.day) for day in (first, last))
            return self._with_year(SPAN.join(days), last.year)
        month = self._texts["months"][first.month - 1]
        span = self("day_span", first=first.day, last=last.day, month=month)
        return self._with_year(span, first.year)

    def _day(self, month: int, day: int) -> str:
        return self("day_month", day=day, month=self._texts["months"][month - 1])

    def _with_year(self, days: str, year: int | None) -> str:
        if year is None:
            return self("year_unknown", days=days)
        return self("with_year", days=days, year=year)

    def year_note(self, source: YearFrom | None) -> str:
        """Where a year comes from that the words do not state; empty where they do."""
        key = None if source is None else YEAR_NOTES.get(source)
        return "" if key is None else self(key)

    def out_of_date(self, names: Sequence[str], more: int = 0) -> str:
        """The sentence on articles whose files are no longer those that were indexed.

        `more` are not named but counted.
        """
        files = ", ".join(names)
        if more:
            files = self("more_files", files=files, count=more)
        return self.counted("out_of_date", len(names) + more, files=files)

    def site(self, one: Source | Quote) -> str:
        """The host of an article's address, with a word where it is that of an original; empty
        where there is none."""
        host = domain(one.url) or ""
        return self("original", host=host) if host and one.original else host

    def command(self, name: str) -> Mapping[str, Any]:
        """A command's translated `name`, `description` and `parameters`, as far as there are."""
        translated: Mapping[str, Any] = self._texts.get("commands", {}).get(name, {})
        return translated


def read_phrases(file: Traversable) -> Phrases:
    """The phrases of a TOML file. Raises ValueError where it is none."""
    return Phrases(tomllib.loads(file.read_text("utf-8")))


@cache
def phrases_in(language: str) -> Phrases:
    """The phrases of one of LANGUAGES."""
    return read_phrases(FILES[language])


ENGLISH = phrases_in("en")
NOT_FOUND = ENGLISH("not_found")


def human_date(iso: str) -> str:
    """A date as people write it in English: "2025-02-07" → "7 February 2025"."""
    return ENGLISH.date(iso)


def out_of_date(names: Sequence[str]) -> str:
    """As `Phrases.out_of_date`, in English."""
    return ENGLISH.out_of_date(names)


def unbroken(fact: str) -> str:
    """A date or the like, no part of which goes to the next line."""
    return fact.replace(" ", "\N{NO-BREAK SPACE}")


def domain(address: str | None) -> str | None:
    """The host that an address names, without "www."."""
    try:
        host = urlsplit(address or "").hostname
    except ValueError:  # such as a bracket that opens an IPv6 address and never closes
        return None
    return host.removeprefix("www.") if host else None


def ellipses(text: str) -> tuple[str, str]:
    """What stands before and after a quotation that begins or ends within a sentence."""
    words = text.lstrip("\"'“„«‘(¿¡[ ")
    before = "… " if words[:1].islower() else ""
    after = " …" if text.endswith((",", ";", ":", "–", "—")) else ""
    return before, after
