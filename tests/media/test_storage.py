"""Files in a bucket instead of on the disk."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from fedcoop.config import Config
from fedcoop.media import files, storage
from tests.media.bucket import Bucket, bucket_server
from tests.media.drawing import fetched, on_disk, picture, seen, upload
from tests.words import Server, running


def _settings(bucket: Bucket, **more: Any) -> dict[str, Any]:
    keys = {"s3_access_key": "the-key", "s3_secret_key": "a secret"}
    return {"s3_bucket": "pictures", "s3_endpoint": bucket.endpoint, **keys, **more}


@pytest.fixture
async def bucket() -> AsyncIterator[Bucket]:
    async with bucket_server() as made:
        yield made


@pytest.fixture
async def cloudy(bucket: Bucket, sqlite_url: str, tmp_path: Path) -> AsyncIterator[Server]:
    """A server whose files lie in the bucket, and are handed through."""
    async with running(sqlite_url, str(tmp_path), **_settings(bucket)) as made:
        yield made


async def test_pictures_lie_in_the_bucket_and_are_handed_through(cloudy: Server, bucket: Bucket) -> None:
    alice = await cloudy.joins("alice")
    media = (await upload(alice, picture("PNG", size=(400, 300)))).body
    assert on_disk(cloudy) == []
    assert sorted(kind for _, kind in bucket.objects.values()) == ["image/jpeg", "image/png"]
    data, said = await fetched(cloudy, media["url"])
    assert (seen(data).size, said["Content-Type"]) == ((400, 300), "image/png")
    assert said["Content-Security-Policy"] == "default-src 'none'; sandbox"
    part, said = await fetched(cloudy, media["url"], expect=206, Range="bytes=1-3")
    assert (part, said["Content-Range"]) == (b"PNG", f"bytes 1-3/{len(data)}")
    end, _ = await fetched(cloudy, media["url"], expect=206, Range="bytes=-8")
    assert end == data[-8:]
    await fetched(cloudy, media["url"], expect=416, Range=f"bytes={len(data)}-")
    await fetched(cloudy, media["url"].replace("/media/", "/media/0")[:-5] + "0.png", expect=404)
    status = await alice.says("look", media_ids=[media["id"]])
    await alice.delete(f"/api/v1/statuses/{status['id']}", delete_media="true")
    await cloudy.settle()
    assert bucket.objects == {}
    await fetched(cloudy, media["url"], expect=404)


async def test_a_public_bucket_serves_its_files_itself(
    bucket: Bucket, sqlite_url: str, tmp_path: Path
) -> None:
    public = _settings(bucket, s3_public_url="https://files.coop.test/")
    async with running(sqlite_url, str(tmp_path), **public) as server:
        alice = await server.joins("alice")
        media = (await upload(alice, picture())).body
        name = media["url"].removeprefix("https://files.coop.test/")
        assert name in bucket.objects
        assert media["preview_url"].startswith("https://files.coop.test/")
        await alice.delete(f"/api/v1/media/{media['id']}")
        await server.settle()
        assert bucket.objects == {}


async def test_a_bucket_that_refuses_leaves_nothing_half_done(cloudy: Server, bucket: Bucket) -> None:
    alice = await cloudy.joins("alice")
    bucket.broken = True
    assert (await upload(alice, picture(), expect=500))["error"]
    bucket.broken = False
    assert bucket.objects == {}
    assert on_disk(cloudy) == []


@pytest.mark.parametrize("size", [10, 12 * 1024 * 1024])
@pytest.mark.parametrize("kind", ["disk", "bucket"])
async def test_both_kinds_keep_what_they_are_given(
    bucket: Bucket, tmp_path: Path, kind: str, size: int
) -> None:
    settings = _settings(bucket) if kind == "bucket" else {}
    config = Config(domain="coop.test", data=str(tmp_path), **settings)
    kept = storage.opened(config)
    data = os.urandom(size)
    (path := files.workplace(config) / "made").write_bytes(data)
    name = await kept.keep(path, "mp4")
    assert (await kept.exists(name), await kept.size(name), path.exists()) == (True, size, False)
    assert kept.name_of(kept.address(name)) == name
    assert kept.name_of("https://coop.test" + kept.address(name)) == name
    assert kept.name_of("https://b.test" + kept.address(name)) is None
    assert kept.name_of(kept.address("../../etc/passwd")) is None
    assert b"".join([part async for part in kept.parts(name, 0, size)]) == data
    assert b"".join([part async for part in kept.parts(name, 3, 9)]) == data[3:9]
    await kept.remove([name, name])
    assert (await kept.exists(name), await kept.size(name)) == (False, None)
