"""Beginning to look at a thread of another server again, and telling how that goes."""

from fedcoop import clock, ids, jobs
from fedcoop.db import Tx
from fedcoop.jobs.types import RefreshThread
from fedcoop.refreshes import access, queries
from fedcoop.refreshes.types import Refresh


async def begin(tx: Tx, status_id: int) -> Refresh:
    """Have the thread below a status looked at, unless it was lately: then that one is answered."""
    before = await access.latest(tx, status_id)
    if before is not None:
        return before
    refresh = Refresh(id=ids.new_id(), status_id=status_id, started_at=clock.now(), finished_at=None, found=0)
    await tx.execute(queries.FORGET, status_id=status_id)
    await tx.execute(
        queries.BEGIN,
        id=refresh.id,
        status_id=status_id,
        started_at=refresh.started_at,
        finished_at=None,
        found=0,
    )
    await jobs.add(tx, RefreshThread(status_id=status_id, refresh_id=refresh.id))
    return refresh


async def tell(tx: Tx, refresh_id: int, *, more: int, ended: bool) -> None:
    """So many statuses were new; `ended` says that no more are looked for."""
    ended_at = clock.now() if ended else None
    await tx.execute(queries.TELL, refresh_id=refresh_id, more=more, ended_at=ended_at)
