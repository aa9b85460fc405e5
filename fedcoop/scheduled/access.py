"""Finding one's own scheduled statuses."""

from __future__ import annotations

from fedcoop.db import Tx
from fedcoop.errors import NotFound
from fedcoop.paging import Page
from fedcoop.scheduled import queries
from fedcoop.scheduled.types import Scheduled


async def find(tx: Tx, account_id: int, id: int) -> Scheduled:
    """One's own. Raises `NotFound`, also when it was published."""
    found = await tx.one(queries.BY_ID, id=id)
    if found is None or found.account_id != account_id:
        raise NotFound
    return found


async def page(tx: Tx, account_id: int, page: Page) -> list[Scheduled]:
    """A page of them, the last written first."""
    return await queries.PAGE.all(tx, page, account_id=account_id)
