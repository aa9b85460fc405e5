"""SQLite: one writer and a few readers off the event loop, and one reader on it. Its twin is `postgresql`.

A thread hop costs more than a small indexed read (58 µs against 7 µs), so short reads run on the loop's own
connection; whatever may take long goes through aiosqlite's threads.
"""

from __future__ import annotations

import asyncio
import fcntl
import logging
import os
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite
import msgspec

from fedcoop.db.statement import Bound, DialectName, Row, Statement
from fedcoop.db.tx import Reading, made
from fedcoop.errors import Invalid, Unavailable
from fedcoop.events import Event
from fedcoop.vault import Vault

T = TypeVar("T")

log = logging.getLogger(__name__)

_json = msgspec.json.Encoder().encode

# Booleans are 0 and 1 in SQLite; columns declared BOOLEAN come back as bool.
sqlite3.register_converter("BOOLEAN", lambda value: value == b"1")

BUSY_TIMEOUT_MS = 10_000
READER_CACHE_KIB = 4_000
WRITER_CACHE_KIB = 8_000
PRAGMAS = f"""
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
PRAGMA foreign_keys = ON;
PRAGMA busy_timeout = {BUSY_TIMEOUT_MS};
PRAGMA temp_store = MEMORY;
PRAGMA mmap_size = 0;
"""


def connect(path: Path, *, read_only: bool) -> sqlite3.Connection:
    """A connection in autocommit mode whose transactions are begun by hand."""
    connection = sqlite3.connect(
        path,
        isolation_level=None,
        detect_types=sqlite3.PARSE_DECLTYPES,
        check_same_thread=False,
        cached_statements=512,
    )
    connection.row_factory = sqlite3.Row
    connection.executescript(PRAGMAS)
    # The system keeps the file's pages as well: four times larger caches measured no faster.
    connection.execute(f"PRAGMA cache_size = -{READER_CACHE_KIB if read_only else WRITER_CACHE_KIB}")
    if read_only:
        connection.execute("PRAGMA query_only = ON")
    return connection


def arrange(statement: Statement[Any], params: dict[str, Any]) -> tuple[str, list[Any]]:
    compiled = statement.compiled("sqlite")
    values = compiled.arrange(params)
    for index, value in enumerate(values):
        if type(value) is list:
            values[index] = _json(value).decode()
    return compiled.sql, values


class InlineTx:
    """Reads on the event loop itself, each statement with its own snapshot."""

    dialect: DialectName = "sqlite"

    def __init__(self, connection: sqlite3.Connection, vault: Vault) -> None:
        self.connection = connection
        self.vault = vault
        self.wake: set[str] = set()
        self.events: list[Event] = []

    def _rows(self, statement: Statement[Any], params: dict[str, Any]) -> list[Any]:
        cursor = self.connection.execute(*arrange(statement, params))
        if statement.make is not None:
            # What is taken apart at once needs no names.
            cursor.row_factory = None
        return cursor.fetchall()

    async def all(self, statement: Statement[T], **params: Any) -> list[T]:
        return made(statement, self._rows(statement, params))

    async def one(self, statement: Statement[T], **params: Any) -> T | None:
        rows = made(statement, self._rows(statement, params)[:1])
        return rows[0] if rows else None

    async def scalar(self, statement: Statement[Row], **params: Any) -> Any:
        rows = self._rows(statement, params)
        return rows[0][0] if rows else None

    async def scalars(self, statement: Statement[Row], **params: Any) -> list[Any]:
        return [row[0] for row in self._rows(statement, params)]

    async def execute(self, statement: Statement[Any], **params: Any) -> int:
        raise RuntimeError("this transaction only reads")

    async def many(self, statement: Statement[Any], rows: list[dict[str, Any]]) -> None:
        raise RuntimeError("this transaction only reads")

    async def batch(self, *calls: Bound[Any]) -> list[list[Any]]:
        return [made(call.statement, self._rows(call.statement, call.params)) for call in calls]


class ThreadTx(Reading):
    """Statements on a connection that has a thread of its own, one hop each."""

    dialect: DialectName = "sqlite"

    def __init__(self, connection: aiosqlite.Connection, vault: Vault) -> None:
        self.connection = connection
        self.vault = vault
        self.wake: set[str] = set()
        self.events: list[Event] = []

    async def _rows(self, statement: Statement[Any], params: dict[str, Any]) -> list[Any]:
        return list(await self.connection.execute_fetchall(*arrange(statement, params)))

    async def execute(self, statement: Statement[Any], **params: Any) -> int:
        cursor = await self.connection.execute(*arrange(statement, params))
        return cursor.rowcount

    async def many(self, statement: Statement[Any], rows: list[dict[str, Any]]) -> None:
        if rows:
            sql = statement.compiled("sqlite").sql
            await self.connection.executemany(sql, [arrange(statement, row)[1] for row in rows])

    async def batch(self, *calls: Bound[Any]) -> list[list[Any]]:
        prepared = [arrange(call.statement, call.params) for call in calls]

        def run() -> list[list[Any]]:
            execute = self.connection._conn.execute
            return [execute(sql, values).fetchall() for sql, values in prepared]

        # aiosqlite offers no public call for "several statements, one hop".
        results = await self.connection._execute(run)  # type: ignore[no-untyped-call]
        return [made(call.statement, rows) for call, rows in zip(calls, results, strict=True)]


