"""Opening transactions; only handlers, jobs and the command line do. What can be asked inside one is `tx`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from pathlib import Path

from fedcoop.config import Config
from fedcoop.db.statement import DialectName
from fedcoop.db.tx import Tx
from fedcoop.errors import Invalid
from fedcoop.events import Event
from fedcoop.vault import Vault


class Database:
    """One database, SQLite or PostgreSQL by its URL."""

    def __init__(self, url: str, *, readers: int = 2, vault: Vault | None = None) -> None:
        self.url = url
        self.vault = vault or Vault()
        self._on_wake: list[Callable[[set[str]], None]] = []
        self._on_events: list[Callable[[list[Event]], None]] = []
        scheme, _, rest = url.partition("://")
        if scheme == "sqlite":
            from fedcoop.db.sqlite import SqliteEngine

            self._engine: SqliteEngine | PostgresEngine = SqliteEngine(
                Path(rest.removeprefix("/")), readers, self.vault
            )
        elif scheme in ("postgresql", "postgres"):
            from fedcoop.db.postgresql import PostgresEngine

            self._engine = PostgresEngine(url, connections=max(8, 4 * readers), vault=self.vault)
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
        if tx.events:
            for hear in self._on_events:
                hear(tx.events)
            if self._engine.relay is not None:
                self._engine.relay.send(tx.events)

    def alone(self) -> AbstractAsyncContextManager[bool]:
        """Says whether no other process works on this database; for the body, and as far as it is SQLite until
        the end, it stays so. Whoever is to do jobs and deliveries asks once, before beginning."""
        return self._engine.alone()

    def on_wake(self, tell: Callable[[set[str]], None]) -> None:
        """Call `tell` after each commit that added jobs, with the lanes they are in."""
        self._on_wake.append(tell)

    @asynccontextmanager
    async def events(self, hear: Callable[[list[Event]], None]) -> AsyncIterator[None]:
        """For the body, call `hear` after each commit with what happened in it, here or, on PostgreSQL, in another
        process. It must not raise nor take long."""
        self._on_events.append(hear)
        listening = None
        if self._engine.relay is not None:
            ready = asyncio.Event()
            listening = asyncio.create_task(self._engine.relay.listen(hear, ready))
            await ready.wait()
        try:
            yield
        finally:
            self._on_events.remove(hear)
            if listening is not None:
                listening.cancel()
                with suppress(asyncio.CancelledError):
                    await listening


@asynccontextmanager
async def opened(config: Config) -> AsyncIterator[Database]:
    """The configured database with its key file, closed at the end. Raises `Invalid` where there is none."""
    if not config.database_exists():
        raise Invalid(f"There is no instance in {config.data}; make one with `fedcoop init`.")
    database = Database(config.database, readers=config.database_readers, vault=Vault(config.key_path))
    await database.open()
    try:
        yield database
    finally:
        await database.close()
