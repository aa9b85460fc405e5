"""Which reports there are, and for which years one can be made."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from fedcoop import clock
from fedcoop.annual import queries
from fedcoop.annual.types import AnnualReport, Data, Kept, State
from fedcoop.db import Tx
from fedcoop.errors import NotFound

FEWEST = 10
"""So many statuses make a year worth a report."""
EARLIEST, LATEST = 2016, 9998
OFFERED_FROM = (12, 10)
"""Month and day from which on a year can be looked back at."""


def bounds(year: int) -> tuple[int, int]:
    """The year's beginning and end in milliseconds, UTC."""
    begin, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    return int(begin.timestamp() * 1000), int(end.timestamp() * 1000)


def offered() -> int | None:
    """The year that is offered now: this one, near its end."""
    today = datetime.fromtimestamp(clock.now() / 1000, UTC)
    return today.year if (today.month, today.day) >= OFFERED_FROM else None


async def state(tx: Tx, account_id: int, year: int) -> State:
    kept = await kept_of(tx, account_id, year)
    if kept is not None:
        return "available" if kept.data else "generating"
    latest = offered() or datetime.fromtimestamp(clock.now() / 1000, UTC).year - 1
    if not EARLIEST <= year <= latest:
        return "ineligible"
    begin, end = bounds(year)
    count = await tx.scalar(queries.COUNT, account_id=account_id, begin=begin << 16, end=end << 16)
    return "eligible" if count >= FEWEST else "ineligible"


async def kept_of(tx: Tx, account_id: int, year: int) -> Kept | None:
    """The report of a year, made or not; none for what can be no year."""
    if not EARLIEST <= year <= LATEST:
        return None
    return await tx.one(queries.OF_YEAR, account_id=account_id, year=year)


async def reports(tx: Tx, account_id: int) -> list[AnnualReport]:
    """All that were made, the oldest first."""
    return [_shown(kept) for kept in await tx.all(queries.OF_ACCOUNT, account_id=account_id)]


async def report(tx: Tx, account_id: int, year: int) -> AnnualReport:
    """One that was made. Raises `NotFound`."""
    kept = await kept_of(tx, account_id, year)
    if kept is None or not kept.data:
        raise NotFound
    return _shown(kept)


def _shown(kept: Kept) -> AnnualReport:
    return AnnualReport(kept.year, msgspec.json.decode(kept.data, type=Data), str(kept.account_id))
