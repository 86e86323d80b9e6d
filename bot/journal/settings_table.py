"""What the servers have set and each change of it, in two tables of the journal."""

from __future__ import annotations

import sqlite3
from dataclasses import astuple, dataclass, fields


@dataclass(frozen=True, slots=True)
class SettingChange:
    """A change of one setting of a server. A value is JSON; None is what holds without one."""

    guild: int
    setting: str
    before: str | None
    after: str | None
    at: float
    """Seconds since the epoch."""

    member: int | None
    """The id of the member who made it, as long as that may be kept."""

    undoes: int | None = None
    """The number of the change that this one takes back, if it does."""

    number: int | None = None
    """Its number in the journal, once it is written."""


_COLUMNS = ", ".join(column.name for column in fields(SettingChange))


def stored_values(db: sqlite3.Connection) -> list[tuple[int, str, str]]:
    """Return the server, the name and the value of each setting that is set."""
    return db.execute("SELECT guild, setting, value FROM server_settings").fetchall()


def store_change(db: sqlite3.Connection, change: SettingChange) -> None:
    """Set the value that a change leads to, and keep the change."""
    marks = ", ".join("?" * len(fields(change)))
    db.execute(f"INSERT INTO setting_changes ({_COLUMNS}) VALUES ({marks})", astuple(change))  # noqa: S608
    key = change.guild, change.setting
    if change.after is None:
        db.execute("DELETE FROM server_settings WHERE guild = ? AND setting = ?", key)
    else:
        db.execute("INSERT OR REPLACE INTO server_settings VALUES (?, ?, ?)", (*key, change.after))


def setting_changes(
    db: sqlite3.Connection, *, guild: int | None = None, member: int | None = None
) -> list[SettingChange]:
    """Return the changes that are kept of a server, or of a member, the newest first."""
    condition = "guild = ?1 OR member = ?2"
    query = f"SELECT {_COLUMNS} FROM setting_changes WHERE {condition} ORDER BY number DESC"  # noqa: S608
    return [SettingChange(*row) for row in db.execute(query, (guild, member))]