class SqliteEngine:
    """The connections to one database file."""

    dialect: DialectName = "sqlite"
    relay: None = None
    """Nobody else has to be told of events."""

    def __init__(self, path: Path, readers: int, vault: Vault) -> None:
        self.path = path
        self.readers = readers
        self.vault = vault
        self._lock = asyncio.Lock()
        self._refused_at = 0.0
        self._free: asyncio.LifoQueue[aiosqlite.Connection] = asyncio.LifoQueue()
        self._threads: list[aiosqlite.Connection] = []
        self._claim: int | None = None

    async def open(self) -> None:
        """Raises `Invalid` for a file that is no database, or a damaged one."""
        try:
            with _troubles_told():
                self._inline = connect(self.path, read_only=True)
        except sqlite3.DatabaseError as problem:
            raise Invalid(f"{self.path} cannot be used: {problem}.") from None
        try:
            self._writer = await self._thread(read_only=False)
            for _ in range(self.readers):
                self._free.put_nowait(await self._thread(read_only=True))
        except BaseException:
            await self.close()
            raise

    async def _thread(self, *, read_only: bool) -> aiosqlite.Connection:
        opening = asyncio.ensure_future(self._opened(read_only))
        try:
            return await asyncio.shield(opening)
        except asyncio.CancelledError:
            # The thread answers to this loop, which may end as soon as we do; `close` is for what is open.
            await asyncio.wait([opening])
            raise

    async def _opened(self, read_only: bool) -> aiosqlite.Connection:
        connection = await aiosqlite.Connection(
            lambda: connect(self.path, read_only=read_only), iter_chunk_size=64
        )
        self._threads.append(connection)
        return connection

    async def close(self) -> None:
        self._inline.close()
        if self._claim is not None:
            os.close(self._claim)
        for connection in self._threads:
            await connection.close()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[InlineTx]:
        yield InlineTx(self._inline, self.vault)

    @asynccontextmanager
    async def scan(self) -> AsyncIterator[ThreadTx]:
        connection = await self._free.get()
        try:
            yield ThreadTx(connection, self.vault)
        finally:
            self._free.put_nowait(connection)

    @asynccontextmanager
    async def write(self, *, durable: bool) -> AsyncIterator[ThreadTx]:
        now = asyncio.get_running_loop().time
        came_at = now()
        async with self._lock:
            if came_at < self._refused_at:
                # Waited while another process did not let go for the whole timeout: one after the other would
                # wait as long again.
                raise Unavailable(BUSY)
            writer = self._writer
            # In WAL mode NORMAL survives kill -9, FULL survives power loss as well.
            if durable:
                await writer.execute_fetchall("PRAGMA synchronous = FULL")
            try:
                with _troubles_told():
                    try:
                        # Within the `try`: who is cancelled here may have begun.
                        await writer.execute_fetchall("BEGIN IMMEDIATE")
                        yield ThreadTx(writer, self.vault)
                    except BaseException as problem:
                        if getattr(problem, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY:
                            self._refused_at = now()
                        await asyncio.shield(writer.rollback())
                        raise
                    await asyncio.shield(_commit(writer))
            finally:
                if durable:
                    await asyncio.shield(writer.execute_fetchall("PRAGMA synchronous = NORMAL"))

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[bool]:
        """Says whether no other process works on this file, and from then on keeps others from being alone,
        until the database is closed or the process dies."""
        if self._claim is None:
            self._claim = os.open(f"{self.path}-worker", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            # A record lock: children do not inherit it, so none outlives the server with it.
            fcntl.lockf(self._claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
        else:
            yield True


async def _commit(writer: aiosqlite.Connection) -> None:
    try:
        await writer.execute_fetchall("COMMIT")
    except BaseException:
        await writer.rollback()
        raise


BUSY = "The database is busy. Nothing was changed; please try again in a moment."
FULL = "The server's disk is full. Nothing was changed; please try again later."
BROKEN = "The server's disk does not take what is written. Nothing was changed; please try again later."
TROUBLES = {
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_LOCKED: BUSY,
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_IOERR: BROKEN,
    sqlite3.SQLITE_READONLY: BROKEN,
    sqlite3.SQLITE_CANTOPEN: BROKEN,
}


@contextmanager
def _troubles_told() -> Iterator[None]:
    """Raises `Unavailable` for what is the machine's fault and may pass."""
    try:
        yield
    except sqlite3.OperationalError as problem:
        # The lower byte is the kind, the upper ones tell more of it.
        words = TROUBLES.get(problem.sqlite_errorcode & 0xFF)
        if words is None:
            raise
        raise Unavailable(words) from problem
