"""Finding reports. Who may is asked at the edge: staff alone."""

from fedcoop.db import Tx
from fedcoop.errors import NotFound
from fedcoop.paging import Page
from fedcoop.reports import queries
from fedcoop.reports.types import Report, Wanted


async def find(tx: Tx, id_: int) -> Report:
    """The report with this id. Raises `NotFound`."""
    report = await tx.one(queries.BY_ID, id=id_)
    if report is None:
        raise NotFound
    return report


async def page(tx: Tx, page: Page, wanted: Wanted) -> list[Report]:
    """Open or resolved reports, newest first."""
    listed = queries.RESOLVED if wanted.resolved else queries.OPEN
    return await listed.all(tx, page, account_id=wanted.account_id or 0, target_id=wanted.target_id or 0)


async def count_open(tx: Tx) -> int:
    """How many wait for somebody."""
    return int(await tx.scalar(queries.COUNT_OPEN))
