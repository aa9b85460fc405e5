"""Fetches copies of other servers' files when somebody first looks at them. Which there are is
`fedcoop.media.copies`; `web.proxied` serves them.

A copy is what its first bytes say, whatever the other server called it, and only of the kinds that are taken as
uploads too. Small pictures are drawn anew by the same confined process.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from typing import TYPE_CHECKING

from activitypub.errors import FetchError, TooLarge
from fedcoop.addresses import Variant
from fedcoop.media import copies, files, processing, storage
from fedcoop.media.sniffing import NEEDED, Sniffed, sniffed

if TYPE_CHECKING:
    from pathlib import Path

    from activitypub.federation import Federation
    from fedcoop.media.copies import Origin

log = logging.getLogger("fedcoop.media")

ACCEPT = "image/avif, image/webp, image/*, video/*, audio/*;q=0.9"
AT_ONCE = 16
PICTURE_SECONDS, FILM_SECONDS = 20.0, 60.0
EVICT_EVERY = 100
"""How many copies are made before their size is looked at; the daily clean-up looks too."""
EMPTY = ""


class Copier:
    """Makes each copy once, however many ask for it at the same time."""

    def __init__(self, federation: Federation, kept: storage.Storage) -> None:
        self.federation = federation
        self.db = federation.db
        self.config = federation.config
        self.storage = kept
        self._running: dict[str, asyncio.Task[str]] = {}
        self._room = asyncio.Semaphore(AT_ONCE)
        self._made = 0

    async def copy(self, origin: Origin, variant: Variant) -> str:
        """The name of the copy; empty where there is none to be had. Raises `TooLarge` for a file that is not
        copied for its size alone."""
        key = copies.key_of(origin.at(variant), variant)
        async with self.db.read() as tx:
            known = await copies.find(tx, key)
        if known is not None and not known.stale:
            if known.name and known.untouched:
                async with self.db.write() as tx:
                    await copies.touch(tx, key)
            return known.name
        task = self._running.get(key)
        if task is None:
            task = self._running[key] = asyncio.create_task(self._make(key, origin, variant))
            task.add_done_callback(lambda _: self._running.pop(key, None))
        # Whoever asked first may go away; the copy is made all the same.
        return await asyncio.shield(task)

    async def close(self) -> None:
        """End what is under way."""
        for task in list(self._running.values()):
            task.cancel()
        await asyncio.gather(*self._running.values(), return_exceptions=True)

    async def _make(self, key: str, origin: Origin, variant: Variant) -> str:
        path = files.workplace(self.config) / f"{secrets.token_hex(8)}.copy"
        async with self._room:
            try:
                name, size = await self._fetched(path, origin, variant)
            except TooLarge:
                raise
            except FetchError as problem:
                log.info("no copy of %s: %s", origin.url, problem)
                name, size = EMPTY, 0
            finally:
                await asyncio.to_thread(path.unlink, missing_ok=True)
        async with self.db.write() as tx:
            await copies.keep(tx, key, name, size)
            self._made += 1
            if self._made % EVICT_EVERY == 0:
                await copies.clean_up(tx, self.storage, self.config)
        return name

    async def _fetched(self, path: Path, origin: Origin, variant: Variant) -> tuple[str, int]:
        small = variant == "small"
        picture = small or origin.type == "image"
        limit = self.config.media_max_bytes if picture else self.config.video_max_bytes
        with await asyncio.to_thread(path.open, "wb") as file:
            seconds = PICTURE_SECONDS if picture else FILM_SECONDS
            client = self.federation.client
            await client.download(origin.at(variant), file, accept=ACCEPT, limit=limit, seconds=seconds)
        what = await asyncio.to_thread(_sniffed, path)
        if what is None or (picture and what.kind != "picture"):
            raise FetchError("its bytes are of no kind that is shown here")
        if small:
            return await self._drawn(path)
        size = (await asyncio.to_thread(path.stat)).st_size
        return await self.storage.keep(path, what.suffix), size

    async def _drawn(self, path: Path) -> tuple[str, int]:
        found = await processing.thumbnail(path)
        if found is None:
            raise FetchError("it could not be read as a picture")
        size = (await asyncio.to_thread(found.path.stat)).st_size
        try:
            return await self.storage.keep(found.path, found.suffix), size
        finally:
            await asyncio.to_thread(found.path.unlink, missing_ok=True)


def _sniffed(path: Path) -> Sniffed | None:
    with path.open("rb") as file:
        return sniffed(file.read(NEEDED))
