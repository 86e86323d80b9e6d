"""Languages: what each is called, and all its words.

A language is one TOML file in this folder, named by its ISO 639-1 code, so a further language is a
further file. Its words are those that newspapers and websites put around any article. The tables
`[meetings.…]` stand last in a file: they are long, and only `meeting_words` parses them.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from operator import attrgetter
from typing import TypeVar

from pydantic import ConfigDict, ValidationError
from pydantic.dataclasses import dataclass

from ..errors import OperatorError

Words = tuple[str, ...]
T = TypeVar("T")

CHECKED = ConfigDict(extra="forbid")
"""For the dataclass of a table of TOML: a misspelt key is refused, not ignored."""

_MEETINGS = re.compile(r"^\[meetings\b", re.MULTILINE)


@dataclass(frozen=True, config=CHECKED)
class PageWords:
    """What stands on a page around an article: words before the name of a photographer (`credits`)
    or of where a text was taken from (`sources`), a website's buttons (`controls`), what feeds add
    below an article (`notices`), where "…" stands for its title, and how a law calls its `sections`
    ("article …"), where "…" stands for the number."""

    credits: Words = ()
    sources: Words = ()
    controls: Words = ()
    notices: Words = ()
    sections: Words = ()


@dataclass(frozen=True, config=CHECKED)
class SmallTalk:
    """What people say without a question: greetings and the like (`phrases`), `thanks`, questions
    `about` the bot and `calls` that leave out what to help with ("can you help?"); and whom they
    say it to ("hello everyone")."""

    phrases: Words = ()
    thanks: Words = ()
    about: Words = ()
    calls: Words = ()
    addressees: Words = ()


@dataclass(frozen=True, config=CHECKED)
class QuestionWords:
    """Words that begin questions far more often than statements (`openers`; without its accent a
    Spanish "cuando" begins a subordinate clause as often as a question, so it is not among them),
    and phrases that announce one, as in "quick question: …" (`introductions`). `unspaced` are words
    of a question in a language that puts no spaces between words, wherever they stand in it.
    `continuations` begin a question that goes on from the one before it ("and in Hanoi?"), and
    `prepositions` a place or a time in it."""

    openers: Words = ()
    continuations: Words = ()
    prepositions: Words = ()
    sections: Words = ()
    introductions: Words = ()
    unspaced: Words = ()


@dataclass(frozen=True, config=CHECKED)
class Particles:
    """Words in lower case within the names of persons ("von") and of places ("upon", "de la")."""

    persons: Words = ()
    places: Words = ()


@dataclass(frozen=True, eq=False, config=CHECKED)
class Language:
    """A language by its ISO 639-1 `code`.

    `name` is what the language calls itself, and `stemmer` the name of its Snowball algorithm,
    empty where there is none. `ordinal_dot`: a number with a full stop is an ordinal ("13.
    Kongress"), not the end of a sentence. `abbreviations` end in a full stop and are followed by a
    capital, and are given without that stop, in the case in which they are written ("TP" Hồ Chí
    Minh): those that sentencex does not know. `meetings_toml` is the unparsed rest of the file, for
    `meeting_words`.
    """

    code: str
    name: str
    stemmer: str = ""
    nouns_capitalised: bool = False
    ordinal_dot: bool = False
    abbreviations: Words = ()
    page: PageWords = PageWords()
    small_talk: SmallTalk = SmallTalk()
    questions: QuestionWords = QuestionWords()
    particles: Particles = Particles()
    meetings_toml: str = ""


def read_language(file: Traversable) -> Language:
    """Read a language's file, whose name is the language's code.

    Raises:
        OperatorError: it is not TOML, or a key in it is unknown, missing or of a wrong type.
    """
    code = file.name.removesuffix(".toml")
    with _named_faults(code):
        text = file.read_text("utf-8")
    match = _MEETINGS.search(text)
    head = text[: match.start()] if match else text
    # The lines keep their numbers, for errors name them.
    meetings = "\n" * head.count("\n") + text[match.start() :] if match else ""
    return read_tables(Language, head, code, {"code": code, "meetings_toml": meetings})


def read_tables(kind: type[T], toml: str, code: str, more: Mapping[str, str] | None = None) -> T:
    """Make a dataclass of the TOML of a language, given its code, and of `more` fields.

    Raises:
        OperatorError: as for `read_language`.
    """
    with _named_faults(code):
        return kind(**tomllib.loads(toml) | dict(more or {}))


@contextmanager
def _named_faults(code: str) -> Iterator[None]:
    try:
        yield
    except ValueError as error:
        fault = str(error)
        if isinstance(error, ValidationError):
            # A misspelt key is missing as well, and is what helps.
            first = min(
                error.errors(), key=lambda fault: not fault["type"].startswith("unexpected")
            )
            fault = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
        raise OperatorError(
            f"The words of the language {code!r} cannot be read: {fault}."
        ) from error


@cache
def languages() -> dict[str, Language]:
    """All languages by code. Raises OperatorError where a file cannot be read."""
    paths = sorted(files(__package__).iterdir(), key=lambda path: path.name)
    read = (read_language(path) for path in paths if path.name.endswith(".toml"))
    return {language.code: language for language in read}


def language_of(code: str) -> Language:
    """The language of a code; one of that name and without words where there is no file."""
    return languages().get(code) or Language(code=code, name=code)


def language_name(code: str) -> str:
    """The language's own name, or its code where there is no file."""
    return language_of(code).name


def language_words(path: str) -> Words:
    """The words of all languages in a list such as `page.credits`, each once and sorted."""
    lists = map(attrgetter(path), languages().values())
    return tuple(sorted({word for words in lists for word in words}))
