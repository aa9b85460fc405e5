"""Adding, describing and removing uploads. Their files are made beforehand by `processing`, and removed by a job
after the rows are gone."""

from __future__ import annotations

import math
from typing import Any

import msgspec

from fedcoop import clock, ids, jobs
from fedcoop.config import Config
from fedcoop.db import Row, Tx
from fedcoop.errors import Conflict, Invalid
from fedcoop.ids import AccountId, MediaId
from fedcoop.jobs.types import RemoveFiles
from fedcoop.media import access, files, queries
from fedcoop.media.types import Made
from fedcoop.text import fit

LONGEST_DESCRIPTION = 10_000
KEPT_UNUSED = clock.DAY
MOST_AT_ONCE = 500


async def add(
    tx: Tx,
    config: Config,
    account_id: AccountId,
    made: Made,
    *,
    thumbnail: Made | None = None,
    description: str | None = None,
    focus: str | None = None,
) -> MediaId:
    """Keep an upload until a status takes it. Raises `Invalid` for a description or a focal point that cannot
    be."""
    media_id = MediaId(ids.new_id())
    small = thumbnail.full if thumbnail else made.preview
    meta: dict[str, Any] = {"original": made.full.size}
    if small:
        meta["small"] = small.size
    if point := _focus(focus):
        meta["focus"] = point
    await tx.execute(
        queries.INSERT,
        id=media_id,
        account_id=account_id,
        status_id=None,
        position=0,
        type="image",
        mime_type=made.full.mime_type,
        url=_url(config, made.full.name),
        preview_url=_url(config, small.name) if small else "",
        remote_url=None,
        description=_described(description),
        blurhash=(thumbnail or made).blurhash,
        meta=msgspec.json.encode(meta).decode(),
        created_at=clock.now(),
    )
    if thumbnail and made.preview:
        await jobs.add(tx, RemoveFiles(urls=[files.address(made.preview.name)]))
    return media_id


async def describe(
    tx: Tx,
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
        await jobs.add(tx, RemoveFiles(urls=[preview_url]))
        preview_url = _url(config, thumbnail.full.name)
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


def _url(config: Config, name: str) -> str:
    return config.base_url + files.address(name)


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
