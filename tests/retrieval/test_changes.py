"""Whether a database has changed."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from retrieval.changes import Changes

WRITE = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.execute("INSERT INTO t VALUES (1)")
connection.commit()
"""


@pytest.fixture(params=["delete", "wal"])
def database(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    file = tmp_path / "what %41 # is it?.sqlite3"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(f"PRAGMA journal_mode={request.param}")
        connection.execute("CREATE TABLE t (n INTEGER)")
        connection.commit()
    return file


@pytest.fixture
def changes(database: Path) -> Iterator[Changes]:
    found = Changes(database)
    yield found
    found.close()


def test_a_change_of_any_connection_or_process_is_seen(database: Path, changes: Changes) -> None:
    first = changes.version()
    assert first is not None
    assert changes.version() == first
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("INSERT INTO t VALUES (1)")
        assert changes.version() == first  # Nothing has changed before it is committed.
        connection.commit()
        second = changes.version()
        connection.execute("SELECT * FROM t").fetchall()
        assert changes.version() == second
    subprocess.run([sys.executable, "-c", WRITE, str(database)], check=True)
    assert len({first, second, changes.version()}) == 3


def test_a_file_that_is_not_there_tells_nothing_and_is_not_made(tmp_path: Path) -> None:
    changes = Changes(tmp_path / "none.sqlite3")
    assert changes.version() is None
    assert not list(tmp_path.iterdir())
    changes.close()


def test_a_file_that_is_no_database_tells_nothing(tmp_path: Path) -> None:
    file = tmp_path / "odd.sqlite3"
    file.write_bytes(b"no database " * 1000)
    changes = Changes(file)
    assert changes.version() is None
    changes.close()
    assert changes.version() is None
    changes.close()
