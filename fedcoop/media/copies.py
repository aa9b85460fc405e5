"""Copies of other servers' files: which there are, which is used least, and what an address of ours stands for.
They are fetched by `activitypub.copying`, and served by `web.proxied`.

A copy goes when nobody has asked for it for some time, or, the longest unasked first, when all together grow too
large. It comes back when somebody looks again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from fedcoop import clock, jobs
from fedcoop.addresses import Kind, Variant, digest
from fedcoop.jobs.types import RemoveFiles
from fedcoop.media import queries

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fedcoop.config import Config
    from fedcoop.db import Tx
    from fedcoop.media.storage import Storage

TOUCHED_EVERY = clock.HOUR
FAILED_FOR = clock.HOUR
MOST_AT_ONCE = 500
_BY_KIND = {
    "attachments": queries.ORIGIN_OF_ATTACHMENT,
    "avatars": queries.ORIGIN_OF_AVATAR,
    "headers": queries.ORIGIN_OF_HEADER,
    "cards": queries.ORIGIN_OF_CARD,
}


class Origin(msgspec.Struct, frozen=True):
    """Where a file of another server is. `smaller` is where that server has it small, if it says so; `domain`
    is the server that it came from, empty where it is nobody's."""

    url: str
    smaller: str
    domain: str
    type: str

    def at(self, variant: Variant) -> str:
        """What is fetched for it."""
        return self.smaller if variant == "small" and self.smaller else self.url


class Copy(msgspec.Struct, frozen=True):
    """A row of `cached_files`."""

    key: str
    name: str
    size: int
    fetched_at: int
    used_at: int

    @property
    def stale(self) -> bool:
        """Is it time to try again what could not be had?"""
        return not self.name and self.fetched_at < clock.now() - FAILED_FOR

    @property
    def untouched(self) -> bool:
        return self.used_at < clock.now() - TOUCHED_EVERY


async def origin(tx: Tx, kind: Kind, key: str) -> Origin | None:
    """What an address of ours stands for: only what stands in the database can be had through us."""
    if kind == "emoji":
        row = await tx.one(queries.ORIGIN_OF_EMOJI, digest=key)
    elif key.isascii() and key.isdigit() and len(key) < 20:
        row = await tx.one(_BY_KIND[kind], id=int(key))
    else:
        return None
    return Origin(*row) if row is not None and row["url"] else None


def key_of(url: str, variant: Variant) -> str:
    return f"{variant}:{digest(url)}"


async def find(tx: Tx, key: str) -> Copy | None:
    row = await tx.one(queries.COPY, key=key)
    return Copy(*row) if row is not None else None


async def keep(tx: Tx, key: str, name: str, size: int) -> None:
    """Remember a copy, or with an empty `name` that there is none."""
    now = clock.now()
    await tx.execute(queries.KEEP_COPY, key=key, name=name, size=size, fetched_at=now, used_at=now)


async def touch(tx: Tx, key: str) -> None:
    """Somebody has looked at it."""
    await tx.execute(queries.TOUCH_COPY, of_key=key, at=clock.now())


async def know_emoji(tx: Tx, domain: str, urls: Iterable[str]) -> None:
    """From now on these pictures can be had through us."""
    rows = [{"digest": digest(url), "url": url, "domain": domain} for url in dict.fromkeys(urls) if url]
    if rows:
        await tx.many(queries.KNOW_EMOJI, rows)


async def clean_up(tx: Tx, storage: Storage, config: Config) -> bool:
    """Remove what is old or too much; says whether there may be more."""
    before = clock.now() - config.media_cache_days * clock.DAY
    gone = await tx.all(queries.OLDEST_COPIES, before=before, most=MOST_AT_ONCE)
    if not gone:
        over = (await tx.scalar(queries.SIZE_OF_COPIES) or 0) - config.media_cache_bytes
        for row in await tx.all(queries.OLDEST_COPIES, before=clock.now() + 1, most=MOST_AT_ONCE):
            if over <= 0:
                break
            over -= row["size"]
            gone.append(row)
    if gone:
        await tx.execute(queries.FORGET_COPIES, keys=[row["key"] for row in gone])
        await jobs.add(tx, RemoveFiles(urls=[storage.address(row["name"]) for row in gone if row["name"]]))
    return len(gone) == MOST_AT_ONCE
