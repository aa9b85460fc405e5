"""Reading announcements. Making them, and putting emoji on them, is `actions`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from msgspec import UNSET, Raw

from fedcoop import clock
from fedcoop.accounts.entities import CustomEmoji
from fedcoop.accounts.hydrate import emojis
from fedcoop.announcements import queries
from fedcoop.announcements.types import Announcement, AnnouncementEntity, Reaction
from fedcoop.db import Row, Tx
from fedcoop.emoji.access import between_colons, named_in
from fedcoop.errors import NotFound


async def current(
    tx: Tx, viewer: int, base_url: str, *, with_dismissed: bool = False
) -> list[AnnouncementEntity]:
    """What is announced now and the member has not dismissed, in two statements, or three where emoji
    of ours are named."""
    rows = await tx.all(queries.CURRENT, viewer=viewer, now=clock.now())
    return await _shown(tx, viewer, base_url, [row for row in rows if with_dismissed or not row["read"]])


async def one(tx: Tx, viewer: int, base_url: str, id: int) -> AnnouncementEntity:
    """One as the member sees it, or as nobody in particular does where `viewer` is 0. Raises `NotFound`."""
    row = await tx.one(queries.ONE, id=id, viewer=viewer)
    if row is None:
        raise NotFound
    return (await _shown(tx, viewer, base_url, [row]))[0]


async def reaction(tx: Tx, base_url: str, id: int, name: str) -> Reaction:
    """How many have put this emoji."""
    count = await tx.scalar(queries.COUNT, announcement_id=id, name=name)
    found = Reaction(name=name, count=int(count or 0), announcement_id=str(id))
    _picture(found, await _ours(tx, base_url, [f":{name}:"]))
    return found


async def everything(tx: Tx, limit: int) -> list[Announcement]:
    """Also what is over, the newest first."""
    return await tx.all(queries.ALL, limit=limit)


async def _shown(tx: Tx, viewer: int, base_url: str, rows: Iterable[Row]) -> list[AnnouncementEntity]:
    found = [(bool(row["read"]), Announcement(*tuple(row)[1:])) for row in rows]
    reactions: defaultdict[int, list[Reaction]] = defaultdict(list)
    if found:
        ids = [each.id for _, each in found]
        for id_, name, count, me in await tx.all(queries.REACTIONS, ids=ids, viewer=viewer):
            mine = bool(me) if viewer else UNSET
            reactions[id_].append(Reaction(name=name, count=count, me=mine))
    named = [f":{each.name}:" for put in reactions.values() for each in put if each.name.isascii()]
    ours = await _ours(tx, base_url, [each.content for _, each in found] + named)
    for put in reactions.values():
        for reaction in put:
            _picture(reaction, ours)
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
            emojis=[ours[name] for name in between_colons(each.content) if name in ours],
            reactions=reactions[each.id],
        )
        for read, each in found
    ]


async def _ours(tx: Tx, base_url: str, texts: list[str]) -> dict[str, CustomEmoji]:
    """The custom emoji of this server that these texts name, by shortcode."""
    found = emojis(await named_in(tx, *texts), base_url, local=True)
    return {each.shortcode: each for each in found}


def _picture(reaction: Reaction, ours: dict[str, CustomEmoji]) -> None:
    """A reaction that is one of them has a picture."""
    if known := ours.get(reaction.name):
        reaction.url, reaction.static_url = known.url, known.static_url
