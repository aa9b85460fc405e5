"""A transaction as domain functions see it: the first argument of them all.
Opening one is `fedcoop.db.database`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, Protocol, TypeVar

from fedcoop.db.statement import Bound, DialectName, Row, Statement
from fedcoop.events import Event
from fedcoop.vault import Vault

T = TypeVar("T")


class Tx(Protocol):
    """What may be asked of the database inside a transaction. Nothing here commits."""

    dialect: DialectName
    wake: set[str]
    """Lanes of the job queue that have work once this transaction is committed."""
    vault: Vault
    """Locks what is not to stand open in the database."""
    events: list[Event]
    """What those who listen learn once this transaction is committed."""

    async def all(self, statement: Statement[T], **params: Any) -> list[T]:
        """All rows."""

    async def one(self, statement: Statement[T], **params: Any) -> T | None:
        """The first row, or None."""

    async def scalar(self, statement: Statement[Row], **params: Any) -> Any:
        """The first column of the first row, or None."""

    async def scalars(self, statement: Statement[Row], **params: Any) -> list[Any]:
        """The first column of all rows."""

    async def execute(self, statement: Statement[Any], **params: Any) -> int:
        """Change rows; returns how many."""

    async def many(self, statement: Statement[Any], rows: list[dict[str, Any]]) -> None:
        """Run one changing statement for each of `rows`, in one round trip."""

    async def batch(self, *calls: Bound[Any]) -> list[list[Any]]:
        """Several statements in one round trip; the rows of each."""


def made(statement: Statement[T], rows: list[Any]) -> list[T]:
    make = statement.make
    return rows if make is None else [make(*row) for row in rows]


class Reading(ABC):
    """The reading half of a `Tx` that waits for its rows; how it gets them is each database's own."""

    @abstractmethod
    async def _rows(self, statement: Statement[Any], params: dict[str, Any]) -> list[Any]:
        """All rows, as the driver gives them."""

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
