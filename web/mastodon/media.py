"""Uploading pictures, films and sounds, and describing them. https://docs.joinmastodon.org/methods/media/
They hang on statuses by `statuses`, and are served by `web.media`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import msgspec

from fedcoop import media
from fedcoop.config import Config
from fedcoop.db import Tx
from fedcoop.errors import Invalid
from fedcoop.ids import MediaId
from fedcoop.media import films, processing
from fedcoop.media.storage import Storage
from fedcoop.media.types import WAITING, Made, Waiting
from fedcoop.statuses.entities import MediaAttachment
from fedcoop.statuses.shown import media_entity
from web.api import api
from web.call import Call
from web.limits import MEDIA
from web.params import Upload


class UploadParams(msgspec.Struct, kw_only=True):
    file: Upload | None = None
    thumbnail: Upload | None = None
    description: str | None = None
    focus: str | None = None


class MediaParams(msgspec.Struct, kw_only=True):
    id: MediaId


class DescribeParams(MediaParams, kw_only=True):
    thumbnail: Upload | None = None
    description: str | None = None
    focus: str | None = None


@api.post("/api/v2/media", scope="write:media", limit=MEDIA, uploads=True)
async def upload(call: Call, params: UploadParams) -> MediaAttachment:
    """Pictures are ready when this answers; films and sounds are converted later, which 202 says."""
    return await _uploaded(call, params, wait=False)


@api.post("/api/v1/media", scope="write:media", limit=MEDIA, uploads=True)
async def upload_and_wait(call: Call, params: UploadParams) -> MediaAttachment:
    """The same, but it answers when everything is ready."""
    return await _uploaded(call, params, wait=True)


async def _uploaded(call: Call, params: UploadParams, *, wait: bool) -> MediaAttachment:
    if params.file is None:
        raise Invalid("File can't be blank", field="file")
    what = await asyncio.to_thread(processing.kind_of, call.config, params.file.file)
    async with _thumbnail(call, params.thumbnail) as thumbnail:
        if what.kind == "picture":
            use: processing.Use = "still" if films.available(call.config) else "attachment"
            try:
                async with processing.taken(call.storage, call.config, params.file.file, use) as made:
                    return await _added(call, params, made, thumbnail)
            except processing.Moving:
                pass  # it is shown as a film
        aside = await processing.set_aside(call.config, params.file.file)
        try:
            if wait:
                async with processing.filmed(call.storage, call.config, aside.path) as made:
                    added = await _added(call, params, made, thumbnail)
                await asyncio.to_thread(aside.path.unlink)
                return added
            call.status = 202
            return await _added(call, params, aside.waiting, thumbnail)
        except BaseException:
            await asyncio.to_thread(aside.path.unlink, missing_ok=True)
            raise


async def _added(
    call: Call, params: UploadParams, made: Made | Waiting, thumbnail: Made | None
) -> MediaAttachment:
    async with call.db.write() as tx:
        media_id = await media.actions.add(
            tx,
            call.storage,
            call.config,
            call.account_id,
            made,
            thumbnail=thumbnail,
            description=params.description,
            focus=params.focus,
        )
        return await _shown(tx, call, media_id)


@asynccontextmanager
async def _thumbnail(call: Call, upload: Upload | None) -> AsyncIterator[Made | None]:
    if upload is None:
        yield None
        return
    async with processing.taken(call.storage, call.config, upload.file, "thumbnail", "thumbnail") as made:
        yield made


@api.get("/api/v1/media/{id}", scope="write:media")
async def show(call: Call, params: MediaParams) -> MediaAttachment:
    """206 says that it is still being converted. Raises `Invalid` where that failed."""
    async with call.db.read() as tx:
        row = await media.access.own(tx, call.account_id, params.id)
    if row["processing"] == WAITING:
        call.status = 206
    elif row["processing"]:
        raise Invalid(row["processing"])
    return media_entity(row, call.config.base_url)


@api.put("/api/v1/media/{id}", scope="write:media", uploads=True)
async def describe(call: Call, params: DescribeParams) -> MediaAttachment:
    """Until a status has it; then `media_attributes` of editing that status does."""
    async with call.db.read() as tx:
        await media.access.free(tx, call.account_id, params.id)
    async with _thumbnail(call, params.thumbnail) as thumbnail, call.db.write() as tx:
        row = await media.access.free(tx, call.account_id, params.id)
        await media.actions.describe(
            tx,
            call.storage,
            call.config,
            row,
            description=params.description,
            focus=params.focus,
            thumbnail=thumbnail,
        )
        return await _shown(tx, call, params.id)


@api.delete("/api/v1/media/{id}", scope="write:media")
async def remove(call: Call, params: MediaParams) -> None:
    async with call.db.write() as tx:
        await media.actions.remove(tx, call.account_id, params.id)


async def _shown(tx: Tx, call: Call, media_id: MediaId) -> MediaAttachment:
    row = await media.access.own(tx, call.account_id, media_id)
    return media_entity(row, call.config.base_url)


@asynccontextmanager
async def profile_pictures(
    storage: Storage, config: Config, *, avatar: Upload | None, header: Upload | None
) -> AsyncIterator[dict[str, str]]:
    """The addresses of new pictures of a profile, by their names; the files go again if saving them fails."""
    async with AsyncExitStack() as stack:
        found: dict[str, str] = {}
        uses: tuple[tuple[processing.Use, Upload | None], ...] = (("avatar", avatar), ("header", header))
        for use, upload in uses:
            if upload is not None:
                made = await stack.enter_async_context(
                    processing.taken(storage, config, upload.file, use, use)
                )
                found[use] = storage.address(made.full.name)
                found[f"{use}_static"] = storage.address(made.still.name) if made.still else ""
        yield found
