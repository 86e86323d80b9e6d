"""The answers that were sent, the feedback of members, the questions that they follow and the
servers' settings, in a small SQLite file.

The buttons under an answer outlive the bot's process: what they need is kept for some days. Nothing
of what is old or deleted stays behind in the file, which is written anew without it.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import astuple
from functools import partial
from pathlib import Path
from typing import Any, Self, TypeVar

from retrieval import OperatorError, Quote, reason_of

from .records import COLUMNS, Feedback, Renewal, SentAnswer, Unrecorded, readable, to_json
from .schema import migrate
from .settings_table import setting_changes
from .standing_table import standing_questions

JOURNAL = "journal.sqlite3"
"""The file's name in the data folder."""

Result = TypeVar("Result")


class Journal:
    """The open file. Threads may share it; all calls are short.

    Raises:
        OperatorError: the file cannot be read or written; so do all methods.
    """

    def __init__(self, file: Path, wait: float = 5.0):
        """Open a file, which is made if there is none.

        Args:
            file: the file; `:memory:` keeps nothing.
            wait: seconds that a call waits for another program that has locked the file.
        """
        self.file = file
        self._lock, self._wiped_changes = threading.Lock(), -1
        self._status: os.stat_result | None = None
        with self._translated():
            if str(file) != ":memory:":
                file.parent.mkdir(parents=True, exist_ok=True)
                # SQLite gives its log the same rights.
                os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
                with suppress(PermissionError):  # Another user's, which that user has to narrow.
                    file.chmod(0o600)
                self._status = file.stat()
            self._db = sqlite3.connect(
                file, timeout=wait, isolation_level=None, check_same_thread=False
            )
            try:
                self._db.execute("PRAGMA secure_delete=ON")
                self._db.execute("PRAGMA journal_mode=WAL")
                migrate(self._db)
            except (sqlite3.Error, ValueError):
                self._db.close()
                raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def is_in_place(self) -> bool:
        """Return whether the file was not moved away since, or put there anew."""
        with suppress(OSError):
            return self._status is None or os.path.samestat(self._status, self.file.stat())
        return False

    def record(self, sent: SentAnswer, replaces: str | None = None) -> None:
        """Record an answer that was sent, in place of another one if it takes that one's place;
        unless none may be kept of its asker, or it is a copy of one that is not there."""
        if sent.copy_of is not None and self.answer(sent.copy_of) is None:
            return
        is_kept = sent.asker not in self.unrecorded()
        if not is_kept and replaces is None:
            return
        with self._transaction():
            if replaces is not None:
                self._forget("id = ?", replaces)
            if is_kept:
                values = sent.to_row()
                marks = ", ".join("?" * len(values))
                insert = f"INSERT OR REPLACE INTO answers ({COLUMNS}) VALUES ({marks})"  # noqa: S608
                self._db.execute(insert, values)

    def shown(self, id: str, quotes: Sequence[Quote]) -> None:
        """Record which quotes an answer has shown by now."""
        self._run("UPDATE answers SET quotes = ? WHERE id = ?", to_json(quotes), id)

    def renewed(self, id: str, renewals: Sequence[Renewal]) -> None:
        """Record what has become of the quotes of an answer, as its message says."""
        self._run("UPDATE answers SET renewals = ? WHERE id = ?", to_json(renewals), id)

    def out_of_reach(self, id: str) -> None:
        """Record that the message of an answer is gone, or was one for its asker alone."""
        self._run("UPDATE answers SET sent_in = NULL, sent_as = NULL WHERE id = ?", id)

    def quoting(self, since: float) -> list[str]:
        """Return the ids of the answers sent since a time that quote, the newest first."""
        condition = "quotes <> '[]' AND sent_as IS NOT NULL AND at >= ?"
        query = f"SELECT id FROM answers WHERE {condition} ORDER BY at DESC, rowid DESC"  # noqa: S608
        return [id for (id,) in self._run(query, since)]

    def answer(self, id: str) -> SentAnswer | None:
        """Return the answer of an id; None if it is forgotten."""
        return self._last("id = ?", id)

    def answer_to(self, message: int) -> SentAnswer | None:
        """Return the answer to the question in a message, if there is one."""
        return self._last("asked_in = ?", message)

    def answer_before(self, message: int | None, channel: int) -> SentAnswer | None:
        """Return the answer that was sent as a message; without one, the last answer in a thread,
        or that on which a member has opened the thread, which has the message's id."""
        if message is not None:
            return self._last("sent_as = ?", message)
        return self._last("sent_in = ?", channel) or self._last("sent_as = ?", channel)

    def answers_of(self, member: int) -> list[SentAnswer]:
        """Return the answers to a member's questions, the oldest first."""
        return self._select("asker = ?", member)

    def forget(self, id: str) -> None:
        """Forget an answer that was deleted, its feedback and its copies."""
        with self._transaction():
            self._forget("id = ?", id)

    def forget_question(self, message: int) -> SentAnswer | None:
        """Forget the answer to a message that was deleted, or that it was; return the one to it."""
        sent = self.answer_to(message)
        gone = sent or self.answer_before(message, 0)
        while gone is not None:  # Of two edits at once both may have an answer.
            self.forget(gone.id)
            gone = self.answer_to(message)
        return sent

    def forget_before(self, at: float, now: float) -> None:
        """Forget what is older than a time (seconds since the epoch); the future counts as now."""
        with self._transaction():
            self._forget("at < ?", at)
            for table in ("feedback", "setting_changes", "standing"):
                self._db.execute(f"DELETE FROM {table} WHERE at < ?", (at,))  # noqa: S608
            for table in ("answers", "feedback", "setting_changes", "standing"):
                self._db.execute(f"UPDATE {table} SET at = ? WHERE at > ?", (now, now))  # noqa: S608
        self._wipe()

    def forget_guilds_except(self, guilds: Iterable[int]) -> None:
        """Forget what was asked, followed and set in all servers but these."""
        tables = "answers", "server_settings", "setting_changes", "standing"
        select = " UNION ".join(f"SELECT guild FROM {table}" for table in tables)  # noqa: S608
        with self._transaction():
            rows = self._db.execute(select).fetchall()
            for guild in {id for (id,) in rows} - {None, *guilds}:
                self._forget("guild = ?", guild)
                for table in tables[1:]:
                    self._db.execute(f"DELETE FROM {table} WHERE guild = ?", (guild,))  # noqa: S608
        self._wipe()

    def forget_member(self, member: int) -> None:
        """Forget a member's questions, also those followed, and feedback, with the copies that
        others have of them, and who has changed the settings that the member changed."""
        with self._transaction():
            self._forget("asker = ?", member)
            self._db.execute("DELETE FROM feedback WHERE member = ?", (member,))
            self._db.execute("DELETE FROM standing WHERE member = ?", (member,))
            self._db.execute("UPDATE setting_changes SET member = NULL WHERE member = ?", (member,))
        self._wipe(wholly=True)

    def set_recorded(self, member: int, recorded: bool) -> None:
        """Set whether a member's questions may be recorded; only a salted hash names the member.
        Those followed end where they may not."""
        change = "INSERT OR IGNORE INTO unrecorded VALUES (?)"
        if recorded:
            change = "DELETE FROM unrecorded WHERE member_hash = ?"
        with self._transaction():
            (salt,) = self._db.execute("SELECT value FROM salt").fetchone()
            self._db.execute(change, (Unrecorded(salt).hash_of(member),))
            if not recorded:
                self._db.execute("DELETE FROM standing WHERE member = ?", (member,))

    def unrecorded(self) -> Unrecorded:
        """Return the members whose questions may not be recorded."""
        rows = self._run("SELECT value, member_hash FROM salt, unrecorded")
        return Unrecorded(rows[0][0], frozenset(hash for _, hash in rows)) if rows else Unrecorded()

    def rate(self, feedback: Feedback) -> None:
        """Record feedback in place of the member's last on that answer, unless none may be kept."""
        if feedback.member in self.unrecorded():
            return
        change = "INSERT OR REPLACE INTO feedback VALUES (?, ?, ?, ?, ?, ?, ?)"
        self._run(change, *astuple(feedback))

    def feedback(self, member: int | None = None) -> list[Feedback]:
        """Return the feedback of all members or of one, the oldest first."""
        query = "SELECT * FROM feedback WHERE ?1 IS NULL OR member = ?1 ORDER BY at"
        return [Feedback(*row) for row in self._run(query, member)]

    def kept_of(self, member: int) -> dict[str, Sequence[Any]]:
        """Return all that is kept of a member, as dataclasses, each with the time `at`."""
        return {
            "answers": self.answers_of(member),
            "feedback": self.feedback(member),
            "setting_changes": self.with_tables(partial(setting_changes, member=member)),
            "followed": self.with_tables(partial(standing_questions, member=member)),
        }

    def with_tables(
        self, work: Callable[[sqlite3.Connection], Result], *, writes: bool = False
    ) -> Result:
        """Call a function with the open database, in a transaction if it writes."""
        with self._transaction() if writes else self._translated():
            return work(self._db)

    def copy_to(self, file: Path) -> None:
        """Copy the journal as of one moment to a new file, whoever writes to it meanwhile."""
        self._run("VACUUM INTO ?", str(file))

    def _run(self, statement: str, *values: str | float | None) -> list[Any]:
        """Run a statement, and return the rows that it gives."""
        with self._translated():
            return self._db.execute(statement, values).fetchall()

    def _forget(self, condition: str, value: str | float) -> None:
        """Forget the answers of a condition, their copies, and the feedback on any of them."""
        rows = self._db.execute(
            f"WITH gone AS (SELECT id FROM answers WHERE {condition}) "  # noqa: S608
            "SELECT id FROM gone UNION SELECT id FROM answers WHERE copy_of IN gone",
            (value,),
        ).fetchall()
        self._db.executemany("DELETE FROM feedback WHERE answer = ?", rows)
        self._db.executemany("DELETE FROM answers WHERE id = ?", rows)

    def _wipe(self, *, wholly: bool = False) -> None:
        """Write the file anew without what was forgotten, and empty SQLite's log.

        The log stays while another program reads the file; `wholly` raises OperatorError then.

        `secure_delete` is not enough: rows that SQLite has moved leave copies in their old pages.
        """
        with self._translated():
            if self._db.total_changes != self._wiped_changes:
                self._db.execute("VACUUM")
                busy, *_ = self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                self._wiped_changes = -1 if busy else self._db.total_changes
                if busy and wholly:
                    raise sqlite3.OperationalError("another program reads it")

    def _last(self, condition: str, value: str | float) -> SentAnswer | None:
        return next(iter(self._select(condition, value, "at DESC, rowid DESC LIMIT 1")), None)

    def _select(self, condition: str, value: str | float, order: str = "at") -> list[SentAnswer]:
        query = f"SELECT {COLUMNS} FROM answers WHERE {condition} ORDER BY {order}"  # noqa: S608
        with self._translated():
            return readable(SentAnswer.from_row, self._db.execute(query, (value,)).fetchall())

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._translated():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    self._db.execute("ROLLBACK")
                raise

    @contextmanager
    def _translated(self) -> Iterator[None]:
        with self._lock:
            try:
                yield
            # A ValueError is of a newer schema, or of words that SQLite does not take.
            except (sqlite3.Error, OSError, ValueError) as error:
                raise OperatorError(
                    f"The journal {self.file} cannot be used ({reason_of(error)}); "
                    "check PASSAGE_DATA_DIR."
                ) from error
