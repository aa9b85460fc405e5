"""Where finished files lie: on the local disk, or in an S3-compatible bucket. Their names are `files`;
`web.media` serves those that no other address is set for.

Both kinds promise the same: a file that is kept survives a power cut, keeping and removing never hold up the event
loop, and removing what is not there is no mistake. A bucket is reached over the network, so nothing here is called
inside a transaction.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from fedcoop.config import Config
from fedcoop.media import files

if TYPE_CHECKING:
    from obstore.store import ObjectStore

FOR_EVER = "public, max-age=31536000, immutable"
NEVER = "private, no-store"
PART = 1_048_576


class Storage(Protocol):
    """What is asked of either kind. Names are those of `files`."""

    def address(self, name: str) -> str:
        """Where a file is served: a path of ours, or a whole address elsewhere."""

    def name_of(self, url: str) -> str | None:
        """The file behind one of our own addresses, with or without the host before it; else None."""

    def path_of(self, name: str) -> Path | None:
        """The file on the local disk, if that is where it lies."""

    async def keep(self, finished: Path, suffix: str) -> str:
        """Take a file that is wholly on the disk out of the workplace, and give it a name of its own."""

    async def exists(self, name: str) -> bool: ...

    async def size(self, name: str) -> int | None:
        """Bytes of the file; None where it is not there."""

    def parts(self, name: str, start: int, end: int) -> AsyncIterator[bytes]:
        """The file's bytes from `start` up to but not including `end`, one part after the other."""

    async def remove(self, names: Iterable[str]) -> None: ...


def opened(config: Config) -> Storage:
    """The storage that the settings describe. Nothing is asked of a bucket yet."""
    return Bucket(config, _bucket(config)) if config.s3_bucket else Disk(config)


class Disk:
    """Files below the data directory."""

    def __init__(self, config: Config) -> None:
        self.folder = config.data_dir / "media"
        self._base = config.base_url

    def address(self, name: str) -> str:
        return files.PREFIX + name

    def name_of(self, url: str) -> str | None:
        return _after(url, self._base + files.PREFIX, files.PREFIX)

    def path_of(self, name: str) -> Path | None:
        return self.folder / name

    async def keep(self, finished: Path, suffix: str) -> str:
        return await asyncio.to_thread(self._keep, finished, suffix)

    async def exists(self, name: str) -> bool:
        return await asyncio.to_thread((self.folder / name).is_file)

    async def size(self, name: str) -> int | None:
        path = self.folder / name
        return await asyncio.to_thread(lambda: path.stat().st_size if path.is_file() else None)

    async def parts(self, name: str, start: int, end: int) -> AsyncIterator[bytes]:
        path = self.folder / name
        for at in range(start, end, PART):
            yield await asyncio.to_thread(_read, path, at, min(PART, end - at))

    async def remove(self, names: Iterable[str]) -> None:
        await asyncio.to_thread(self._remove, list(names))

    def _keep(self, finished: Path, suffix: str) -> str:
        name = files.new_name(suffix)
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        _sync(finished)
        finished.rename(path)
        # The folders may be new as well.
        for parent in (path.parent, path.parent.parent, self.folder):
            _sync(parent)
        return name

    def _remove(self, names: list[str]) -> None:
        for name in names:
            (self.folder / name).unlink(missing_ok=True)


class Bucket:
    """Files in a store of objects. Without a public address of its own they are handed through by `web.media`."""

    def __init__(self, config: Config, store: ObjectStore) -> None:
        self._store = store
        self._public = config.s3_public_url.rstrip("/")
        self._base = config.base_url

    def address(self, name: str) -> str:
        return f"{self._public}/{name}" if self._public else files.PREFIX + name

    def name_of(self, url: str) -> str | None:
        public = [f"{self._public}/"] if self._public else []
        return _after(url, *public, self._base + files.PREFIX, files.PREFIX)

    def path_of(self, name: str) -> Path | None:
        return None

    async def keep(self, finished: Path, suffix: str) -> str:
        from obstore import put_async

        name = files.new_name(suffix)
        said = {"Content-Type": files.TYPES[suffix], "Cache-Control": NEVER if suffix == "zip" else FOR_EVER}
        await put_async(self._store, name, finished, attributes=said, max_concurrency=2)
        await asyncio.to_thread(finished.unlink, missing_ok=True)
        return name

    async def exists(self, name: str) -> bool:
        return await self.size(name) is not None

    async def size(self, name: str) -> int | None:
        from obstore import head_async

        try:
            return (await head_async(self._store, name))["size"]
        except FileNotFoundError:
            return None

    async def parts(self, name: str, start: int, end: int) -> AsyncIterator[bytes]:
        from obstore import get_async

        answer = await get_async(self._store, name, options={"range": (start, end)})
        async for part in answer.stream(min_chunk_size=PART):
            yield bytes(part)

    async def remove(self, names: Iterable[str]) -> None:
        from obstore import delete_async

        # One request for all of them; those that are gone already are no mistake.
        if wanted := list(names):
            await delete_async(self._store, wanted)


def _bucket(config: Config) -> ObjectStore:
    # Loaded where a bucket is set: the library takes memory that a small server can do without.
    from obstore.store import S3Store

    return S3Store(
        config.s3_bucket,
        endpoint=config.s3_endpoint or None,
        region=config.s3_region,
        access_key_id=config.s3_access_key,
        secret_access_key=config.s3_secret_key,
        virtual_hosted_style_request=False,
        client_options={"allow_http": config.s3_endpoint.startswith("http://"), "timeout": "60s"},
        retry_config={"max_retries": 3},
    )


def _after(url: str, *prefixes: str) -> str | None:
    for prefix in prefixes:
        name = url.removeprefix(prefix)
        if name != url and files.NAME.fullmatch(name):
            return name
    return None


def _read(path: Path, start: int, size: int) -> bytes:
    with path.open("rb") as file:
        file.seek(start)
        return file.read(size)


def _sync(place: Path) -> None:
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
