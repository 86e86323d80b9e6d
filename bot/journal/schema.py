"""The tables of the journal, and how those of an earlier version become today's."""

from __future__ import annotations

import sqlite3

MIGRATIONS = (
    # 1: the tables of Passage 0.1 and 0.2, which did not count versions.
    (
        """CREATE TABLE IF NOT EXISTS answers (
            id TEXT PRIMARY KEY,
            at REAL NOT NULL,
            question TEXT NOT NULL,
            language TEXT NOT NULL,
            asker INTEGER NOT NULL,
            asked_in INTEGER,
            sent_in INTEGER,
            sent_as INTEGER,
            quotes TEXT NOT NULL
        )""",
        "CREATE INDEX IF NOT EXISTS answers_by_question ON answers (asked_in)",
        """CREATE TABLE IF NOT EXISTS feedback (
            answer TEXT NOT NULL,
            member INTEGER NOT NULL,
            at REAL NOT NULL,
            article TEXT,
            rating TEXT NOT NULL,
            reason TEXT,
            words TEXT,
            PRIMARY KEY (answer, member)
        )""",
    ),
    # 2: what is needed to forget a server, a member and the copies of an answer.
    (
        "ALTER TABLE answers ADD COLUMN guild INTEGER",
        "ALTER TABLE answers ADD COLUMN copy_of TEXT",
        "CREATE TABLE unrecorded (member_hash BLOB PRIMARY KEY)",
        "CREATE TABLE salt (value BLOB NOT NULL)",
        "INSERT INTO salt VALUES (randomblob(16))",
    ),
    # 3: from which answer a question goes on.
    ("ALTER TABLE answers ADD COLUMN follows TEXT",),
    # 4: what was not answered, and the passage that is nearest to it.
    (
        "ALTER TABLE answers ADD COLUMN outcome TEXT",
        "ALTER TABLE answers ADD COLUMN nearest TEXT NOT NULL DEFAULT '[]'",
    ),
    # 5: what the servers have set, and its changes.
    (
        """CREATE TABLE server_settings (
            guild INTEGER NOT NULL,
            setting TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (guild, setting)
        )""",
        """CREATE TABLE setting_changes (
            number INTEGER PRIMARY KEY,
            guild INTEGER NOT NULL,
            setting TEXT NOT NULL,
            before TEXT,
            after TEXT,
            at REAL NOT NULL,
            member INTEGER,
            undoes INTEGER
        )""",
    ),
    # 6: which corpora were asked.
    ("ALTER TABLE answers ADD COLUMN corpora TEXT NOT NULL DEFAULT 'main'",),
    # 7: the questions that are followed, and the articles of which they have been asked.
    (
        """CREATE TABLE standing (
            id TEXT PRIMARY KEY,
            at REAL NOT NULL,
            question TEXT NOT NULL,
            member INTEGER NOT NULL,
            guild INTEGER,
            channel INTEGER,
            is_public INTEGER NOT NULL,
            locale TEXT NOT NULL,
            asked INTEGER NOT NULL,
            told TEXT NOT NULL,
            posts TEXT NOT NULL,
            is_sending INTEGER NOT NULL
        )""",
        """CREATE TABLE standing_articles (
            corpus TEXT NOT NULL,
            sha256 TEXT NOT NULL,
            number INTEGER NOT NULL,
            PRIMARY KEY (corpus, sha256)
        )""",
    ),
    # 8: what has become of the quotes.
    ("ALTER TABLE answers ADD COLUMN renewals TEXT NOT NULL DEFAULT '[]'",),
    # 9: whether a member was told that a followed question ends. Until now it ended after a year:
    # those of before count as followed today, but none is kept for longer than that year.
    (
        "ALTER TABLE standing ADD COLUMN is_ending INTEGER NOT NULL DEFAULT 0",
        """UPDATE standing SET at = min(
            max(at, CAST(strftime('%s', 'now') AS REAL)), at + 335 * 86400.0
        )""",
    ),
    # 10: no note whether an answer to a followed question is being sent.
    ("ALTER TABLE standing DROP COLUMN is_sending",),
)
"""The statements that lead from each version of the schema to the next."""


def migrate(db: sqlite3.Connection) -> None:
    """Bring the tables of an open journal to the newest version.

    Raises:
        ValueError: a newer version of Passage has written the journal.
        sqlite3.Error: it cannot be read or written.
    """
    version = _version(db)
    if version == len(MIGRATIONS):
        return
    if version > len(MIGRATIONS):
        raise ValueError(f"a newer version of Passage has written it, with schema {version}")
    if version == 0 and db.execute("SELECT 1 FROM sqlite_master").fetchone():
        # What was forgotten before `secure_delete` still stands in free pages.
        db.execute("VACUUM")
    db.execute("BEGIN IMMEDIATE")
    try:
        # Another process may have been faster.
        for statements in MIGRATIONS[_version(db) :]:
            for statement in statements:
                db.execute(statement)
        db.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
        db.execute("COMMIT")
    except BaseException:
        db.execute("ROLLBACK")
        raise


def _version(db: sqlite3.Connection) -> int:
    (version,) = db.execute("PRAGMA user_version").fetchone()
    return int(version)
