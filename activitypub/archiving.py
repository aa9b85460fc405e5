"""Building the archive of an account: the job `MakeArchive`. Asking for one and having it is `fedcoop.archives`.

The file has the shape of Mastodon's archives: `actor.json`, `outbox.json`, `likes.json`, `bookmarks.json`, and the
files that these name. It is written to the disk page by page and part by part, however much there is."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import msgspec

from activitypub import documents, loading
from activitypub.builders import with_context
from activitypub.builders.announce import announce
from activitypub.builders.create import create
from activitypub.federation import Federation
from fedcoop import archives, clock
from fedcoop.archives import queries
from fedcoop.archives.types import Archive
from fedcoop.db import Row, Statement
from fedcoop.errors import Gone, NotFound
from fedcoop.ids import AccountId
from fedcoop.jobs.types import MakeArchive
from fedcoop.media import files
from fedcoop.media.storage import PART, Storage

AT_ONCE = 100
_encode = msgspec.json.Encoder().encode


async def make(fed: Federation, storage: Storage, job: MakeArchive) -> None:
    """Build what a member asked for, unless it is there already or another was asked for since."""
    async with fed.db.read() as tx:
        wanted = await archives.access.of_account(tx, AccountId(job.account_id))
    if wanted is None or wanted.requested_at != job.requested_at or wanted.ready_at is not None:
        return
    place = files.workplace(fed.config) / f"{secrets.token_hex(16)}.zip"
    try:
        try:
            await _write(fed, storage, wanted, place)
        except (NotFound, Gone):
            return  # Its member has left meanwhile.
        size = (await asyncio.to_thread(place.stat)).st_size
        name = await storage.keep(place, "zip")
    finally:
        await asyncio.to_thread(partial(place.unlink, missing_ok=True))
    async with fed.db.write() as tx:
        kept = await archives.actions.finish(tx, fed.config, wanted, url=files.PREFIX + name, size=size)
    if not kept:
        await storage.remove([name])


async def _write(fed: Federation, storage: Storage, wanted: Archive, place: Path) -> None:
    account_id = wanted.account_id
    archive = await asyncio.to_thread(ZipFile, place, "w", ZIP_DEFLATED)
    try:
        actor, pictures = _own_files(await documents.actor(fed, account_id), storage)
        await asyncio.to_thread(archive.writestr, "actor.json", _encode(actor))
        await _collection(archive, "outbox", _written(fed, storage, account_id))
        await _collection(archive, "likes", _marked(fed, queries.LIKED, account_id))
        await _collection(archive, "bookmarks", _marked(fed, queries.BOOKMARKED, account_id))
        for inside, picture in pictures.items():
            await _copy(archive, storage, picture, inside)
        async for row in _rows(fed, queries.FILES, account_id):
            if name := storage.name_of(row["url"]):
                await _copy(archive, storage, name, f"media/{name}")
    finally:
        # Closing writes the directory of the file.
        await asyncio.to_thread(archive.close)


def _own_files(document: bytes, storage: Storage) -> tuple[dict[str, Any], dict[str, str]]:
    """The actor as it stands in the archive, and its pictures: the names of files by those they have there."""
    actor: dict[str, Any] = msgspec.json.decode(document)
    actor |= {each: f"{each}.json" for each in ("outbox", "likes", "bookmarks")}
    pictures = {}
    for field, stem in (("icon", "avatar"), ("image", "header")):
        picture: dict[str, Any] = actor.get(field) or {}
        if name := storage.name_of(picture.get("url", "")):
            inside = f"{stem}.{name.rpartition('.')[2]}"
            actor[field] = {**picture, "url": inside}
            pictures[inside] = name
    return actor, pictures


async def _collection(archive: ZipFile, name: str, items: AsyncIterator[Any]) -> None:
    """An OrderedCollection of everything, whose size stands at its end, when it is known."""
    head = with_context({"id": f"{name}.json", "type": "OrderedCollection"})
    entry = await asyncio.to_thread(partial(archive.open, f"{name}.json", "w", force_zip64=True))
    try:
        await asyncio.to_thread(entry.write, _encode(head)[:-1] + b',"orderedItems":[')
        count, waiting = 0, bytearray()
        async for item in items:
            waiting += (b"," if count else b"") + _encode(item)
            count += 1
            if len(waiting) > PART:
                await asyncio.to_thread(entry.write, bytes(waiting))
                waiting.clear()
        await asyncio.to_thread(entry.write, bytes(waiting) + b'],"totalItems":%d}' % count)
    finally:
        await asyncio.to_thread(entry.close)


async def _written(fed: Federation, storage: Storage, account_id: AccountId) -> AsyncIterator[dict[str, Any]]:
    """What the account posted and boosted, oldest first, whoever may see it."""
    after = 0
    while True:
        async with fed.db.read() as tx:
            found = await tx.all(queries.STATUSES, account_id=account_id, after=after, limit=AT_ONCE)
            told = await loading.all_written(tx, fed.config, found)
        for each in told:
            if each.status.reblog_of_id is not None:
                yield announce(each)
                continue
            activity = create(each)
            for attachment in activity["object"]["attachment"]:
                if name := storage.name_of(attachment["url"]):
                    attachment["url"] = f"media/{name}"
            yield activity
        if len(found) < AT_ONCE:
            return
        after = found[-1].id


async def _marked(fed: Federation, statement: Statement[Row], account_id: AccountId) -> AsyncIterator[str]:
    async for row in _rows(fed, statement, account_id):
        yield row["uri"]


async def _rows(fed: Federation, statement: Statement[Row], account_id: AccountId) -> AsyncIterator[Row]:
    """All rows of a statement, a page at a time."""
    after = 0
    while True:
        async with fed.db.read() as tx:
            found = await tx.all(statement, account_id=account_id, after=after, limit=AT_ONCE)
        for row in found:
            yield row
        if len(found) < AT_ONCE:
            return
        after = found[-1]["id"]


async def _copy(archive: ZipFile, storage: Storage, name: str, inside: str) -> None:
    """A file as it is; what is gone is left out."""
    size = await storage.size(name)
    if size is None:
        return
    said = ZipInfo(inside, clock.as_datetime(clock.now()).timetuple()[:6])
    said.compress_type = ZIP_STORED
    entry: IO[bytes] = await asyncio.to_thread(partial(archive.open, said, "w", force_zip64=True))
    try:
        async for part in storage.parts(name, 0, size):
            await asyncio.to_thread(entry.write, part)
    finally:
        await asyncio.to_thread(entry.close)
