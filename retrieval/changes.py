"""Whether a database of SQLite has changed, without reading it."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from pathlib import Path


class Changes:
    """Tells of every change of a database, whatever connection or process makes it. For several
    threads at once."""

    def __init__(self, database: Path):
        self._database = database
        self._connection: sqlite3.Connection | None = None

    def version(self) -> int | None:
        """A number that is another one after a change, until `close`; None where SQLite does not
        tell, as of a file that is not there or is being written.

        See "PRAGMA data_version" in SQLite's documentation.
        """
        with suppress(sqlite3.Error):
            if self._connection is None:
                place = f"{self._database.resolve().as_uri()}?mode=ro"
                self._connection = sqlite3.connect(
                    place, uri=True, timeout=0, check_same_thread=False
                )
            (version,) = self._connection.execute("PRAGMA data_version").fetchone()
            return int(version)
        return None

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
