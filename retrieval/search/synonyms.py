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

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..articles.scan import SYNONYMS_FILE
from ..errors import Trouble, reason_of
from ..files import Mark, file_mark
from ..formats.encodings import decode
from ..languages import Words
from ..languages.terms import fold, stemmer_of
from ..reports import Failure, Note
from .query import Turn

MAX_SYNONYM_BYTES = 4 * 1024**2
MAX_TERM_WORDS = 8
"""The most words of a term."""
MAX_FAILURES = 20
"""The most broken lines that are named."""

MAX_EXPANSIONS = 8
"""The most terms of a question that are expanded, the first ones."""
MAX_VARIANTS = 4
"""The most wordings of a question, and so the most options of an expansion that can be asked."""

_WORD = re.compile(r"\w+")
_SYMBOL = re.compile(r"\\.|=>|,|[^\\,=]+|.")


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
class ExpandedQuery:
    """A question in a `language`, with the expansions of its words, from left to right. `text` is
    composed (NFC); `readings` are other ways to read what was typed, `lead` is the question that it
    follows; `only` are the SHA-256 of the files of whose articles alone it is asked, None for all.
    """

    text: str
    language: str
    expansions: tuple[Expansion, ...] = ()
    readings: tuple[str, ...] = ()
    lead: Turn | None = None
    only: Collection[str] | None = None

    @property
    def asked(self) -> str:
        """The question; a follow-up has the question that it follows before it."""
        return f"{self.lead.question} {self.text}" if self.lead else self.text

    def variants(self, most: int = MAX_VARIANTS) -> tuple[str, ...]:
        """The question in at most so many wordings, each once: at least one.

        The first has the first option of each expansion, the second the second, and so on, so that
        a file whose lines keep an order of languages gives wordings in one language. Other readings
        are the last.
        """
        count = max((len(expansion.options) for expansion in self.expansions), default=1)
        wordings = []
        for n in range(min(most, count)):
            text = self.text
            for expansion in reversed(self.expansions):
                option = expansion.options[n if n < len(expansion.options) else 0]
                text = text[: expansion.start] + option + text[expansion.end :]
            wordings.append(text)
        return tuple(dict.fromkeys((*wordings, *self.readings)))[:most]


@dataclass(frozen=True, slots=True)
class _Rule:
    """A line: each term of `left` asks for all of `right`, and where it is `kept` for itself."""

    left: tuple[str, ...]
    right: tuple[str, ...]
    kept: bool


