"""Somebody else holds the database for too long, or it goes away: a clear answer, and nothing is lost."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import pytest

from fedcoop import clock
from fedcoop.db import Database, postgresql, sqlite
from fedcoop.errors import Invalid, Unavailable
from tests.ports import free_port
from tests.words import Person, Server, running

BUSY = "The database is busy. Nothing was changed; please try again in a moment."


@asynccontextmanager
async def held(url: str) -> AsyncIterator[None]:
    """Somebody else writes, and does not end."""
    if url.startswith("sqlite"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.close()
    else:
        other = await asyncpg.connect(url)
        async with other.transaction():
            await other.execute("LOCK TABLE statuses, jobs IN EXCLUSIVE MODE")
            yield
        await other.close()


def _be_impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    patience = f"PRAGMA busy_timeout = {sqlite.BUSY_TIMEOUT_MS}"
    assert patience in sqlite.PRAGMAS
    monkeypatch.setattr(sqlite, "PRAGMAS", sqlite.PRAGMAS.replace(patience, "PRAGMA busy_timeout = 50"))
    monkeypatch.setattr(postgresql, "LOCK_TIMEOUT_MS", 50)


async def test_a_database_held_by_another_process_is_said_to_be_busy(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _be_impatient(monkeypatch)
    async with running(database_url, str(tmp_path)) as server:
        alice = await server.joins("alice", member=True)
        await alice.says("Before")
        key = {"Idempotency-Key": "k"}
        async with held(database_url):
            answer = await alice.ask(
                "POST", "/api/v1/statuses", json={"status": "x"}, headers=key, expect=503
            )
            assert answer["error"] == BUSY
            assert answer.headers["Retry-After"]
            # Reading goes on.
            assert len(await alice.home()) == 1
            page = await server.anybody.ask("GET", f"/@{alice.account.username}")  # type: ignore[union-attr]
            assert "Before" in page.body
        first = await alice.ask("POST", "/api/v1/statuses", json={"status": "x"}, headers=key)
        second = await alice.ask("POST", "/api/v1/statuses", json={"status": "x"}, headers=key)
        assert first["id"] == second["id"]
        assert len(await alice.home()) == 2
        await server.settle()


async def restarted(url: str) -> None:
    """What PostgreSQL does to its connections when it restarts."""
    admin = await asyncpg.connect(url)
    await admin.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await admin.close()


async def test_a_postgresql_that_restarts_is_found_again(database_url: str, tmp_path: Path) -> None:
    if database_url.startswith("sqlite"):
        pytest.skip("SQLite has no server that could restart")
    async with running(database_url, str(tmp_path)) as server:
        alice = await server.joins("alice")
        await alice.says("Before")
        await restarted(database_url)
        texts = [f"After {number}" for number in range(20)]
        for text in texts:
            while not await _posted(alice, text):
                pass
        assert len(await alice.home(limit=40)) == 1 + len(texts)
        await server.settle()


@asynccontextmanager
async def hanging_up_late(url: str) -> AsyncIterator[tuple[str, Callable[[], None]]]:
    """The same database through a proxy that passes on all that the server says, and that it has hung up only when
    told to."""
    there = urlsplit(url)
    lines: list[asyncio.StreamWriter] = []

    async def pump(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while said := await source.read(65_536):
                target.write(said)

    async def meet(asking: asyncio.StreamReader, answering: asyncio.StreamWriter) -> None:
        reader, writer = await asyncio.open_connection(there.hostname, there.port)
        lines.append(answering)
        answers = asyncio.create_task(pump(reader, answering))
        await pump(asking, writer)
        answers.cancel()
        writer.close()
        answering.close()

    def hang_up() -> None:
        for line in lines:
            line.close()

    port = free_port()
    async with await asyncio.start_server(meet, "127.0.0.1", port):
        yield there._replace(netloc=f"{there.username}@127.0.0.1:{port}").geturl(), hang_up


async def test_connections_that_died_between_two_requests_are_noticed_by_nobody(
    database_url: str, tmp_path: Path
) -> None:
    if database_url.startswith("sqlite"):
        pytest.skip("SQLite has no connections that could die")
    async with hanging_up_late(database_url) as (url, hang_up), running(url, str(tmp_path)) as server:
        alice = await server.joins("alice")
        for text in ("Before", "After"):
            # Several at a time, so that the pool holds several connections.
            await asyncio.gather(*(alice.says(f"{text} {number}") for number in range(6)))
            await asyncio.gather(*(alice.home() for _ in range(6)))
            await server.settle()
            await restarted(database_url)
        assert len(await alice.home(limit=40)) == 12
        hang_up()


async def _posted(person: Person, text: str) -> bool:
    answer = await person.ask(
        "POST", "/api/v1/statuses", json={"status": text}, headers={"Idempotency-Key": text}, expect=None
    )
    assert answer.status in (200, 503), answer.body
    return answer.status == 200


async def test_whoever_waited_while_it_was_busy_is_told_at_the_same_time(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One timeout for all: the second does not begin to wait when the first has waited in vain."""
    _be_impatient(monkeypatch)
    async with running(sqlite_url, str(tmp_path)) as server:
        alice = await server.joins("alice")
        begun = 0
        execute = server.db._engine._writer.execute_fetchall  # type: ignore[union-attr] # to count the waits

        async def counted(sql: str, *values: Any) -> Any:
            nonlocal begun
            begun += sql == "BEGIN IMMEDIATE"
            return await execute(sql, *values)

        monkeypatch.setattr(server.db._engine._writer, "execute_fetchall", counted)  # type: ignore[union-attr]
        async with held(sqlite_url):
            posts = [
                alice.ask("POST", "/api/v1/statuses", json={"status": "x"}, expect=503) for _ in range(8)
            ]
            answers = await asyncio.gather(*posts)
        assert {answer["error"] for answer in answers} == {BUSY}
        assert begun < len(posts)
        await alice.says("Now")


async def test_what_cannot_be_opened_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "broken").write_bytes(b"no database at all " * 100)
    with pytest.raises(Invalid, match="cannot be used"):
        await Database(f"sqlite:///{tmp_path}/broken").open()
    with pytest.raises(Unavailable, match="does not answer"):
        await Database(f"postgresql://postgres@127.0.0.1:{free_port()}/coop").open()


async def test_another_server_delivers_again_what_could_not_be_kept(
    database_url: str, tmp_path: Path, other: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    _be_impatient(monkeypatch)
    async with running(database_url, str(tmp_path)) as server:
        alice, bob = await server.joins("alice"), await other.joins("bob")
        await alice.follows(bob)
        await server.settle(other)
        async with held(database_url):
            post = await bob.says("Anybody there?")
            await other.settle()
        await server.settle(other)
        assert await alice.home() == []
        clock.advance(seconds=60)
        await server.settle(other)
        assert [status["uri"] for status in await alice.home()] == [post["uri"]]
