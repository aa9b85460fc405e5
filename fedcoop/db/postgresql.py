"""PostgreSQL: a pool of asyncpg connections. Its twin is `sqlite`."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any, TypeVar

import asyncpg

from fedcoop.db.relay import AGAIN_AFTER, PROBLEMS, Relay
from fedcoop.db.statement import Bound, DialectName, Statement
from fedcoop.db.tx import Reading, made
from fedcoop.errors import Invalid, Unavailable
from fedcoop.events import Event
from fedcoop.vault import Vault

log = logging.getLogger(__name__)

T = TypeVar("T")

LOCK_TIMEOUT_MS = 10_000
WORKERS = 0x6665_6463
"""The advisory lock that every working process shares, and that only one can have who is alone."""
LAST_BREATH_MS = 1_000
"""How long the lock of a process that was just killed may last."""
CLOSING_SECONDS = 5

LOST = (
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    # What asyncpg says of a connection whose server has said goodbye and has not yet hung up.
    asyncpg.InternalClientError,
    ConnectionError,
)
"""How it shows that the server at the other end of a connection has gone away."""


class Lease:
    """One connection of the pool, for the time of a transaction."""

    connection: Any

    def __init__(self, pool: Any) -> None:
        self._pool = pool

    async def take(self) -> None:
        self.connection = await self._pool.acquire()

    async def give_back(self) -> None:
        # A connection that cannot be made ready for the next is closed by the pool: nothing that was done is lost.
        with suppress(*LOST, asyncpg.InterfaceError):
            await self._pool.release(self.connection)

    def lost_by(self, problem: Exception) -> bool:
        """Whether the connection is gone, and `problem` says nothing but that."""
        if not isinstance(problem, asyncpg.InterfaceError):
            return isinstance(problem, LOST)
        try:
            return bool(self.connection.is_closed())
        except asyncpg.InterfaceError:
            # The pool has already taken it back.
            return True

    async def renew(self, problem: Exception) -> None:
        """Take a new connection, if `problem` says that this one is lost and nothing else; raises it if not. All
        that the pool holds are as old as the lost one."""
        if not self.lost_by(problem):
            raise problem
        with suppress(asyncpg.InterfaceError):
            self.connection.terminate()
        await self.give_back()
        await self._pool.expire_connections()
        await self.take()


class PostgresTx(Reading):
    """Statements on one connection, prepared once by asyncpg and reused."""

    dialect: DialectName = "postgresql"

    def __init__(self, lease: Lease, vault: Vault) -> None:
        self.lease = lease
        self.vault = vault
        self.wake: set[str] = set()
        self.events: list[Event] = []

    async def _rows(self, statement: Statement[Any], params: dict[str, Any]) -> list[Any]:
        compiled = statement.compiled("postgresql")
        values = compiled.arrange(params)
        # What is prepared by hand is not kept, and so not planned for values in general.
        connection = self.lease.connection
        asked = await connection.prepare(compiled.sql) if statement.planned_anew else None
        rows: list[Any] = await (asked.fetch(*values) if asked else connection.fetch(compiled.sql, *values))
        return rows

    async def execute(self, statement: Statement[Any], **params: Any) -> int:
        compiled = statement.compiled("postgresql")
        # asyncpg answers with the command tag: "INSERT 0 3", "UPDATE 2".
        tag: str = await self.lease.connection.execute(compiled.sql, *compiled.arrange(params))
        return int(tag.rpartition(" ")[2])

    async def many(self, statement: Statement[Any], rows: list[dict[str, Any]]) -> None:
        if rows:
            compiled = statement.compiled("postgresql")
            await self.lease.connection.executemany(compiled.sql, [compiled.arrange(row) for row in rows])

    async def batch(self, *calls: Bound[Any]) -> list[list[Any]]:
        return [made(call.statement, await self._rows(call.statement, call.params)) for call in calls]


class PostgresReads(PostgresTx):
    """Reads that each stand alone: what a lost connection did not answer, another one is asked."""

    async def _rows(self, statement: Statement[Any], params: dict[str, Any]) -> list[Any]:
        try:
            return await super()._rows(statement, params)
        except Exception as problem:
            await self.lease.renew(problem)
            return await super()._rows(statement, params)


class PostgresEngine:
    """The pool of one database."""

    dialect: DialectName = "postgresql"

    def __init__(self, url: str, connections: int, vault: Vault) -> None:
        self.url = url
        self.vault = vault
        self.connections = connections
        self._claim: Any = None
        self._keeping: asyncio.Task[None] | None = None

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
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.wait([self._keeping])
        if self._claim is not None:
            self._claim.terminate()
        await self.relay.close()
        # A connection that is lost and does not know it would wait forever; at the end of the time all are cut.
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSING_SECONDS):
                await self._pool.close()

    @asynccontextmanager
    async def _lease(self) -> AsyncIterator[Lease]:
        lease = Lease(self._pool)
        with _troubles_told():
            await lease.take()
            try:
                yield lease
            except Exception as problem:
                if lease.lost_by(problem):
                    raise Unavailable(GONE) from problem
                raise
            finally:
                await lease.give_back()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[PostgresTx]:
        async with self._lease() as lease:
            yield PostgresReads(lease, self.vault)

    scan = read

    @asynccontextmanager
    async def write(self, *, durable: bool) -> AsyncIterator[PostgresTx]:
        async with self._lease() as lease:
            transaction = lease.connection.transaction()
            try:
                await transaction.start()
            except Exception as problem:
                await lease.renew(problem)
                transaction = lease.connection.transaction()
                await transaction.start()
            try:
                yield PostgresTx(lease, self.vault)
            except BaseException:
                # A transaction ends with its connection where that is lost.
                with suppress(*LOST, asyncpg.InterfaceError):
                    await transaction.rollback()
                raise
            await transaction.commit()

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[bool]:
        """Says whether no other process works on this database, and from then on keeps others from being
        alone, until the database is closed or the process dies. Nobody else begins while the body runs."""
        lost = await self._connect_claim()
        try:
            await self._claim.execute("SELECT pg_advisory_lock($1)", WORKERS)
        except asyncpg.LockNotAvailableError:
            await self._share_claim()
            yield False
        else:
            try:
                yield True
            finally:
                # In this order, so that no moment is without a lock.
                await self._share_claim()
                await self._claim.execute("SELECT pg_advisory_unlock($1)", WORKERS)
        self._keeping = asyncio.create_task(self._keep_claim(lost))

    async def _connect_claim(self) -> asyncio.Event:
        """The connection that a claim lives as long as; says when it is lost."""
        lost = asyncio.Event()
        self._claim = await asyncpg.connect(self.url, server_settings={"lock_timeout": str(LAST_BREATH_MS)})
        self._claim.add_termination_listener(lambda _: lost.set())
        return lost

    async def _share_claim(self) -> None:
        await self._claim.execute("SET lock_timeout = 0")
        await self._claim.execute("SELECT pg_advisory_lock_shared($1)", WORKERS)

    async def _keep_claim(self, lost: asyncio.Event) -> None:
        """A PostgreSQL that restarts forgets who works on it: tell it again, so that whoever starts then does not
        take what this process has under way for left behind. Who is quicker than that takes it, and it is done
        twice, which is as done once."""
        while True:
            await lost.wait()
            try:
                lost = await self._connect_claim()
                await self._share_claim()
            except PROBLEMS as problem:
                log.warning("PostgreSQL is not told again that this process works on it: %s", problem)
                self._claim.terminate()
                lost.set()
                await asyncio.sleep(AGAIN_AFTER)


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
    except (*LOST, asyncpg.TooManyConnectionsError) as problem:
        raise Unavailable(GONE) from problem