@dataclass(frozen=True, eq=False)
class Synonyms:
    """What a file of synonyms says; nothing where there is none.

    `failed` are the lines that were left aside (or the file), `notes` what else is worth knowing,
    and `mark` tells the file from its later selves.
    """

    rules: tuple[_Rule, ...] = ()
    failed: tuple[Failure, ...] = ()
    notes: tuple[Note, ...] = ()
    mark: Mark | None = None
    _tables: dict[str, Mapping[Words, list[_Rule]]] = field(default_factory=dict, init=False)

    def __len__(self) -> int:
        """How many lines say something."""
        return len(self.rules)

    @classmethod
    def read(cls, folder: Path) -> Synonyms:
        """Read the folder's `synonyms.txt`. Raises nothing: see `failed`."""
        path = folder / SYNONYMS_FILE
        mark = file_mark(path)
        if mark is None:
            return cls()
        try:
            if not path.is_file():
                raise ValueError("it is no file")  # A pipe would be waited for without end.
            with path.open("rb") as file:
                data = file.read(MAX_SYNONYM_BYTES + 1)
            if len(data) > MAX_SYNONYM_BYTES:
                raise ValueError(f"it is larger than {MAX_SYNONYM_BYTES // 1024**2} MiB")
            text, encoding = decode(data)
        except (OSError, ValueError) as error:
            return cls((), (_failure(f"it is left aside: {reason_of(error)}"),), (), mark)
        notes = (Note(SYNONYMS_FILE, f"read as {encoding}"),) if encoding else ()
        return cls(*parse_rules(text), notes, mark)

    def renewed(self, folder: Path) -> Synonyms:
        """Return these synonyms, or those read anew if the file has changed."""
        return self if file_mark(folder / SYNONYMS_FILE) == self.mark else self.read(folder)

    def apply(self, query: ExpandedQuery) -> ExpandedQuery:
        """The question with other words for its own.

        From left to right the longest terms of the file are found, whole words. What stands for
        them is not expanded again.
        """
        text, language = unicodedata.normalize("NFC", query.text), query.language
        if not self.rules:
            return replace(query, text=text)
        words, keys, table = list(_WORD.finditer(text)), _key(text, language), self._table(language)
        expansions, at = list[Expansion](), 0
        while at < len(words) and len(expansions) < MAX_EXPANSIONS:
            begun = (keys[at : at + length] for length in range(MAX_TERM_WORDS, 0, -1))
            key = next((key for key in begun if key in table), ())
            if key:
                start, end = words[at].start(), words[at + len(key) - 1].end()
                options = _options(table[key], key, text[start:end], language)
                if options != (text[start:end],):
                    expansions.append(Expansion(start, end, options))
            at += len(key) or 1
        return replace(query, text=text, expansions=tuple(expansions))

    def _table(self, language: str) -> Mapping[Words, list[_Rule]]:
        """The rules for each term; made when it is first asked in the language."""
        if language not in self._tables:
            table: dict[Words, list[_Rule]] = {}
            for rule in self.rules:
                for key in {_key(term, language) for term in rule.left}:
                    table.setdefault(key, []).append(rule)
            self._tables[language] = table
        return self._tables[language]


def _options(rules: Sequence[_Rule], key: Words, typed: str, language: str) -> tuple[str, ...]:
    """What to look for instead of the asked words, which `key` stands for; each once."""
    options = {key: typed} if any(rule.kept for rule in rules) else {}
    for term in (term for rule in rules for term in rule.right):
        words = _key(term, language)
        options.setdefault(words, typed if words == key else term)
        if len(options) == MAX_VARIANTS:
            break
    return tuple(options.values())


def parse_rules(text: str) -> tuple[tuple[_Rule, ...], tuple[Failure, ...]]:
    """The rules of a file's text, and the lines that are none, by number, with the reason."""
    rules, broken = list[_Rule](), list[str]()
    for number, line in enumerate(re.split(r"\r\n?|\n", text.removeprefix("\ufeff")), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        try:
            rules.append(_rule(line))
        except ValueError as error:
            broken.append(f"line {number}: {error}")
    if (more := len(broken) - MAX_FAILURES) > 0:
        broken[MAX_FAILURES:] = [f"{more} more lines are broken as well"]
    return tuple(rules), tuple(map(_failure, broken))


def _failure(reason: str) -> Failure:
    return Failure(SYNONYMS_FILE, reason, Trouble.SYNONYMS)


def _rule(line: str) -> _Rule:
    """What one line says. Raises ValueError."""
    sides: list[list[str]] = [[""]]
    for symbol in _SYMBOL.findall(line.strip()):
        if symbol == "=>":
            sides.append([""])
        elif symbol == ",":
            sides[-1].append("")
        else:
            sides[-1][-1] += symbol.removeprefix("\\") if len(symbol) == 2 else symbol
    if len(sides) > 2:
        raise ValueError("it has more than one =>")
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
    if count > MAX_TERM_WORDS:
        raise ValueError(f"{plain[:40]!r}… has more than {MAX_TERM_WORDS} words")
    return plain


def _key(text: str, language: str) -> Words:
    """A text's words as they are compared: folded, without the language's endings."""
    words, stemmer = list(map(fold, _WORD.findall(text))), stemmer_of(language)
    return tuple(stemmer.stemWords(words) if stemmer else words)
