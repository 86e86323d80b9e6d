"""Quotes as evidence in the terminal: `passage verify`."""

from __future__ import annotations

import sys
from pathlib import Path

import retrieval
from retrieval import CitationCheck, OperatorError, Verdict

from ..i18n.phrases import ENGLISH
from ..ui.text import clean, shorten
from .commands import CommandContext, index_if_none
from .json_output import check_json

MAX_WORDS_SHOWN = 60
"""The most characters of a citation's words that are printed."""


def verify(context: CommandContext) -> int:
    """Say of each citation in a file whether its words stand where it says: `passage verify FILE`.

    Returns:
        The exit status: 0 where all of them do, else 1.

    Raises:
        OperatorError: the file cannot be read, or holds something else than citations.
    """
    name = context.args.file
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text("utf-8-sig")
        citations = retrieval.read_citations(text)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise OperatorError(f"{name} cannot be verified: {reason}.") from error
    index_if_none(context)
    library = context.library
    sources = library.sources()
    checks = [
        retrieval.check_citation(citation, sources, library.context) for citation in citations
    ]

    def lines(checks: list[CitationCheck]) -> None:
        for check in checks:
            words = shorten(check.citation.words, MAX_WORDS_SHOWN)
            context.terminal.say(f"“{words}” ({clean(check.citation.article)})")
            context.terminal.say("  " + ENGLISH.verdict(check))

    context.show(checks, lines, lambda checks: [check_json(check) for check in checks])
    return int(any(check.verdict is not Verdict.STANDS for check in checks))
