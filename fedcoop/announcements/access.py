"""Reading announcements. Making them, and putting emoji on them, is `actions`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from msgspec import UNSET, Raw

from fedcoop import clock
from fedcoop.announcements import queries
from fedcoop.announcements.types import Announcement, AnnouncementEntity, Reaction
from fedcoop.db import Row, Tx
from fedcoop.errors import NotFound


async def current(tx: Tx, viewer: int, *, with_dismissed: bool = False) -> list[AnnouncementEntity]:
    """What is announced now and the member has not dismissed, in two statements."""
    rows = await tx.all(queries.CURRENT, viewer=viewer, now=clock.now())
    return await _shown(tx, viewer, [row for row in rows if with_dismissed or not row["read"]])


async def one(tx: Tx, viewer: int, id: int) -> AnnouncementEntity:
    """One as the member sees it, or as nobody in particular does where `viewer` is 0. Raises `NotFound`."""
    row = await tx.one(queries.ONE, id=id, viewer=viewer)
    if row is None:
        raise NotFound
    return (await _shown(tx, viewer, [row]))[0]


async def reaction(tx: Tx, id: int, name: str) -> Reaction:
    """How many have put this emoji."""
    count = await tx.scalar(queries.COUNT, announcement_id=id, name=name)
    return Reaction(name=name, count=int(count or 0), announcement_id=str(id))


async def everything(tx: Tx, limit: int) -> list[Announcement]:
    """Also what is over, the newest first."""
    return await tx.all(queries.ALL, limit=limit)


async def _shown(tx: Tx, viewer: int, rows: Iterable[Row]) -> list[AnnouncementEntity]:
    found = [(bool(row["read"]), Announcement(*tuple(row)[1:])) for row in rows]
    reactions: defaultdict[int, list[Reaction]] = defaultdict(list)
    if found:
        ids = [each.id for _, each in found]
        for id_, name, count, me in await tx.all(queries.REACTIONS, ids=ids, viewer=viewer):
            mine = bool(me) if viewer else UNSET
            reactions[id_].append(Reaction(name=name, count=count, me=mine))
    return [
        AnnouncementEntity(
            id=str(each.id),
            content=each.content,
            starts_at=clock.iso_or_none(each.starts_at),
            ends_at=clock.iso_or_none(each.ends_at),
            all_day=each.all_day,
            published_at=clock.iso(each.published_at),
            updated_at=clock.iso(each.updated_at),
            read=read if viewer else UNSET,
            mentions=Raw(each.mentions.encode()),
            tags=Raw(each.tags.encode()),
            reactions=reactions[each.id],
        )
        for read, each in found
    ]
