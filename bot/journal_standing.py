"""The standing questions in the journal, and the articles of which they have been asked."""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field
from typing import Any

FOLLOWED_FOR = 365 * 86_400.0
"""Seconds after which a question that was followed is forgotten."""


@dataclass(frozen=True, slots=True)
class StandingQuestion:
    """A question that is asked of all new articles."""

    at: float
    """When it was followed, in seconds since the epoch."""

    question: str
    member: int
    """The id of who follows it."""

    guild: int | None
    """The id of the server in which it was followed, if it was in one."""

    channel: int | None
    """The id of the channel in which answers are posted; None where they go to the member."""

    locale: str
    """Discord's name of the language of what stands around the quotes."""

    asked: int
    """The number of the last article of which it has been asked."""

    told: tuple[str, ...] = ()
    """The `words_key` of each sentence that has answered it."""

    posts: tuple[float, ...] = ()
    """When answers were posted in the last day, in seconds since the epoch."""

    id: str = field(default_factory=lambda: secrets.token_hex(8))


class StandingQuestions:
    """The tables of an open journal. All methods raise OperatorError as the journal's do."""

    def __init__(
        self, db: sqlite3.Connection, transaction: Callable[[], AbstractContextManager[None]]
    ) -> None:
        self._db = db
        self._transaction = transaction

    def note_articles(self, articles: Mapping[str, str]) -> int:
        """Number the articles that are new: the paths of all that there are now, by the SHA-256 of
        their files. Return the number of the last one."""
        with self._transaction():
            rows = dict(self._db.execute("SELECT sha256, path FROM standing_articles"))
            changes = (
                ("DELETE FROM standing_articles WHERE sha256 = :sha256", rows.keys() - articles),
                (
                    "UPDATE standing_articles SET path = :path WHERE sha256 = :sha256",
                    {key for key in rows.keys() & articles if rows[key] != articles[key]},
                ),
                (
                    "INSERT INTO standing_articles (sha256, path) VALUES (:sha256, :path)",
                    articles.keys() - rows,
                ),
            )
            for change, keys in changes:
                values = ({"sha256": key, "path": articles.get(key)} for key in sorted(keys))
                self._db.executemany(change, values)
            query = "SELECT seq FROM sqlite_sequence WHERE name = 'standing_articles'"
            row = self._db.execute(query).fetchone()
            return int(row[0]) if row else 0

    def articles_after(self, number: int) -> list[str]:
        """Return the paths of the articles with a higher number."""
        with self._transaction():
            query = "SELECT path FROM standing_articles WHERE number > ? ORDER BY path"
            return [path for (path,) in self._db.execute(query, (number,))]

    def all(self) -> list[StandingQuestion]:
        """Return all standing questions, the oldest first."""
        with self._transaction():
            rows = self._db.execute(f"SELECT {_COLUMNS} FROM standing ORDER BY at").fetchall()  # noqa: S608
        return [_from_row(row) for row in rows]

    def add(self, question: StandingQuestion) -> None:
        """Add a question."""
        marks = ", ".join(f":{name}" for name in _NAMES)
        with self._transaction():
            self._db.execute(
                f"INSERT INTO standing ({_COLUMNS}) VALUES ({marks})",  # noqa: S608
                _values(question),
            )

    def update(self, question: StandingQuestion) -> bool:
        """Write what has come of a question. Return False where it is followed no longer."""
        change = "UPDATE standing SET asked = :asked, told = :told, posts = :posts WHERE id = :id"
        with self._transaction():
            return self._db.execute(change, _values(question)).rowcount > 0

    def forget(self, condition: str, *values: object) -> bool:
        """Forget the questions of an SQL condition. Return whether there were any.

        The caller has a transaction open.
        """
        query = f"DELETE FROM standing WHERE {condition}"  # noqa: S608
        return self._db.execute(query, values).rowcount > 0

    def unfollow(self, id: str) -> bool:
        """Forget a question. Return whether it was followed."""
        with self._transaction():
            return self.forget("id = ?", id)

    def forget_channel(self, channel: int) -> None:
        """Forget the questions of a channel."""
        with self._transaction():
            self.forget("channel = ?", channel)


_NAMES = tuple(StandingQuestion.__slots__)
_COLUMNS = ", ".join(_NAMES)


def _values(question: StandingQuestion) -> dict[str, Any]:
    lists = {"told": json.dumps(question.told), "posts": json.dumps(question.posts)}
    return asdict(question) | lists


def _from_row(row: Iterable[Any]) -> StandingQuestion:
    values = dict(zip(_NAMES, row, strict=True))
    for name in ("told", "posts"):
        values[name] = tuple(json.loads(values[name]))
    return StandingQuestion(**values)
