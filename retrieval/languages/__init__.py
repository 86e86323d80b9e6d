"""What is known about each language: a table beside this file, so a further language is a further
table.

Tables are named by ISO 639-1 codes. The words are those that newspapers and websites put around an
article; none belongs to any one article.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Language:
    """One language.

    `stemmer` is the Snowball algorithm's name, if there is one. `credit` are words that
    introduce a picture's credit, `source` words that introduce where a text was taken from,
    `chrome` words that a website adds below an article, `pleasantries` what a member says
    without asking anything.
    """

    name: str
    stemmer: str | None = None
    credit: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    chrome: tuple[str, ...] = ()
    pleasantries: tuple[str, ...] = ()
    ordinal_dot: bool = False
    """Whether a number with a full stop is an ordinal ("13. Kongress"), not a sentence's end."""


def _tables() -> Iterator[tuple[str, Language]]:
    for file in sorted(files(__package__).iterdir(), key=lambda file: file.name):
        code, _, ending = file.name.partition(".")
        if ending == "toml":
            table = tomllib.loads(file.read_text("utf-8"))
            fields: dict[str, Any] = {
                k: tuple(v) if type(v) is list else v for k, v in table.items()
            }
            yield code, Language(**fields)


LANGUAGES = dict(_tables())


def name_of(code: str) -> str:
    """The language's own name, or its code where it is not in the table."""
    return LANGUAGES[code].name if code in LANGUAGES else code


def words(kind: str) -> tuple[str, ...]:
    """All languages' words of one kind (`credit`, `source`, `chrome`, `pleasantries`)."""
    return tuple(sorted({word for one in LANGUAGES.values() for word in getattr(one, kind)}))
