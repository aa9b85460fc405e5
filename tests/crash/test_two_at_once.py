"""Two processes on one database: with SQLite a second server is refused in one clear line, and the command line
works beside the server; with PostgreSQL a worker that starts takes nothing from one that lives."""

from __future__ import annotations

import asyncio
import socket
import sqlite3

import asyncpg
import pytest

from fedcoop.db import Database
from fedcoop.db.postgresql import WORKERS
from tests.crash.conftest import Founded
from tests.crash.load import meanwhile
from tests.crash.test_busy import restarted
from tests.crash.test_copies import FILE
from tests.crash.test_posting import Writer
from tests.flows.processes import until
from tests.keys import VAULT
from tests.ports import free_port


def test_a_server_that_cannot_serve_says_why_in_one_line(founded: Founded) -> None:
    server, _ = founded()
    with socket.create_server(("127.0.0.1", server.port)):
        refused = server.command("serve", expect=1)
    assert refused.startswith(f"fedcoop: Cannot listen on 127.0.0.1:{server.port}: ")
    assert len(refused.splitlines()) == 1
    server.start()
    assert server.command("serve", "--port", str(free_port()), expect=1).splitlines() == [
        "fedcoop: Another fedcoop works on this database; with SQLite there can be only one. Stop it first."
    ]
    # Nothing of the one that was killed is in the way of the next.
    server.kill()
    server.start()


def test_the_command_line_works_beside_a_busy_server(founded: Founded) -> None:
    server, (alice, bob) = founded("alice", "bob")
    server.start()
    writers = [Writer(alice), Writer(bob)]
    with meanwhile([writer.post for writer in writers]):
        carol = server.joins("carol", "--member")
        assert "Everything fits" in server.command("ledger", "verify")
        carol.says("Here I am")
        until(lambda: all(writer.acknowledged for writer in writers))
    server.kill()
    connection = sqlite3.connect(server.data / FILE)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()


async def test_with_postgresql_only_who_is_alone_takes_over(database_url: str) -> None:
    if database_url.startswith("sqlite"):
        pytest.skip("on SQLite the lock is between processes; the test above sees it")
    first, second, third = [Database(database_url, vault=VAULT) for _ in range(3)]
    for database, expected in ((first, True), (second, False)):
        await database.open()
        async with database.alone() as alone:
            assert alone is expected
    await first.close()
    await second.close()
    await third.open()
    async with third.alone() as alone:
        assert alone
    await third.close()


async def test_who_works_on_a_postgresql_that_restarts_is_not_taken_for_dead(database_url: str) -> None:
    if database_url.startswith("sqlite"):
        pytest.skip("on SQLite the lock is the file's")
    first, second = [Database(database_url, vault=VAULT) for _ in range(2)]
    await first.open()
    async with first.alone() as alone:
        assert alone
    for _ in range(2):
        await restarted(database_url)
        watching = await asyncpg.connect(database_url)
        held = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid::bigint = $1"
        async with asyncio.timeout(30):
            while not await watching.fetchval(held, WORKERS):
                pass
        await watching.close()
    await second.open()
    async with second.alone() as alone:
        assert not alone
    await second.close()
    await first.close()
