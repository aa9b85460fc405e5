"""PostgreSQL: a pool of asyncpg connections. Its twin is `sqlite`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import asyncpg

from fedcoop.db.statement import Bound, DialectName, Row, Statement
from fedcoop.db.tx import made

T = TypeVar("T")


class PostgresTx:
    """Statements on one connection, prepared once by asyncpg and reused."""

    dialect: DialectName = "postgresql"

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.wake: set[str] = set()

    async def _rows(self, statement: Statement[Any], params: dict[str, Any]) -> list[Any]:
        compiled = statement.compiled("postgresql")
        rows: list[Any] = await self.connection.fetch(compiled.sql, *compiled.arrange(params))
        return rows

    async def all(self, statement: Statement[T], **params: Any) -> list[T]:
        return made(statement, await self._rows(statement, params))

    async def one(self, statement: Statement[T], **params: Any) -> T | None:
        rows = made(statement, (await self._rows(statement, params))[:1])
        return rows[0] if rows else None

    async def scalar(self, statement: Statement[Row], **params: Any) -> Any:
        rows = await self._rows(statement, params)
        return rows[0][0] if rows else None

    async def scalars(self, statement: Statement[Row], **params: Any) -> list[Any]:
        return [row[0] for row in await self._rows(statement, params)]

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

    def __init__(self, url: str, connections: int) -> None:
        self.url = url
        self.connections = connections

    async def open(self) -> None:
        self._pool = await asyncpg.create_pool(self.url, min_size=1, max_size=self.connections)

    async def close(self) -> None:
        await self._pool.close()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[PostgresTx]:
        async with self._pool.acquire() as connection:
            yield PostgresTx(connection)

    scan = read

    @asynccontextmanager
    async def write(self, *, durable: bool) -> AsyncIterator[PostgresTx]:
        async with self._pool.acquire() as connection, connection.transaction():
            yield PostgresTx(connection)
