"""The files of an SQLite database, copied at a moment under load, are a database with everything acknowledged."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

from tests.conftest import CRASH_ROUNDS
from tests.crash.conftest import Founded
from tests.crash.load import any_moment, meanwhile
from tests.crash.test_posting import Writer
from tests.flows.processes import Process

FILE = "fedcoop.sqlite3"


def test_a_copy_at_any_moment_opens_and_is_whole(founded: Founded, tmp_path: Path) -> None:
    server, people = founded("alice", "bob")
    server.start()
    writers = [Writer(client) for client in people]
    with meanwhile([writer.post for writer in writers]):
        for number in range(2 * CRASH_ROUNDS):
            copy = tmp_path / f"copy{number}"
            copy.mkdir()
            any_moment()
            with server.halted():
                acknowledged = {text for writer in writers for text in writer.acknowledged}
                _copy(server, copy)
            assert acknowledged <= _whole(copy / FILE)


def _copy(server: Process, folder: Path) -> None:
    for name in (FILE, f"{FILE}-wal"):
        shutil.copy(server.data / name, folder / name)


def _whole(path: Path) -> set[str]:
    """What was posted, according to a database that has nothing wrong with it."""
    connection = sqlite3.connect(path)
    try:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        return {row[0] for row in connection.execute("SELECT text FROM statuses WHERE local")}
    finally:
        connection.close()
