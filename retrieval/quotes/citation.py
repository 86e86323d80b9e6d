"""A quote as evidence: a citation that anybody may keep, and whether its words still stand. Pure.

A citation is written as a W3C Web Annotation (https://www.w3.org/TR/annotation-model/) with a
TextQuoteSelector and a TextPositionSelector, whose offsets count Unicode code points.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any

from pydantic import TypeAdapter

from ..models import Context, Quote, Source
from .quoting import quote_of

AROUND = 32
"""The most characters before and after the words that a citation names with them."""


class Verdict(StrEnum):
    """What a citation is worth now."""

    STANDS = "stands"
    """The words stand in the very file, at the very place, and all else is as cited."""
    ALTERED = "altered"
    """The words stand there, but something else in the citation is not the article's."""
    MOVED = "moved"
    """The article has the words, but in another file or at another place than is cited."""
    ABSENT = "absent"
    """The article does not have the words."""
    UNKNOWN = "unknown"
    """There is no such article."""


@dataclass(frozen=True, slots=True)
class Citation:
    """Words of an article with all that says where they stand.

    `article`, `start`, `end`, `sha256`, `title`, `date`, `url` and `language` are as in Quote.
    `prefix` and `suffix` are what stands before and after the words in their paragraphs.
    """

    words: str
    article: str
    start: int
    end: int
    sha256: str
    title: str
    language: str
    date: str | None = None
    url: str | None = None
    prefix: str = ""
    suffix: str = ""

    @classmethod
    def of(cls, context: Context) -> Citation:
        """Return the citation of a quote among its neighbours."""
        prefix, suffix = context.lead[-AROUND:], context.rest[:AROUND]
        return replace(cls.of_quote(context.quote), prefix=prefix, suffix=suffix)

    @classmethod
    def of_quote(cls, quote: Quote) -> Citation:
        """Return the citation of a quote alone."""
        names = [field.name for field in fields(cls) if field.name not in ("words", *_AROUND)]
        return cls(quote.text, **{name: getattr(quote, name) for name in names})

    @classmethod
    def read(cls, record: Any) -> Citation:
        """Return the citation that an annotation holds. Raises ValueError where it is none."""
        try:
            source = record["target"]["source"]
            quoted, position = record["target"]["selector"]
            values = {
                "words": quoted["exact"],
                "article": source["dcterms:identifier"],
                "start": position["start"],
                "end": position["end"],
                "sha256": source["schema:sha256"],
                "title": source["dcterms:title"],
                "language": source["language"],
                "date": source.get("dcterms:issued"),
                "url": source["id"] if source["id"] != _file_id(source["schema:sha256"]) else None,
                "prefix": quoted.get("prefix", ""),
                "suffix": quoted.get("suffix", ""),
            }
            # As JSON, in which half of a surrogate pair is refused.
            return _CITATION.validate_json(json.dumps(values), strict=True)
        except (KeyError, TypeError, ValueError, AttributeError):
            raise ValueError("it is no citation of Passage") from None

    @property
    def text(self) -> str:
        """The citation as people read it."""
        facts = " · ".join(filter(None, (self.title, self.date, self.url)))
        place = f"{self.article}, characters {self.start}–{self.end}"
        return f"“{self.words}”\n— {facts}\n{place}, SHA-256 {self.sha256}"

    @property
    def annotation(self) -> dict[str, Any]:
        """The citation as a W3C Web Annotation; the same citation gives the same one."""
        source = {
            "id": self.url or _file_id(self.sha256),
            "type": "Text",
            "language": self.language,
            "dcterms:title": self.title,
            "dcterms:issued": self.date,
            "dcterms:identifier": self.article,
            "schema:sha256": self.sha256,
        }
        around = {"prefix": self.prefix, "suffix": self.suffix}
        words = {"type": "TextQuoteSelector", "exact": self.words}
        place = {"type": "TextPositionSelector", "start": self.start, "end": self.end}
        name = f"{self.sha256}:{self.start}:{self.end}"
        return {
            "@context": "http://www.w3.org/ns/anno.jsonld",
            "id": uuid.uuid5(uuid.NAMESPACE_OID, name).urn,
            "type": "Annotation",
            "motivation": "highlighting",
            "generator": {"type": "Software", "name": "Passage"},
            "target": {
                "source": {key: value for key, value in source.items() if value is not None},
                "selector": [words | {key: said for key, said in around.items() if said}, place],
            },
        }


_AROUND = ("prefix", "suffix")
_CITATION = TypeAdapter(Citation)


@dataclass(frozen=True, slots=True)
class CitationCheck:
    """What a look at the articles says of a citation.

    `start` is where its words stand now, if they do; `altered` names what else differs.
    """

    citation: Citation
    verdict: Verdict
    start: int | None = None
    altered: tuple[str, ...] = ()


def read_citations(text: str) -> list[Citation]:
    """Return the citations in a text of JSON: an annotation, a list of them, or one a line.

    Raises:
        ValueError: it holds none, or something else; the message is the reason.
    """
    try:
        try:
            value = json.loads(text)
        except ValueError:
            value = [json.loads(line) for line in text.splitlines() if line.strip()]
    except (ValueError, RecursionError):
        raise ValueError("it is not JSON") from None
    records = value if isinstance(value, list) else [value]
    if not records:
        raise ValueError("there is no citation in it")
    return [Citation.read(record) for record in records]


def check_citation(
    citation: Citation,
    sources: Sequence[Source],
    context: Callable[[Quote], Context | None],
) -> CitationCheck:
    """Say whether the words of a citation stand where it says.

    Args:
        citation: as it was read, from whomever.
        sources: the articles. One of them is looked into and no other file: that of the cited
            file's hash, else of its path, else of its address.
        context: finds a quote in its article's file as it is now (`Library.context`).
    """
    cited = {"sha256": citation.sha256, "path": citation.article, "url": citation.url or ""}
    same = (
        source
        for name, value in cited.items()
        for source in sources
        if getattr(source, name) == value
    )
    if (article := next(same, None)) is None:
        return CitationCheck(citation, Verdict.UNKNOWN)
    try:
        span = (citation.start, citation.start + len(citation.words))
        present = context(quote_of(article, citation.start, citation.words, span))
    except ValueError:  # There are no words, or more than any quote has.
        present = None
    if present is None:
        return CitationCheck(citation, Verdict.ABSENT)
    now = Citation.of(present)
    differing = {
        field.name
        for field in fields(Citation)
        if getattr(now, field.name) != getattr(citation, field.name)
    }
    if moved := differing & {"start", "end", "sha256"}:
        return CitationCheck(citation, Verdict.MOVED, now.start, tuple(sorted(moved)))
    verdict = Verdict.ALTERED if differing else Verdict.STANDS
    return CitationCheck(citation, verdict, now.start, tuple(sorted(differing)))


def _file_id(sha256: str) -> str:
    return f"urn:sha256:{sha256}"
