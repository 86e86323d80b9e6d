"""What members have asked, like questions together: what an admin reads, without any id."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from sqlite3 import Connection

from retrieval import MAX_QUESTION, Outcome, Quote

from .records import COLUMNS, SentAnswer, readable

MOST_WORDINGS = 300
"""The most wordings that are compared, the latest: reading each takes some milliseconds."""

_ASKED = "copy_of IS NULL AND outcome IS NOT NULL"


@dataclass(frozen=True, slots=True)
class QuestionGroup:
    """Questions that mean the same."""

    wordings: tuple[str, ...]
    """The commonest first."""

    languages: tuple[str, ...]
    """The language of each wording, by ISO 639-1 code."""

    times: int
    answered: int
    """How many of them got a quote."""

    last: float
    """When one was asked last, in seconds since the epoch."""

    passage: Quote | None
    """The first that was quoted for the latest of them, or else the nearest, if any is near."""


def questions_asked(
    db: Connection, *, unanswered: bool = False, until: float = math.inf, most: int = -1
) -> list[SentAnswer]:
    """Return the latest questions that were asked of the articles, the oldest first: those that go
    on from another one with its words in front, for "And when?" alone tells nobody what was asked.

    Args:
        db: the open journal.
        unanswered: whether only those are returned for which nothing was found.
        until: the time of the latest, in seconds since the epoch.
        most: how many are returned; -1 is no limit.
    """
    sign, outcome = ("=", Outcome.NOT_FOUND) if unanswered else ("<>", Outcome.SMALL_TALK)
    rows = db.execute(
        f"SELECT {COLUMNS} FROM answers WHERE {_ASKED} AND outcome {sign} ? AND at <= ? "  # noqa: S608
        "ORDER BY at DESC, rowid DESC LIMIT ?",
        (outcome.value, until, most),
    ).fetchall()
    return [_joined(db, sent) for sent in readable(SentAnswer.from_row, reversed(rows))]


def questions_by_answer(db: Connection) -> dict[str, str]:
    """Return the questions, by the ids of their answers."""
    return dict(db.execute("SELECT id, question FROM answers").fetchall())


def asked_and_answered(db: Connection, since: float) -> tuple[int, int]:
    """Return how many questions were asked of the articles since a time, and how many of them got
    a quote."""
    asked, answered = db.execute(
        "SELECT COUNT(*), COALESCE(SUM(quotes <> '[]'), 0) FROM answers "  # noqa: S608
        f"WHERE {_ASKED} AND outcome <> ? AND at >= ?",
        (Outcome.SMALL_TALK.value, since),
    ).fetchone()
    return asked, answered


def question_groups(
    asked: Sequence[SentAnswer], group: Callable[[tuple[str, ...]], list[list[int]]]
) -> list[QuestionGroup]:
    """Return what was asked, the most frequent first.

    Args:
        asked: the questions, the oldest first; of MOST_WORDINGS wordings the latest count.
        group: puts together the numbers of questions that mean the same (`retrieval.grouped`).
    """
    by_words: dict[str, list[SentAnswer]] = {}
    for sent in reversed(asked):
        by_words.setdefault(" ".join(sent.question.split()).casefold(), []).append(sent)
    wordings = list(by_words.values())[:MOST_WORDINGS]
    numbers = group(tuple(same[0].question for same in wordings))
    groups = [_group([sent for n in members for sent in wordings[n]]) for members in numbers]
    return sorted(groups, key=lambda each: (-each.times, -each.last))


def gold_lines(groups: Sequence[QuestionGroup]) -> Iterator[str]:
    """Yield a line of a gold file for each wording, to be filled in.

    As it stands it says that the articles do not answer; `nearest` is what `gold` may come from.
    """
    for group in groups:
        near = group.passage
        hint = [{"seed": near.article, "contains": near.text}] if near else []
        for question, language in zip(group.wordings, group.languages, strict=True):
            row = {"question": question, "lang": language, "answerable": False, "gold": []}
            yield json.dumps({**row, "nearest": hint}, ensure_ascii=False)


def _joined(db: Connection, sent: SentAnswer) -> SentAnswer:
    """A question behind the one that stood alone, as far as that is kept and was asked of no
    further corpora."""
    words, id, corpora = sent.question, sent.follows, set(sent.corpora.split())
    query = "SELECT question, follows, corpora FROM answers WHERE id = ?"
    while (row := db.execute(query, (id,)).fetchone()) and corpora.issuperset(row[2].split()):
        words, id = f"{row[0]} – {sent.question}", row[1]
    return replace(sent, question=words) if len(words) <= MAX_QUESTION else sent


def _group(members: Sequence[SentAnswer]) -> QuestionGroup:
    latest = max(members, key=lambda sent: sent.at)
    wordings = Counter((sent.question, sent.language) for sent in members).most_common()
    passages = (*latest.quotes, latest.nearest, *(sent.nearest for sent in members))
    return QuestionGroup(
        wordings=tuple(question for (question, _), _ in wordings),
        languages=tuple(language for (_, language), _ in wordings),
        times=len(members),
        answered=sum(bool(sent.quotes) for sent in members),
        last=latest.at,
        passage=next(filter(None, passages), None),
    )
