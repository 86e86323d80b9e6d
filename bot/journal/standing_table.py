"""The standing questions and the articles of which they have been asked, in two tables of the
journal."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from .records import new_id, readable


@dataclass(frozen=True, slots=True)
class StandingQuestion:
    """A question that is asked of all new articles."""

    at: float
    """When it was followed, or its member last said to keep following it, in seconds since the
    epoch."""

    question: str
    member: int
    """The id of who follows it."""

    guild: int | None
    """The id of the server in which it was followed, if it was in one."""

    channel: int | None
    """The id of the channel in which it was followed."""

    is_public: bool
    """Whether answers are posted in that channel; else they go to the member."""

    locale: str
    """Discord's name of the language of what stands around the quotes."""

    asked: int
    """The number of the last articles of which it has been asked."""

    told: tuple[str, ...] = ()
    """The `words_key` of each sentence that has answered it."""

    posts: tuple[float, ...] = ()
    """When answers were posted in the last day, in seconds since the epoch."""

    is_ending: bool = False
    """Whether its member has been told that it ends."""

    id: str = field(default_factory=new_id)

    def ends_at(self, days: float) -> float:
        """Return when it ends, in seconds since the epoch, if it is kept for so many days."""
        return self.at + days * 86_400


def note_articles(db: sqlite3.Connection, articles: Mapping[str, Collection[str]]) -> int:
    """Give the articles that are new the next number; return the last number.

    Those of a corpus that is seen for the first time are not new.

    Args:
        db: the open journal.
        articles: the SHA-256 of each file that there is now, by corpus.
    """
    query = "SELECT max(number), (SELECT max(asked) FROM standing) FROM standing_articles"
    last = max(number or 0 for number in db.execute(query).fetchone())
    rows = list[tuple[str, str, int]]()
    for corpus, files in articles.items():
        query = "SELECT sha256 FROM standing_articles WHERE corpus = ?"
        noted = {sha256 for (sha256,) in db.execute(query, (corpus,))}
        gone = noted - set(files) - {""}
        number = last + 1 if noted else 0
        # An empty row is of a corpus that had no article when it was seen first.
        rows += ((corpus, sha256, number) for sha256 in {"", *files} - noted)
        change = "DELETE FROM standing_articles WHERE corpus = ? AND sha256 = ?"
        db.executemany(change, [(corpus, sha256) for sha256 in gone])
    db.executemany("INSERT INTO standing_articles VALUES (?, ?, ?)", rows)
    return max([last, *(number for *_, number in rows)])


def articles_after(db: sqlite3.Connection, number: int, corpora: Collection[str]) -> frozenset[str]:
    """Return the SHA-256 of the articles of these corpora with a higher number."""
    query = "SELECT sha256, corpus FROM standing_articles WHERE number > ?"
    rows = db.execute(query, (number,))
    return frozenset(sha256 for sha256, corpus in rows if corpus in corpora)


def standing_questions(db: sqlite3.Connection, member: int | None = None) -> list[StandingQuestion]:
    """Return the standing questions of all members or of one, the oldest first."""
    query = f"SELECT {_COLUMNS} FROM standing WHERE ?1 IS NULL OR member = ?1 ORDER BY at"  # noqa: S608
    return readable(_question, db.execute(query, (member,)))


def store_question(db: sqlite3.Connection, question: StandingQuestion) -> None:
    """Keep a question that is followed from now on."""
    marks = ", ".join(f":{name}" for name in _NAMES)
    db.execute(f"INSERT INTO standing ({_COLUMNS}) VALUES ({marks})", _values(question))  # noqa: S608


def update_question(db: sqlite3.Connection, question: StandingQuestion) -> bool:
    """Write what has come of a question. Return False where it is followed no longer."""
    changes = ", ".join(f"{name} = :{name}" for name in ("asked", "told", "posts"))
    change = f"UPDATE standing SET {changes} WHERE id = :id"  # noqa: S608
    return db.execute(change, _values(question)).rowcount > 0


def note_ending(db: sqlite3.Connection, question: StandingQuestion, told: bool) -> bool:
    """Write whether a member is told that a question ends; return False where it has ended, or is
    kept, meanwhile."""
    change = "UPDATE standing SET is_ending = ? WHERE id = ? AND at = ?"
    return db.execute(change, (told, question.id, question.at)).rowcount > 0


def keep_question(db: sqlite3.Connection, id: str, at: float) -> None:
    """Keep a question as if it were followed at a time."""
    db.execute("UPDATE standing SET at = ?, is_ending = 0 WHERE id = ?", (at, id))


def delete_question(db: sqlite3.Connection, id: str) -> None:
    """Forget a question."""
    db.execute("DELETE FROM standing WHERE id = ?", (id,))


_NAMES = tuple(StandingQuestion.__slots__)
_COLUMNS = ", ".join(_NAMES)


def _values(question: StandingQuestion) -> dict[str, Any]:
    lists = {"told": json.dumps(question.told), "posts": json.dumps(question.posts)}
    return asdict(question) | lists


def _question(row: Iterable[Any]) -> StandingQuestion:
    values = dict(zip(_NAMES, row, strict=True))
    lists = {name: tuple(json.loads(values[name])) for name in ("told", "posts")}
    flags = {name: bool(values[name]) for name in ("is_public", "is_ending")}
    return StandingQuestion(**values | lists | flags)
