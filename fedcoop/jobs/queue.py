"""Adding jobs, inside the transaction that makes them necessary. They run in `worker`."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any

import msgspec

from fedcoop import clock, ids
from fedcoop.db import Bound, Database, Row, Tx
from fedcoop.jobs import queries
from fedcoop.jobs.types import Job

_encode = msgspec.json.Encoder().encode

doing: ContextVar[int | None] = ContextVar("doing", default=None)
"""The id of the job that is being done; the worker sets it."""


async def add(tx: Tx, job: Job, *, run_at: int | None = None) -> None:
    """Have `job` done once this transaction is committed, or at `run_at` (milliseconds since the epoch)."""
    await tx.execute(queries.ADD, **_row(job, run_at))
    tx.wake.add(job.lane)


def adding(tx: Tx, job: Job) -> Bound[Row]:
    """The statement that `add` would run, for `Tx.batch`."""
    tx.wake.add(job.lane)
    return queries.ADD.bind(**_row(job, None))


async def add_all(tx: Tx, several: Sequence[Job]) -> None:
    """The same for many at once."""
    await tx.many(queries.ADD, [_row(job, None) for job in several])
    tx.wake.update(job.lane for job in several)


def _row(job: Job, run_at: int | None) -> dict[str, Any]:
    now = clock.now()
    return {
        "id": ids.new_id(),
        "kind": job.__struct_config__.tag,
        "lane": job.lane,
        "body": _encode(job).decode(),
        "run_at": now if run_at is None else run_at,
        "attempts": 0,
        "claimed_until": 0,
        "dead_at": None,
        "last_error": "",
        "created_at": now,
    }


async def ensure(tx: Tx, job: Job, *, run_at: int) -> None:
    """Have a job done that comes back by itself, unless one of its kind is waiting already."""
    if not await tx.scalar(queries.WAITS, kind=job.__struct_config__.tag):
        await add(tx, job, run_at=run_at)


async def finish(tx: Tx) -> None:
    """Forget the job that is being done, in the transaction of its effect: whatever happens to the process,
    it has this effect once. Without this a job may have it twice."""
    job_id = doing.get()
    if job_id is not None:
        await tx.execute(queries.DONE, ids=[job_id])


@asynccontextmanager
async def effect(db: Database) -> AsyncIterator[Tx]:
    """The transaction in which the job that is being done has all of its effect, and is forgotten (`finish`)."""
    async with db.write() as tx:
        await finish(tx)
        yield tx
