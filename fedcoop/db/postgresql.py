"""PostgreSQL: a pool of asyncpg connections. Its twin is `sqlite`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, TypeVar

import asyncpg

from fedcoop.db.relay import Relay
from fedcoop.db.statement import Bound, DialectName, Statement
from fedcoop.db.tx import Reading, made
from fedcoop.errors import Invalid, Unavailable
from fedcoop.events import Event
from fedcoop.vault import Vault

T = TypeVar("T")

LOCK_TIMEOUT_MS = 10_000
WORKERS = 0x6665_6463
"""The advisory lock that every working process shares, and that only one can have who is alone."""
LAST_BREATH_MS = 1_000
"""How long the lock of a process that was just killed may last."""


class PostgresTx(Reading):
    """Statements on one connection, prepared once by asyncpg and reused."""

    dialect: DialectName = "postgresql"

    def __init__(self, connection: Any, vault: Vault) -> None:
        self.connection = connection
        self.vault = vault
        self.wake: set[str] = set()
        self.events: list[Event] = []

    async def _rows(self, statement: Statement[Any], params: dict[str, Any]) -> list[Any]:
        compiled = statement.compiled("postgresql")
        values = compiled.arrange(params)
        # What is prepared by hand is not kept, and so not planned for values in general.
        asked = await self.connection.prepare(compiled.sql) if statement.planned_anew else None
        rows: list[Any] = await (
            asked.fetch(*values) if asked else self.connection.fetch(compiled.sql, *values)
        )
        return rows

    async def execute(self, statement: Statement[Any], **params: Any) -> int:
        compiled = statement.compiled("postgresql")
        # asyncpg answers with the command tag: "INSERT 0 3", "UPDATE 2".
        tag: str = await self.connection.execute(compiled.sql, *compiled.arrange(params))
        return int(tag.rpartition(" ")[2])

    async def many(self, statement: Statement[Any], rows: list[dict[str, Any]]) -> None:
        if rows:
            compiled = statement.compiled("postgresql")
            await self.connection.executemany(compiled.sql, [compiled.arrange(row) for row in rows])

    async def batch(self, *calls: Bound[Any]) -> list[list[Any]]:
        return [made(call.statement, await self._rows(call.statement, call.params)) for call in calls]


class PostgresEngine:
    """The pool of one database."""

    dialect: DialectName = "postgresql"

    def __init__(self, url: str, connections: int, vault: Vault) -> None:
        self.url = url
        self.vault = vault
        self.connections = connections
        self._claim: Any = None

    async def open(self) -> None:
        """Raises `Invalid` where the server refuses us: no such database, no such user, a wrong password."""
        try:
            with _troubles_told():
                self._pool = await asyncpg.create_pool(
                    self.url,
                    min_size=1,
                    max_size=self.connections,
                    server_settings={"lock_timeout": str(LOCK_TIMEOUT_MS)},
                )
        except (asyncpg.PostgresError, asyncpg.ClientConfigurationError) as problem:
            raise Invalid(f"The database cannot be opened: {problem}.") from None
        self.relay = Relay(self.url, self._pool)

    async def close(self) -> None:
        if self._claim is not None:
            await self._claim.close()
        await self.relay.close()
        await self._pool.close()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[PostgresTx]:
        with _troubles_told():
            async with self._pool.acquire() as connection:
                yield PostgresTx(connection, self.vault)

    scan = read

    @asynccontextmanager
    async def write(self, *, durable: bool) -> AsyncIterator[PostgresTx]:
        with _troubles_told():
            async with self._pool.acquire() as connection, connection.transaction():
                yield PostgresTx(connection, self.vault)

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[bool]:
        """Says whether no other process works on this database, and from then on keeps others from being
        alone, until the database is closed or the process dies. Nobody else begins while the body runs."""
        if self._claim is None:
            self._claim = await asyncpg.connect(
                self.url, server_settings={"lock_timeout": str(LAST_BREATH_MS)}
            )
        try:
            await self._claim.execute("SELECT pg_advisory_lock($1)", WORKERS)
        except asyncpg.LockNotAvailableError:
            await self._claim.execute("SET lock_timeout = 0")
            await self._claim.execute("SELECT pg_advisory_lock_shared($1)", WORKERS)
            yield False
            return
        try:
            yield True
        finally:
            # In this order, so that no moment is without a lock.
            await self._claim.execute("SELECT pg_advisory_lock_shared($1)", WORKERS)
            await self._claim.execute("SELECT pg_advisory_unlock($1)", WORKERS)


BUSY = "The database is busy. Nothing was changed; please try again in a moment."
FULL = "The database has no room left. Nothing was changed; please try again later."
GONE = "The database does not answer. Please try again in a moment."


@contextmanager
def _troubles_told() -> Iterator[None]:
    """Raises `Unavailable` for what is the machine's fault and may pass."""
    try:
        yield
    except (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError) as problem:
        raise Unavailable(BUSY) from problem
    except (asyncpg.DiskFullError, asyncpg.OutOfMemoryError) as problem:
        raise Unavailable(FULL) from problem
    except (
        asyncpg.PostgresConnectionError,
        asyncpg.TooManyConnectionsError,
        asyncpg.OperatorInterventionError,
        ConnectionError,
    ) as problem:
        raise Unavailable(GONE) from problem
