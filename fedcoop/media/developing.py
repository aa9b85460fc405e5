"""The jobs of media: converting what waits, and removing files that no row names any more. They are added by
`actions`."""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from typing import TYPE_CHECKING

from fedcoop.errors import Invalid
from fedcoop.media import actions, files, processing, queries
from fedcoop.media.types import WAITING

if TYPE_CHECKING:
    from fedcoop.config import Config
    from fedcoop.db import Database
    from fedcoop.jobs.types import ProcessMedia, RemoveFiles
    from fedcoop.media.storage import Storage

log = logging.getLogger("fedcoop.media")

LOST = "File was lost before it could be converted; upload it once more"


async def process(db: Database, config: Config, storage: Storage, job: ProcessMedia) -> None:
    """Convert an upload. Where that fails its owner is told when they ask; doing it twice does nothing."""
    upload = files.workplace(config) / job.upload
    async with db.read() as tx:
        row = await tx.one(queries.BY_ID, id=job.media_id)
    if row is not None and row["processing"] == WAITING:
        try:
            if not await asyncio.to_thread(upload.is_file):
                raise Invalid(LOST)
            async with processing.filmed(storage, config, upload) as made:
                async with db.write() as tx:
                    wanted = await actions.finish(tx, storage, config, job.media_id, made)
                if not wanted:
                    await storage.remove(made.names)
        except Invalid as problem:
            log.info("refused a film: %s", problem.message)
            async with db.write() as tx:
                await tx.execute(queries.FAIL, media_id=job.media_id, why=problem.message)
    await asyncio.to_thread(partial(upload.unlink, missing_ok=True))


async def remove(storage: Storage, job: RemoveFiles) -> None:
    """Remove files by their addresses; those that are not ours are left alone."""
    await storage.remove(name for url in job.urls if (name := storage.name_of(url)))
