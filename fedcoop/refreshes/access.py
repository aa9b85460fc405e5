"""How far a refresh is."""

from fedcoop import clock
from fedcoop.db import Tx
from fedcoop.errors import NotFound
from fedcoop.refreshes import queries
from fedcoop.refreshes.types import EVERY, Refresh


async def find(tx: Tx, refresh_id: int) -> Refresh:
    """Raises `NotFound`."""
    found = await tx.one(queries.BY_ID, id=refresh_id)
    if found is None:
        raise NotFound
    return found


async def latest(tx: Tx, status_id: int) -> Refresh | None:
    """The refresh of a status that runs, or that ended so lately that no other is begun; else None."""
    found = await tx.one(queries.OF_STATUS, status_id=status_id)
    return found if found is not None and found.started_at > clock.now() - EVERY else None
