"""What was answered and what members said of it, in a small SQLite file.

The buttons under an answer outlive the bot's process: what they need is here, for KEPT_DAYS.
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
from typing import Any, Self

from retrieval import OperatorError, Quote

KEPT_DAYS = 30
"""After so many days an answer is forgotten, and its buttons say that it is too old."""

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


@dataclass(frozen=True, slots=True)
class Sent:
    """An answer as it was sent.

    `asked_in` is the id of the message that asked (None for a command), `sent_in` and `sent_as`
    the ids of the answer's channel and message, once it is sent.
    """

    id: str
    at: float
    question: str
    language: str
    asker: int
    quotes: tuple[Quote, ...]
    asked_in: int | None = None
    sent_in: int | None = None
    sent_as: int | None = None


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a member said of an answer. `at` is in seconds since the epoch."""

    answer: str
    member: int
    at: float
    article: str | None
    rating: str
    reason: str | None = None
    words: str | None = None


class Journal:
    """The file. For one thread; all calls are short.

    All methods raise OperatorError where the file cannot be read or written.
    """

    def __init__(self, file: Path):
        self._file = file
        with self._translated():
            file.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(file, timeout=5, isolation_level=None)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.executescript(_TABLES)

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
    ) -> Sent:
        """Keep an answer that is about to be sent, and forget those that are too old."""
        sent = Sent(
            secrets.token_hex(8), time.time(), question, language, asker, tuple(quotes), asked_in
        )
        with self._translated():
            self._db.execute("DELETE FROM answers WHERE at < ?", (sent.at - KEPT_DAYS * 86_400,))
            self._db.execute(
                "INSERT INTO answers VALUES (?, ?, ?, ?, ?, ?, NULL, NULL, ?)",
                (sent.id, sent.at, question, language, asker, asked_in, _dump(quotes)),
            )
        return sent

    def sent(self, id: str, channel: int, message: int) -> None:
        """Note where an answer was sent."""
        with self._translated():
            self._db.execute(
                "UPDATE answers SET sent_in = ?, sent_as = ? WHERE id = ?", (channel, message, id)
            )

    def shown(self, id: str, quotes: Sequence[Quote]) -> None:
        """Note which quotes an answer has shown by now."""
        with self._translated():
            self._db.execute("UPDATE answers SET quotes = ? WHERE id = ?", (_dump(quotes), id))

    def answer(self, id: str) -> Sent | None:
        """The answer of that id, if it is not forgotten."""
        return self._one("SELECT * FROM answers WHERE id = ?", id)

    def answer_to(self, message: int) -> Sent | None:
        """The answer to the question in that message, if there is one."""
        return self._one("SELECT * FROM answers WHERE asked_in = ?", message)

    def forget(self, id: str) -> None:
        """Forget an answer: it was deleted."""
        with self._translated():
            self._db.execute("DELETE FROM answers WHERE id = ?", (id,))

    def rate(self, feedback: Feedback) -> None:
        """Keep what a member said of an answer, instead of what she said before."""
        with self._translated():
            self._db.execute(
                "INSERT OR REPLACE INTO feedback VALUES (?, ?, ?, ?, ?, ?, ?)",
                tuple(asdict(feedback).values()),
            )

    def feedback(self) -> list[Feedback]:
        """All that members said, the oldest first."""
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

    def _one(self, query: str, value: str | int) -> Sent | None:
        with self._translated():
            row = self._db.execute(query, (value,)).fetchone()
        if row is None:
            return None
        id, at, question, language, asker, asked_in, sent_in, sent_as, quotes = row
        return Sent(id, at, question, language, asker, _load(quotes), asked_in, sent_in, sent_as)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise OperatorError(
                f"The journal {self._file} cannot be used ({error}); check PASSAGE_DATA_DIR."
            ) from error


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


def _dump(quotes: Sequence[Quote]) -> str:
    return json.dumps([asdict(quote) for quote in quotes])


def _load(text: str) -> tuple[Quote, ...]:
    rows: list[dict[str, Any]] = json.loads(text)
    return tuple(Quote(**{**row, "answer": tuple(row["answer"])}) for row in rows)
