"""Adding, describing and removing uploads. Their files are made beforehand by `processing`, or by the job
`developing`, and removed by a job after the rows are gone."""

from __future__ import annotations

import math
from typing import Any

import msgspec

from fedcoop import clock, ids, jobs
from fedcoop.addresses import absolute
from fedcoop.config import Config
from fedcoop.db import Row, Tx
from fedcoop.errors import Conflict, Invalid
from fedcoop.ids import AccountId, MediaId
from fedcoop.jobs.types import ProcessMedia, RemoveFiles
from fedcoop.media import access, queries
from fedcoop.media.storage import Storage
from fedcoop.media.types import WAITING, Made, Waiting
from fedcoop.text import fit

LONGEST_DESCRIPTION = 10_000
KEPT_UNUSED = clock.DAY
MOST_AT_ONCE = 500


async def add(
    tx: Tx,
    storage: Storage,
    config: Config,
    account_id: AccountId,
    made: Made | Waiting,
    *,
    thumbnail: Made | None = None,
    description: str | None = None,
    focus: str | None = None,
) -> MediaId:
    """Keep an upload until a status takes it; a film that waits is converted by a job. Raises `Invalid` for a
    description or a focal point that cannot be."""
    media_id = MediaId(ids.new_id())
    meta = made.meta if isinstance(made, Made) else {}
    if thumbnail:
        meta["small"] = thumbnail.full.size
    if point := _focus(focus):
        meta["focus"] = point
    small = thumbnail.full if thumbnail else made.preview if isinstance(made, Made) else None
    blur = thumbnail or made
    ready = isinstance(made, Made)
    await tx.execute(
        queries.INSERT,
        id=media_id,
        account_id=account_id,
        status_id=None,
        position=0,
        type=made.kind,
        mime_type=made.full.mime_type if isinstance(made, Made) else "",
        url=_url(config, storage, made.full.name) if isinstance(made, Made) else "",
        preview_url=_url(config, storage, small.name) if small else "",
        remote_url=None,
        description=_described(description),
        blurhash=blur.blurhash if isinstance(blur, Made) else None,
        meta=msgspec.json.encode(meta).decode(),
        processing="" if ready else WAITING,
        created_at=clock.now(),
    )
    if isinstance(made, Waiting):
        await jobs.add(tx, ProcessMedia(media_id=media_id, upload=made.upload))
    elif thumbnail and made.preview:
        await jobs.add(tx, RemoveFiles(urls=[storage.address(made.preview.name)]))
    return media_id


async def finish(tx: Tx, storage: Storage, config: Config, media_id: int, made: Made) -> bool:
    """What a waiting upload became. A thumbnail that was chosen stays, and so does what was said of it meanwhile.
    False where nobody waits for it any more."""
    row = await tx.one(queries.BY_ID, id=media_id)
    if row is None or row["processing"] != WAITING:
        return False
    said: dict[str, Any] = msgspec.json.decode(row["meta"]) if row["meta"] else {}
    chosen = row["preview_url"]
    preview = _url(config, storage, made.preview.name) if made.preview else ""
    await tx.execute(
        queries.FINISH,
        media_id=media_id,
        new_type=made.kind,
        new_mime_type=made.full.mime_type,
        new_url=_url(config, storage, made.full.name),
        new_preview_url=chosen or preview,
        new_blurhash=row["blurhash"] or made.blurhash,
        new_meta=msgspec.json.encode(made.meta | said).decode(),
    )
    if chosen and made.preview:
        await jobs.add(tx, RemoveFiles(urls=[preview]))
    return True


async def describe(
    tx: Tx,
    storage: Storage,
    config: Config,
    row: Row,
    *,
    description: str | None = None,
    focus: str | None = None,
    thumbnail: Made | None = None,
) -> None:
    """Change what was sent of an upload; None stays as it is. Raises `Invalid` as `add` does."""
    meta: dict[str, Any] = msgspec.json.decode(row["meta"]) if row["meta"] else {}
    preview_url = row["preview_url"]
    if point := _focus(focus):
        meta["focus"] = point
    if thumbnail:
        meta["small"] = thumbnail.full.size
        if preview_url:
            await jobs.add(tx, RemoveFiles(urls=[preview_url]))
        preview_url = _url(config, storage, thumbnail.full.name)
    await tx.execute(
        queries.DESCRIBE,
        media_id=row["id"],
        new_description=row["description"] if description is None else _described(description),
        new_meta=msgspec.json.encode(meta).decode(),
        new_preview_url=preview_url,
    )


async def remove(tx: Tx, account_id: AccountId, media_id: MediaId) -> None:
    """Remove an upload that no status has. Raises `NotFound`, or `Conflict` where one has it."""
    await access.own(tx, account_id, media_id)
    gone = await tx.all(queries.DELETE_FREE, id=media_id)
    if not gone:
        raise Conflict("Media attachment is currently used by a status")
    await jobs.add(tx, RemoveFiles(urls=addresses(gone)))


async def clean_up(tx: Tx) -> bool:
    """Remove uploads that no status took within a day; says whether there may be more."""
    old = await tx.scalars(queries.OLD_FREE, before=clock.now() - KEPT_UNUSED, most=MOST_AT_ONCE)
    if old and (gone := await tx.all(queries.DELETE_OLD_FREE, ids=old)):
        await jobs.add(tx, RemoveFiles(urls=addresses(gone)))
    return len(old) == MOST_AT_ONCE


def addresses(rows: list[Row]) -> list[str]:
    """Where the files of these uploads are served."""
    return [url for row in rows for url in dict.fromkeys((row["url"], row["preview_url"])) if url]


def _url(config: Config, storage: Storage, name: str) -> str:
    return absolute(storage.address(name), config.base_url)


def _described(text: str | None) -> str | None:
    text = fit(text or "").strip()
    if len(text) > LONGEST_DESCRIPTION:
        raise Invalid(
            f"Description is too long (maximum is {LONGEST_DESCRIPTION} characters)", field="description"
        )
    return text or None


def _focus(text: str | None) -> dict[str, float] | None:
    """`x,y` from the middle, each from -1 to 1, as clients send it."""
    if not text:
        return None
    try:
        x, y = (float(part) for part in text.split(","))
    except ValueError:
        x = y = math.nan
    if not (math.isfinite(x) and math.isfinite(y)):
        raise Invalid("Focus must be two numbers from -1 to 1 with a comma between", field="focus")
    return {"x": max(-1.0, min(1.0, x)), "y": max(-1.0, min(1.0, y))}
