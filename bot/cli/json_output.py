"""The JSON of the command line: `--json`."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import retrieval
from retrieval import Answer, Citation, CitationCheck, Meeting, Quote, Reload, Source, shown

from ..journal.question_groups import QuestionGroup
from ..ui.links import NO_READER, Links
from .reload_report import troubles

EVIDENCE_FIELDS = ("article", "start", "end", "text")
"""The fields of a quote that is the evidence of a meeting."""

# What a terminal would act on, of what JSON need not escape.
_ACTIVE = re.compile("[\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def print_json(value: object, indent: int | None = 2) -> None:
    """Print a value as JSON, dataclasses as objects; it is one line with None for `indent`."""
    text = json.dumps(value, ensure_ascii=False, indent=indent, default=dataclasses.asdict)
    print(_ACTIVE.sub(lambda match: f"\\u{ord(match[0]):04x}", text), flush=True)  # noqa: T201


def answer_json(answer: Answer, links: Links = NO_READER) -> dict[str, Any]:
    """Return an answer; a quote's `link` is for people, `reader` is its page in the
    reader, and `shown` are its words without markup."""
    return {
        "question": answer.question,
        "language": answer.language,
        "answered": answer.answered,
        "quotes": [quote_json(quote, links) for quote in answer.quotes],
    }


def quote_json(quote: Quote, links: Links) -> dict[str, Any]:
    """Return a quote; see `answer_json`."""
    further = ("score", "language", "title", "url", "page", "pinned", "head")
    facts = {"link": links.to(quote), "reader": links.in_reader(quote), "shown": shown(quote)}
    return _fields(quote, (*EVIDENCE_FIELDS, *further)) | facts


def citations_json(answer: Answer, library: retrieval.Library) -> list[dict[str, Any]]:
    """Return the quotes of an answer as W3C Web Annotations, but for those whose words are gone."""
    contexts = map(library.context, answer.quotes)
    return [Citation.of(context).annotation for context in contexts if context]


def check_json(check: CitationCheck) -> dict[str, Any]:
    """Return what a citation is worth; `now` is where its words begin now, if they stand."""
    cited = {name: getattr(check.citation, name) for name in ("article", "start", "end", "words")}
    return {"verdict": check.verdict, **cited, "now": check.start, "altered": check.altered}


def question_group_json(group: QuestionGroup) -> dict[str, Any]:
    """Return questions that mean the same, with the passage that is nearest to them."""
    facts = dataclasses.asdict(group)
    facts["last"] = datetime.fromtimestamp(group.last, UTC).isoformat()
    names = (*EVIDENCE_FIELDS, "title")
    return facts | {"passage": _fields(group.passage, names) if group.passage else None}


def meeting_json(meeting: Meeting, links: Links) -> dict[str, Any]:
    """Return a meeting with its evidence, and `also` with that in other articles.

    `title` is the meeting's name; `links` are those that its reader can open.
    """
    evidence = _fields(meeting.evidence, EVIDENCE_FIELDS)
    return {
        "article": evidence.pop("article"),
        "date": str(meeting.date) if meeting.date else None,
        "end_date": str(meeting.end_date) if meeting.end_date else None,
        "year_from": meeting.year_from,
        "place": meeting.place,
        "title": meeting.name,
        **evidence,
        "chair": meeting.chair,
        "also": [_fields(quote, EVIDENCE_FIELDS) for quote in meeting.others],
        "name": meeting.name,
        "language": meeting.evidence.language,
        "link": links.to(meeting.evidence),
        "status": meeting.status,
        "country": meeting.country,
        "coordinates": meeting.coordinates,
    }


def reload_json(report: Reload) -> dict[str, Any]:
    """Return the report of a reload."""
    fields = dataclasses.asdict(report)
    del fields["embedded"]
    fields["notes"] = [
        {"article": note.article, "note": note.text, "trouble": note.trouble}
        for note in report.notes
    ]
    fields["troubles"] = troubles(report)
    return fields


def added_json(source: Source, report: Reload) -> dict[str, Any]:
    """Return an article that was added, with the reload that it caused."""
    names = ("title", "language", "date", "url")
    return {"article": source.path, **_fields(source, names), "reload": reload_json(report)}


def _fields(value: Quote | Source, names: Sequence[str]) -> dict[str, Any]:
    return {name: getattr(value, name) for name in names}
