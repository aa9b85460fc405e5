"""What an administrator sees of deliveries, and what they can do about it."""

import msgspec

from activitypub.delivery import queries
from activitypub.federation import DELIVER
from fedcoop import clock
from fedcoop.db import Tx

KEPT_MS = 14 * clock.DAY
"""Deliveries that were given up stay visible for so long."""


class HostState(msgspec.Struct, frozen=True):
    """A host as deliveries know it. Times are milliseconds since the epoch."""

    domain: str
    failures: int
    first_failure_at: int | None
    retry_at: int | None
    last_success_at: int | None
    last_failure_at: int | None
    last_error: str
    waiting: int
    given_up: int


async def hosts(tx: Tx, limit: int = 500) -> list[HostState]:
    """Hosts, the failing ones first. Counts many rows: open the transaction with `db.scan()`."""
    return [HostState(*row) for row in await tx.all(queries.OVERVIEW, limit=limit)]


async def retry_host(tx: Tx, host: str) -> int:
    """Try everything for a host again now, also what was given up; how many deliveries that is."""
    now = clock.now()
    await tx.execute(queries.REST_NO_LONGER, host=host, now=now)
    found = await tx.execute(queries.RETRY_HOST, to_host=host, now=now)
    tx.wake.add(DELIVER)
    return found


async def stop_host(tx: Tx, host: str) -> int:
    """Give up everything that waits for a host; how many deliveries that is."""
    return await tx.execute(queries.STOP_HOST, to_host=host)


async def clean_up(tx: Tx) -> None:
    """Forget what was given up two weeks ago, and bodies that nothing waits for."""
    before = clock.now() - KEPT_MS
    await tx.execute(queries.FORGET_ENDED, before=before)
    await tx.execute(queries.FORGET_BODIES, before=clock.now() - clock.HOUR)
