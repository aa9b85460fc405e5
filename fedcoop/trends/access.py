"""What is shown as a trend, to whom, and how much something was used on each of the last seven days."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Literal

from fedcoop import clock
from fedcoop.cards.types import Card
from fedcoop.config import Config
from fedcoop.db import Row, Tx
from fedcoop.errors import NotFound
from fedcoop.paging import Page
from fedcoop.timelines.refs import Ref
from fedcoop.trends import queries
from fedcoop.trends.types import Day

DAYS = 7
History = list[Day]


def _which(config: Config, limit: int, offset: int, staff: bool) -> dict[str, Any]:
    return {
        "limit": 0 if config.trends == "off" and not staff else limit,
        "offset": offset,
        "unseen": config.trends == "all",
        "all": staff,
    }


async def tags(tx: Tx, config: Config, limit: int, offset: int, *, staff: bool = False) -> list[Row]:
    """Hashtags (id, name, display_name, allowed). `staff` sees also what is not shown."""
    return await tx.all(queries.TAGS, **_which(config, limit, offset, staff))


async def links(tx: Tx, config: Config, limit: int, offset: int, *, staff: bool = False) -> list[Card]:
    return await tx.all(queries.LINKS, **_which(config, limit, offset, staff))


async def statuses(
    tx: Tx, config: Config, viewer: int, limit: int, offset: int, *, staff: bool = False
) -> list[Ref]:
    """Statuses, without those of accounts that the viewer blocks or mutes."""
    which = _which(config, limit, offset, staff)
    return await tx.all(queries.STATUSES, viewer=viewer, now=clock.now(), **which)


async def linking(tx: Tx, config: Config, viewer: int, url: str, page: Page) -> list[Ref]:
    """Public statuses with a link to a page that is a trend. Raises `NotFound` for any other."""
    card_id = await tx.scalar(queries.ALLOWED_LINK, url=url, **_which(config, 1, 0, False))
    if card_id is None:
        raise NotFound
    return await queries.LINKING.all(tx, page, viewer=viewer, card_id=card_id, now=clock.now())


async def days(tx: Tx, kind: Literal["tag", "link"], ids: Collection[int]) -> dict[int, History]:
    """By id, today first. Open the transaction with `scan`."""
    today = clock.now() // clock.DAY
    query = queries.TAG_DAYS if kind == "tag" else queries.LINK_DAYS
    since = (today - DAYS + 1) * clock.DAY << 16
    rows = await tx.all(query, ids=list(ids), since_id=since) if ids else []
    found = {(row[0], row[1]): (row[2], row[3]) for row in rows}
    return {
        id_: [_day(today - ago, *found.get((id_, today - ago), (0, 0))) for ago in range(DAYS)] for id_ in ids
    }


def _day(day: int, uses: int, accounts: int) -> Day:
    return Day(day=str(day * clock.DAY // clock.SECOND), accounts=str(accounts), uses=str(uses))


async def unreviewed(tx: Tx, ids: Collection[int]) -> set[int]:
    """Those of these hashtags that nobody has allowed."""
    rows = await tx.all(queries.REVIEWS, kind="tag", ids=list(ids))
    return set(ids) - {row["subject_id"] for row in rows if row["allowed"]}
