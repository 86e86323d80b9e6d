"""What every face says in the same words, in the languages of the `locales` folder."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

LANGUAGES = ("en", "de", "es", "vi")
"""The languages that the bot speaks; each has a file of its own."""


class Phrases:
    """What the bot says in one language. Quotes are never among it: they stay as they are."""

    def __init__(self, texts: Mapping[str, Any]) -> None:
        self._texts = texts

    def __call__(self, key: str, /, **values: object) -> str:
        """A phrase with its values filled in. Raises KeyError where there is no such phrase."""
        return str(self._texts[key]).format(**values)

    def counted(self, key: str, count: int, /, **values: object) -> str:
        """A phrase in the singular or the plural. Raises KeyError where there is none."""
        form = "one" if count == 1 else "other"
        return str(self._texts[key][form]).format(count=count, **values)

    def date(self, iso: str) -> str:
        """A date as people write it: "2025-02-07" → "7. Februar 2025"."""
        day = date.fromisoformat(iso)
        month = self._texts["months"][day.month - 1]
        return self("date", day=day.day, month=month, year=day.year)

    def out_of_date(self, names: Sequence[str]) -> str:
        """The sentence on articles whose files are no longer those that were indexed."""
        return self.counted("out_of_date", len(names), files=", ".join(names))

    def command(self, name: str) -> Mapping[str, Any]:
        """A command's translated `name`, `description` and `parameters`, as far as there are."""
        translated: Mapping[str, Any] = self._texts.get("commands", {}).get(name, {})
        return translated


@cache
def phrases_in(language: str) -> Phrases:
    """The phrases of one of LANGUAGES."""
    source = files(__package__).joinpath("locales", f"{language}.toml")
    return Phrases(tomllib.loads(source.read_text("utf-8")))


ENGLISH = phrases_in("en")
NOT_FOUND = ENGLISH("not_found")


def human_date(iso: str) -> str:
    """A date as people write it in English: "2025-02-07" → "7 February 2025"."""
    return ENGLISH.date(iso)


def out_of_date(names: Sequence[str]) -> str:
    """As `Phrases.out_of_date`, in English."""
    return ENGLISH.out_of_date(names)


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
