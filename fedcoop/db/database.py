"""Opening transactions; only handlers, jobs and the command line do. What can be asked inside one is `tx`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from fedcoop.config import Config
from fedcoop.db.statement import DialectName
from fedcoop.db.tx import Tx
from fedcoop.errors import Invalid


class Database:
    """One database, SQLite or PostgreSQL by its URL."""

    def __init__(self, url: str, *, readers: int = 2) -> None:
        self.url = url
        self._on_wake: list[Callable[[set[str]], None]] = []
        scheme, _, rest = url.partition("://")
        if scheme == "sqlite":
            from fedcoop.db.sqlite import SqliteEngine

            self._engine: SqliteEngine | PostgresEngine = SqliteEngine(Path(rest.removeprefix("/")), readers)
        elif scheme in ("postgresql", "postgres"):
            from fedcoop.db.postgresql import PostgresEngine

            self._engine = PostgresEngine(url, connections=max(8, 4 * readers))
        else:
            raise Invalid("database_url must begin with sqlite:/// or postgresql://")

    @property
    def dialect(self) -> DialectName:
        return self._engine.dialect

    async def open(self) -> None:
        await self._engine.open()

    async def close(self) -> None:
        await self._engine.close()

    def read(self) -> AbstractAsyncContextManager[Tx]:
        """Bounded, indexed reads: on SQLite they run on the event loop itself."""
        return self._engine.read()

    def scan(self) -> AbstractAsyncContextManager[Tx]:
        """Reads that may take long: searches, counts, exports."""
        return self._engine.scan()

    @asynccontextmanager
    async def write(self, *, durable: bool = False) -> AsyncIterator[Tx]:
        """Commit at the end, roll back on an exception. `durable` waits for the disk, so that even power
        loss takes nothing back: ballots and ledger entries ask for it."""
        async with self._engine.write(durable=durable) as tx:
            yield tx
        if tx.wake:
            for tell in self._on_wake:
                tell(tx.wake)

    def alone(self) -> AbstractAsyncContextManager[bool]:
        """Says whether no other process works on this database; for the body, and as far as it is SQLite until
        the end, it stays so. Whoever is to do jobs and deliveries asks once, before beginning."""
        return self._engine.alone()

    def on_wake(self, tell: Callable[[set[str]], None]) -> None:
        """Call `tell` after each commit that added jobs, with the lanes they are in."""
        self._on_wake.append(tell)


@asynccontextmanager
async def opened(config: Config) -> AsyncIterator[Database]:
    """The configured database, closed at the end."""
    database = Database(config.database, readers=config.database_readers)
    await database.open()
    try:
        yield database
    finally:
        await database.close()
