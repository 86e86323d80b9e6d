"""Other words for those of a question, as an admin wrote them in `seeds/synonyms.txt`.

The format is the one that Solr and Elasticsearch read, with `expand` on (Lucene, class
SolrSynonymParser):

    General Secretary, Generalsekretär, tổng bí thư     each of them stands for all
    CC => Central Committee, Zentralkomitee             those on the right instead

What several lines say of one term is merged. A comma or an arrow that is meant is written "\\,"
or "\\=>". Beyond Solr: case, accents and, in the question's language, endings make no difference,
and a broken line is named and left aside.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from . import changes
from .articles import SYNONYMS_FILE
from .encodings import decode
from .lexical import fold, stemmer_of
from .models import Failure, Note

MAX_BYTES = 4 * 1024**2
MAX_RULES = 100_000
"""The most lines of a file, beside comments …"""
MAX_LINE = 4000
"""… characters of a line …"""
MAX_TERMS = 32
"""… terms on a line …"""
MAX_WORDS = 8
"""… and words of a term."""
MAX_LINES = 64
"""So many lines count for one term, the first ones."""
MAX_FAILURES = 20
"""So many broken lines are named."""

MAX_EXPANSIONS = 8
"""Places of a question that are expanded, the first ones …"""
MAX_OPTIONS = 16
"""… and what is looked for at each."""
MAX_VARIANTS = 4

Words = tuple[str, ...]

_WORD = re.compile(r"\w+")
_PIECE = re.compile(r"\\.|=>|,|[^\\,=]+|.")


@dataclass(frozen=True, slots=True)
class Expansion:
    """Words of a question, from `start` up to `end`, that the file has others for.

    `options` are the terms to look for, at least one: the asked words first, unless they are
    replaced, then those of the file in its order.
    """

    start: int
    end: int
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the expansions of its words, from left to right. `text` is composed (NFC)."""

    text: str
    expansions: tuple[Expansion, ...] = ()

    @property
    def rest(self) -> str:
        """The question without the words that are expanded: all of it, where none are."""
        ends = [0, *(one.end for one in self.expansions)]
        starts = [*(one.start for one in self.expansions), len(self.text)]
        return " ".join(self.text[a:b] for a, b in zip(ends, starts, strict=True))

    def variants(self, most: int = MAX_VARIANTS) -> tuple[str, ...]:
        """The question in at most so many wordings, each once: at least one.

        The first has the first option of each expansion, the second the second, and so on, so that
        a file whose lines keep an order of languages gives wordings in one language.
        """
        count = min(most, max((len(one.options) for one in self.expansions), default=1))
        return tuple(dict.fromkeys(self._worded(n) for n in range(count)))

    def spellings(self, words: Callable[[str], Sequence[str]]) -> list[dict[str, float]]:
        """The words that are asked for, each as its spellings and what each of them is worth.

        `words` cuts a text into its content words. What stands for several words is shared out
        among them in order: a compound is worth all of each, one of two words for a single one
        half of it.
        """
        found = [{word: 1.0} for word in dict.fromkeys(words(self.rest))]
        for one in self.expansions:
            asked, *others = [own for own in map(words, one.options) if own] or [()]
            places = [{word: 1.0} for word in asked]
            for own in others:
                for n, place in enumerate(places):
                    start, end = (at * len(own) // len(places) for at in (n, n + 1))
                    part = own[start : max(end, start + 1)]
                    for word in set(part).difference(asked):
                        place[word] = max(1 / len(part), place.get(word, 0.0))
            found += places
        return found

    def _worded(self, n: int) -> str:
        parts, end = [], 0
        for one in self.expansions:
            parts += [self.text[end : one.start], one.options[n if n < len(one.options) else 0]]
            end = one.end
        return "".join([*parts, self.text[end:]])


@dataclass(frozen=True, slots=True)
class _Rule:
    """A line: each term of `left` asks for all of `right`, and where it is `kept` for itself."""

    left: tuple[str, ...]
    right: tuple[str, ...]
    kept: bool


class Synonyms:
    """What a file of synonyms says; nothing where there is none.

    `failed` are the lines that were left aside (or the file), `notes` what else is worth knowing.
    """

    def __init__(
        self,
        rules: Sequence[_Rule] = (),
        failed: Sequence[Failure] = (),
        notes: Sequence[Note] = (),
        mark: tuple[int, ...] | None = None,
    ):
        self.failed = tuple(failed)
        self.notes = tuple(notes)
        self._rules = tuple(rules)
        self._mark = mark
        self._tables: dict[str, Mapping[Words, tuple[int, ...]]] = {}

    def __len__(self) -> int:
        """How many lines say something."""
        return len(self._rules)

    @classmethod
    def read(cls, folder: Path) -> Synonyms:
        """Read the folder's `synonyms.txt`. Raises nothing: see `failed`."""
        path = folder / SYNONYMS_FILE
        mark = changes.mark(path)
        try:
            if mark and not path.is_file():
                raise ValueError("it is no file")  # A pipe would be waited for without end.
            data = _bytes(path) if mark else b""
            text, encoding = decode(data)
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else None
            return cls(failed=[_failure(f"it is left aside: {reason or error}")], mark=mark)
        rules, failed = parse(text)
        notes = [Note(SYNONYMS_FILE, f"read as {encoding}")] if encoding else []
        return cls(rules, failed, notes, mark)

    def renewed(self, folder: Path) -> Synonyms:
        """These, or what the file says now if it is not the one that was read."""
        return self if changes.mark(folder / SYNONYMS_FILE) == self._mark else self.read(folder)

    def apply(self, question: str, language: str) -> Asked:
        """The question, in `language`, with other words for its own.

        From left to right the longest terms of the file are found, whole words. What stands for
        them is not expanded again.
        """
        text = unicodedata.normalize("NFC", question)
        words = list(_WORD.finditer(text)) if self._rules else []
        keys = _key(text, language) if words else ()
        table = self._table(language) if words else {}
        expansions, at = list[Expansion](), 0
        while at < len(words) and len(expansions) < MAX_EXPANSIONS:
            begun = (keys[at : at + length] for length in range(MAX_WORDS, 0, -1))
            key = next((key for key in begun if key in table), ())
            if key:
                start, end = words[at].start(), words[at + len(key) - 1].end()
                rules = [self._rules[number] for number in table[key]]
                options = _options(rules, key, text[start:end], language)
                if options != (text[start:end],):
                    expansions.append(Expansion(start, end, options))
            at += len(key) or 1
        return Asked(text, tuple(expansions))

    def _table(self, language: str) -> Mapping[Words, tuple[int, ...]]:
        """The rules for each term, by number; made when it is first asked in the language."""
        if language not in self._tables:
            table: dict[Words, tuple[int, ...]] = {}
            for number, rule in enumerate(self._rules):
                for key in {_key(term, language) for term in rule.left}:
                    table[key] = (*table.get(key, ()), number)[:MAX_LINES]
            self._tables[language] = table
        return self._tables[language]


def _options(rules: Sequence[_Rule], key: Words, asked: str, language: str) -> tuple[str, ...]:
    """What to look for instead of the asked words, which `key` stands for; each once."""
    options = {key: asked} if any(rule.kept for rule in rules) else {}
    for term in (term for rule in rules for term in rule.right):
        words = _key(term, language)
        options.setdefault(words, asked if words == key else term)
        if len(options) == MAX_OPTIONS:
            break
    return tuple(options.values())


def parse(text: str) -> tuple[list[_Rule], list[Failure]]:
    """The rules of a file's text, and the lines that are none, by number, with the reason."""
    rules, failed, broken = list[_Rule](), list[Failure](), 0
    lines = io.StringIO(text.removeprefix("\ufeff"), newline=None)
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if len(rules) + broken == MAX_RULES:
            failed.append(_failure(f"line {number} and all below: there are too many lines"))
            break
        try:
            rules.append(_rule(line))
        except ValueError as error:
            broken += 1
            if broken <= MAX_FAILURES:
                failed.append(_failure(f"line {number}: {error}"))
    if broken > MAX_FAILURES:
        failed.append(_failure(f"{broken - MAX_FAILURES} more lines are broken as well"))
    return rules, failed


def _rule(line: str) -> _Rule:
    """What one line says. Raises ValueError."""
    if len(line) > MAX_LINE:
        raise ValueError(f"it has more than {MAX_LINE} characters")
    sides: list[list[str]] = [[""]]
    for piece in _PIECE.findall(line.strip()):
        if piece == "=>":
            sides.append([""])
        elif piece == ",":
            sides[-1].append("")
        else:
            sides[-1][-1] += piece.removeprefix("\\") if len(piece) == 2 else piece
    if len(sides) > 2:
        raise ValueError("it has more than one =>")
    if sum(map(len, sides)) > MAX_TERMS:
        raise ValueError(f"it has more than {MAX_TERMS} terms")
    # Two commas in a row, or one at the end, are no mistake to Solr either.
    terms = [tuple(_term(text) for text in side if text.strip()) for side in sides]
    if not all(terms):
        raise ValueError("there is nothing on one side of =>" if terms[1:] else "it has no terms")
    if len(terms) == 1 and len(terms[0]) == 1:
        raise ValueError("it has one term alone; write a comma or => between terms")
    return _Rule(terms[0], terms[-1], kept=len(terms) == 1)


def _term(text: str) -> str:
    """Raises ValueError where a term has no words, or too many."""
    plain = " ".join(unicodedata.normalize("NFC", text).split())
    count = len(_WORD.findall(plain))
    if not count:
        raise ValueError(f"{plain[:40]!r} holds no words")
    if count > MAX_WORDS:
        raise ValueError(f"{plain[:40]!r}… has more than {MAX_WORDS} words")
    return plain


def _key(text: str, language: str) -> Words:
    """A text's words as they are compared: folded, without the language's endings."""
    words, stemmer = list(map(fold, _WORD.findall(text))), stemmer_of(language)
    return tuple(stemmer.stemWords(words) if stemmer else words)


def _bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ValueError(f"it is larger than {MAX_BYTES // 1024**2} MiB")
    return data


def _failure(reason: str) -> Failure:
    return Failure(SYNONYMS_FILE, reason)
