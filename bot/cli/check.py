"""`passage check`: what the reader makes of files before they are in the corpus."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import retrieval
from retrieval import FileCheck, Meeting, language_name

from ..i18n.phrases import ENGLISH
from ..ui.links import Links
from ..ui.text import clean, shorten
from .context import CommandContext
from .json_output import meeting_json

SHOWN_OF_A_FILE = 5
"""How many meetings and parts that are left out are shown of a file; `--json` has all."""

SHOWN_WIDTH = 56
"""How many characters of a part that is left out are shown."""

NAME_WIDTH = 12


def check(context: CommandContext) -> int:
    """Print what the reader makes of files: `passage check FILE…`. Return the exit status, 1 where
    nothing can be quoted from one of them. Neither model nor index is opened."""
    folder = context.settings.library.seeds_dir
    checks = list(retrieval.check_files(context.args.files, folder))
    links = context.settings.links
    context.show(
        checks, partial(_print, context), lambda checks: [_json(each, links) for each in checks]
    )
    return int(any(checked.failure for checked in checks))


def _print(context: CommandContext, checks: Sequence[FileCheck]) -> None:
    for number, checked in enumerate(checks):
        if number:
            context.terminal.say()
        if checked.failure:
            context.terminal.line(f"{checked.file}: {checked.failure.reason}.")
            continue
        context.terminal.line(checked.file)
        for name, lines in _facts(checked):
            context.terminal.fact(name.ljust(NAME_WIDTH), lines)


def _facts(checked: FileCheck) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield what a check says, each as a name and its lines."""
    source = checked.source
    if source is None:
        return
    pages = f", {checked.pages:,} page{'s'[: checked.pages != 1]}" if checked.pages else ""
    yield "Format", [f"{checked.format}{pages}; {checked.encoding}"]
    yield "Title", [clean(source.title)]
    yield "Date", [ENGLISH.date(source.date) if source.date else "none found"]
    yield "Language", [language_name(source.language)]
    yield "Address", [clean(source.url or "none found")]
    kinds = ", ".join(f"{count:,} {kind.value}" for kind, count in checked.paragraphs)
    yield "Paragraphs", [f"{kinds}; passages to quote: {checked.passages:,}"]
    yield "Meetings", _some([*map(_meeting, checked.meetings)]) or ["none"]
    left_out = [
        f"{f'line {part.line}, ' if part.line else ''}{part.reason}: "
        f"{shorten(part.text, SHOWN_WIDTH)}"
        for part in checked.left_out
    ]
    yield "Left out", _some(left_out) or ["nothing"]
    if checked.notes:
        yield "To mend", _some(checked.notes)


def _meeting(meeting: Meeting) -> str:
    name, place = (shorten(text or "", SHOWN_WIDTH) for text in (meeting.name, meeting.place))
    days = ENGLISH.days(meeting.date, meeting.end_date)
    return " · ".join(filter(None, (days, name, place)))


def _some(lines: Sequence[str]) -> list[str]:
    more = len(lines) - SHOWN_OF_A_FILE
    return [*lines[:SHOWN_OF_A_FILE], *([f"and {more:,} more"] if more > 0 else [])]


def _json(checked: FileCheck, links: Links) -> dict[str, Any]:
    """Return a check as JSON has it."""
    source, failure = checked.source, checked.failure
    return {
        "file": checked.file,
        "reason": failure.reason if failure else None,
        "trouble": failure.trouble if failure else None,
        "format": checked.format or None,
        "encoding": checked.encoding or None,
        "pages": checked.pages or None,
        **{name: getattr(source, name, None) for name in ("title", "date", "language", "url")},
        "paragraphs": {kind.value: count for kind, count in checked.paragraphs},
        "passages": checked.passages,
        "meetings": [meeting_json(meeting, links) for meeting in checked.meetings],
        "left_out": [dataclasses.asdict(part) for part in checked.left_out],
        "notes": list(checked.notes),
    }
