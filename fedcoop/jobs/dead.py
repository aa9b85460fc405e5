"""Jobs that were given up: they stay, with their error, until somebody has them done after all or they are
forgotten. How a job comes here is in `worker`."""

from fedcoop import clock
from fedcoop.db import Tx
from fedcoop.errors import NotFound
from fedcoop.jobs import queries
from fedcoop.jobs.types import LANES, DeadJob, Lane

KEPT = 30 * clock.DAY
MOST = 500


async def dead(tx: Tx, lane: Lane | None = None, *, limit: int = MOST) -> list[DeadJob]:
    """The jobs that were given up, latest first; of one lane, where one is named."""
    if lane is None:
        return await tx.all(queries.DEAD_JOBS, limit=limit)
    return await tx.all(queries.DEAD_IN_LANE, lane=lane, limit=limit)


async def revive(tx: Tx, job_id: int) -> None:
    """Have one done after all, as if it were new. Raises `NotFound` where no such job was given up."""
    if not await tx.execute(queries.REVIVE, job_id=job_id, at=clock.now()):
        raise NotFound(f"No job {job_id} was given up.")
    tx.wake.update(LANES)


async def revive_all(tx: Tx, lane: Lane) -> int:
    """Have all of a lane done after all; how many."""
    found = await tx.execute(queries.REVIVE_LANE, of_lane=lane, at=clock.now())
    tx.wake.add(lane)
    return found


async def forget(tx: Tx) -> None:
    """Forget those that were given up a month ago."""
    await tx.execute(queries.BURIED_LONG_AGO, before=clock.now() - KEPT)
