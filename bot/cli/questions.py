"""`passage questions`: what members have asked, like questions together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from typing import Any

import retrieval

from ..journal import JOURNAL, Journal
from ..question_groups import QuestionGroup, gold_lines, question_groups, unanswered
from ..ui.text import clean
from .commands import CommandContext
from .output import Terminal


def questions(context: CommandContext) -> None:
    """Print what was asked, or what was not answered: `passage questions [--unanswered]`."""
    with Journal(context.settings.library.data_dir / JOURNAL) as journal:
        member_questions = journal.asked()
    if context.args.unanswered:
        member_questions = unanswered(member_questions)
    # Without questions no model is loaded.
    group = partial(retrieval.grouped, context.library.embedder) if member_questions else None
    groups = question_groups(member_questions, group) if group else []
    if context.args.gold:
        for line in gold_lines(groups):
            print(line)  # noqa: T201
    else:
        context.show(
            groups, partial(_print, context.terminal), lambda groups: [*map(_json, groups)]
        )


def _print(terminal: Terminal, groups: Sequence[QuestionGroup]) -> None:
    for group in groups:
        last = datetime.fromtimestamp(group.last, UTC).date().isoformat()
        first, *rewordings = map(clean, group.wordings)
        terminal.say(f"{first}  {group.times}×, answered {group.answered}×, last {last}")
        for rewording in rewordings:
            terminal.say(f"  = {rewording}")
        if group.passage:
            terminal.say(f"  · {clean(group.passage.title)}, {clean(group.passage.article)}")
    if not groups:
        terminal.say("There are no such questions.")


def _json(group: QuestionGroup) -> dict[str, Any]:
    passage = group.passage
    facts = asdict(group) | {"last": datetime.fromtimestamp(group.last, UTC).isoformat()}
    names = ("article", "start", "end", "text", "title")
    return facts | {
        "passage": {name: getattr(passage, name) for name in names} if passage else None
    }
