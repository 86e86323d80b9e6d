"""What the bot says in chat, terminal and browser, in each language that has a TOML file here."""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import retrieval
from retrieval import Day, Quote, Source, YearFrom

if TYPE_CHECKING:
    import discord

    from retrieval import CitationCheck, QuestionError

FILES = {
    file.name.removesuffix(".toml"): file
    for file in sorted(files(__package__).iterdir(), key=lambda file: file.name)
    if file.name.endswith(".toml")
}
"""The file of each language, by ISO 639-1 code."""

LANGUAGES = ("en", *(code for code in FILES if code != "en"))
"""The languages that the bot speaks, English first."""

FAULTS = {
    "empty": "question_empty",
    "too_long": "question_too_long",
    "no_words": "question_no_words",
}
"""The phrase for each fault of a question that cannot be searched for."""

SPAN = " – "
"""The sign between the first and the last of several days."""


class Phrases:
    """The texts of the bot in one language. Quotes are not among them: none is translated."""

    def __init__(self, texts: Mapping[str, Any]) -> None:
        self._texts = texts

    def __call__(self, key: str, /, **values: object) -> str:
        """Return a phrase with its values filled in. Raises KeyError if there is none."""
        return str(self._texts[key]).format(**values)

    def table(self, name: str) -> Phrases:
        """Return the phrases of a table of the file. Raises KeyError if there is none."""
        return Phrases(self._texts[name])

    def counted(self, key: str, count: int, /, **values: object) -> str:
        """Return a phrase in the singular or the plural. Raises KeyError if there is none."""
        form = "one" if count == 1 else "other"
        return str(self._texts[key][form]).format(count=count, **values)

    def fault(self, error: QuestionError) -> str:
        """Return the sentence on a question that cannot be searched for."""
        return self(FAULTS[error.fault], **error.values)

    def verdict(self, check: CitationCheck) -> str:
        """Return the sentence on what a citation is worth now."""
        facts = ", ".join(check.altered)
        return self.table("citation")(check.verdict, start=check.start, facts=facts)

    def date(self, iso: str) -> str:
        """Return an ISO date as people write it: "2025-02-07" → "7. Februar 2025"."""
        return self.days(datetime.date.fromisoformat(iso))

    def days(
        self, first: Day | datetime.date | None, last: Day | datetime.date | None = None
    ) -> str:
        """Return the days from the first to the last, as short as can be: "3–5 May 2019".

        If the year or the whole date is unknown, the text says so.
        """
        if first is None:
            return self("undated")
        if last == first:
            last = None
        if last and last.year != first.year:
            return SPAN.join((self.days(first), self.days(last)))
        months = self._texts["months"]
        if last and last.month == first.month:
            month = months[first.month - 1]
            days = self("day_span", first=first.day, last=last.day, month=month)
        else:
            days = SPAN.join(
                self("day_month", day=day.day, month=months[day.month - 1])
                for day in (first, last)
                if day
            )
        if first.year is None:
            return self("year_unknown", days=days)
        return self("with_year", days=days, year=first.year)

    def year_note(self, source: YearFrom | None) -> str:
        """Return where a year was taken from that the sentence does not state; empty if it does."""
        is_stated = source in (None, YearFrom.STATED)
        return "" if is_stated else self.table("year_from")(str(source))

    def out_of_date(self, names: Sequence[str], more: int = 0) -> str:
        """Return the sentence on articles whose files have changed since they were indexed.

        Args:
            names: the files that are named.
            more: how many other files are only counted.
        """
        files = ", ".join(names)
        if more:
            files = self("more_files", files=files, count=more)
        return self.counted("out_of_date", len(names) + more, files=files)

    def site(self, article: Source | Quote) -> str:
        """Return the host of an article's address; empty if it has none.

        A word is added if the address is that of the original of a translated article.
        """
        host = domain(article.url) or ""
        return self("original", host=host) if host and article.original else host

    def command(self, name: str) -> Mapping[str, Any]:
        """Return the translated ones of a command's `name`, `description` and `parameters`."""
        translated: Mapping[str, Any] = self._texts.get("commands", {}).get(name, {})
        return translated


def read_phrases(file: Traversable) -> Phrases:
    """Return the phrases of a TOML file. Raises ValueError if it is not TOML."""
    return Phrases(tomllib.loads(file.read_text("utf-8")))


@cache
def phrases_in(language: str) -> Phrases:
    """Return the phrases of one of LANGUAGES."""
    return read_phrases(FILES[language])


ENGLISH = phrases_in("en")
NOT_FOUND = ENGLISH("not_found")


def phrases_for(locale: discord.Locale | None) -> Phrases:
    """Return the phrases for a member's or a server's locale: English if there are no others."""
    language = locale.value.partition("-")[0] if locale else "en"
    return phrases_in(language) if language in FILES else ENGLISH


def phrases_for_question(
    question: str, locale: discord.Locale | None, before: str | None = None
) -> Phrases:
    """Return the phrases in the language of a question, if that is certain and the bot speaks it.

    Args:
        question: the question.
        locale: the language where that of the questions is not certain.
        before: the question that it may go on from, whose language counts if its own is not
            certain.
    """
    language = retrieval.language_told(question) or retrieval.language_told(before or "")
    return phrases_in(language) if language in FILES else phrases_for(locale)


def unbroken(fact: str) -> str:
    """Return a date or the like with spaces at which no line breaks."""
    return fact.replace(" ", "\N{NO-BREAK SPACE}")


def domain(address: str | None) -> str | None:
    """Return the host of an address without "www."; None if it has none."""
    try:
        host = urlsplit(address or "").hostname
    except ValueError:  # such as a bracket that opens an IPv6 address and never closes
        return None
    return host.removeprefix("www.") if host else None


def ellipses(text: str) -> tuple[str, str]:
    """Return the ellipses before and after a quotation that begins or ends within a sentence.

    Each is empty where the quotation begins or ends with a whole sentence.
    """
    words = text.lstrip("\"'“„«‘(¿¡[ ")
    before = "… " if words[:1].islower() else ""
    after = " …" if text.endswith((",", ";", ":", "–", "—")) else ""
    return before, after
