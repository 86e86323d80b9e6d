"""The answers that were sent and the feedback of members, in a small SQLite file.

The buttons under an answer outlive the bot's process: what they need is kept for KEPT_DAYS.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from pydantic import TypeAdapter

from retrieval import OperatorError, Quote

KEPT_DAYS = 30
"""Days after which an answer is forgotten, and its buttons say that it is too old."""

JOURNAL = "journal.sqlite3"
"""The file's name in the data folder."""

_TABLES = """
CREATE TABLE IF NOT EXISTS answers (
    id TEXT PRIMARY KEY,
    at REAL NOT NULL,
    question TEXT NOT NULL,
    language TEXT NOT NULL,
    asker INTEGER NOT NULL,
    asked_in INTEGER,
    sent_in INTEGER,
    sent_as INTEGER,
    quotes TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS answers_by_question ON answers (asked_in);
CREATE TABLE IF NOT EXISTS feedback (
    answer TEXT NOT NULL,
    member INTEGER NOT NULL,
    at REAL NOT NULL,
    article TEXT,
    rating TEXT NOT NULL,
    reason TEXT,
    words TEXT,
    PRIMARY KEY (answer, member)
);
"""


_QUOTES = TypeAdapter(tuple[Quote, ...])


@dataclass(frozen=True, slots=True)
class SentAnswer:
    """An answer as it was sent."""

    id: str
    at: float
    """Seconds since the epoch."""

    question: str
    language: str
    asker: int
    """The member's id."""

    quotes: tuple[Quote, ...]
    asked_in: int | None = None
    """The id of the question's message; None where it was asked with a command."""

    sent_in: int | None = None
    """The id of the answer's channel, once it is sent."""

    sent_as: int | None = None
    """The id of the answer's message, once it is sent."""

    @property
    def article(self) -> str | None:
        """The article of the first quote, if there is one."""
        return self.quotes[0].article if self.quotes else None


@dataclass(frozen=True, slots=True)
class Feedback:
    """A member's rating of an answer, and what she wrote about it."""

    answer: str
    """The answer's id."""

    member: int
    at: float
    """Seconds since the epoch."""

    article: str | None
    rating: str
    reason: str | None = None
    words: str | None = None


class Journal:
    """The open file; for one thread, all calls are short.

    Raises:
        OperatorError: the file cannot be read or written; so do all methods.
    """

    def __init__(self, file: Path):
        self._file = file
        with self._translated():
            file.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(file, timeout=5, isolation_level=None)
            try:
                self._db.execute("PRAGMA journal_mode=WAL")
                self._db.executescript(_TABLES)
            except sqlite3.Error:
                self._db.close()
                raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def record(
        self,
        question: str,
        language: str,
        asker: int,
        quotes: Sequence[Quote],
        asked_in: int | None = None,
    ) -> SentAnswer:
        """Record an answer that is about to be sent, and forget those that are too old."""
        sent = SentAnswer(
            secrets.token_hex(8), time.time(), question, language, asker, tuple(quotes), asked_in
        )
        with self._translated():
            self._db.execute("DELETE FROM answers WHERE at < ?", (sent.at - KEPT_DAYS * 86_400,))
            self._db.execute(
                "INSERT INTO answers VALUES (?, ?, ?, ?, ?, ?, NULL, NULL, ?)",
                (sent.id, sent.at, question, language, asker, asked_in, _to_json(quotes)),
            )
        return sent

    def sent(self, id: str, channel: int, message: int) -> None:
        """Record the ids of the channel and the message in which an answer was sent."""
        with self._translated():
            self._db.execute(
                "UPDATE answers SET sent_in = ?, sent_as = ? WHERE id = ?", (channel, message, id)
            )

    def shown(self, id: str, quotes: Sequence[Quote]) -> None:
        """Record which quotes an answer has shown by now."""
        with self._translated():
            self._db.execute("UPDATE answers SET quotes = ? WHERE id = ?", (_to_json(quotes), id))

    def answer(self, id: str) -> SentAnswer | None:
        """Return the answer of an id; None if it is forgotten."""
        return self._select("SELECT * FROM answers WHERE id = ?", id)

    def answer_to(self, message: int) -> SentAnswer | None:
        """Return the answer to the question in a message, if there is one."""
        return self._select("SELECT * FROM answers WHERE asked_in = ?", message)

    def forget(self, id: str) -> None:
        """Forget an answer that was deleted."""
        with self._translated():
            self._db.execute("DELETE FROM answers WHERE id = ?", (id,))

    def rate(self, feedback: Feedback) -> None:
        """Record a member's feedback on an answer, in place of her last."""
        with self._translated():
            self._db.execute(
                "INSERT OR REPLACE INTO feedback VALUES (?, ?, ?, ?, ?, ?, ?)",
                tuple(asdict(feedback).values()),
            )

    def feedback(self) -> list[Feedback]:
        """Return the feedback of all members, the oldest first."""
        with self._translated():
            rows = self._db.execute("SELECT * FROM feedback ORDER BY at").fetchall()
        return [Feedback(*row) for row in rows]

    def copy_to(self, file: Path) -> None:
        """Copy the journal as of one moment to a new file, whoever writes to it meanwhile.

        SQLite copies it with `VACUUM INTO` and not page by page: what was forgotten still stands in
        a file's free pages, and must not travel.
        """
        with self._translated():
            self._db.execute("VACUUM INTO ?", (str(file),))

    def _select(self, query: str, value: str | int) -> SentAnswer | None:
        with self._translated():
            row = self._db.execute(query, (value,)).fetchone()
        if row is None:
            return None
        id, at, question, language, asker, asked_in, sent_in, sent_as, stored = row
        quotes = _QUOTES.validate_python(json.loads(stored))
        return SentAnswer(id, at, question, language, asker, quotes, asked_in, sent_in, sent_as)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise OperatorError(
                f"The journal {self._file} cannot be used ({error}); check PASSAGE_DATA_DIR."
            ) from error


def _to_json(quotes: Sequence[Quote]) -> str:
    return json.dumps([asdict(quote) for quote in quotes])


def is_in_use(file: Path) -> bool:
    """Whether another process, such as a bot that runs, has the journal open."""
    if not file.is_file():
        return False
    try:
        with closing(sqlite3.connect(file, timeout=0.2, isolation_level=None)) as db:
            # In WAL mode each connection holds a shared lock for as long as it is open.
            db.execute("PRAGMA locking_mode=EXCLUSIVE")
            db.execute("BEGIN EXCLUSIVE")
            db.execute("ROLLBACK")
    except sqlite3.Error as error:
        return "locked" in str(error)  # Else it is no database, so nobody uses it.
    return False
