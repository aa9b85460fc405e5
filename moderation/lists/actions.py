"""Subscribing to shared lists. What becomes of what they say is in `proposing`."""

from fedcoop import clock, jobs
from fedcoop.db import Tx
from fedcoop.jobs.deciding import ReadSharedList

from . import queries
from .types import SharedList


async def subscribe(tx: Tx, url: str, title: str, *, because: str) -> None:
    """Read a list from now on. One that is read already gets the new title."""
    added = await tx.execute(
        queries.ADD,
        url=url,
        title=title,
        because=because,
        subscribed_at=clock.now(),
        read_at=None,
        problem="",
    )
    if not added:
        await tx.execute(queries.RENAME, of_list=url, new_title=title)
    else:
        await jobs.ensure(tx, ReadSharedList(url=url), run_at=clock.now())


async def unsubscribe(tx: Tx, url: str) -> None:
    """Read a list no more; what was decided because of it stays decided."""
    await tx.execute(queries.REMOVE_ENTRIES, url=url)
    await tx.execute(queries.REMOVE, url=url)


async def subscribed(tx: Tx) -> list[SharedList]:
    """Every list that is read."""
    return await tx.all(queries.ALL)


async def restricted_because_of(tx: Tx, url: str) -> int:
    """How many servers are restricted that were proposed because of a list."""
    return int(await tx.scalar(queries.COUNT_RESTRICTED, url=url) or 0)


async def failed(tx: Tx, url: str, why: str) -> None:
    """Remember why a list could not be read."""
    await tx.execute(queries.FAILED, of_list=url, why=why[:500])
