"""Uploading a picture, describing it, and getting it back."""

from __future__ import annotations

import asyncio
import os
import struct
import subprocess
import sys
import zlib
from io import BytesIO
from typing import Any

import aiohttp
import pytest
from PIL import Image

from fedcoop import clock
from fedcoop.media import files
from tests.media.drawing import animation, fetched, on_disk, picture, seen, upload
from tests.words import Server


@pytest.mark.parametrize("path", ["/api/v1/media", "/api/v2/media"])
async def test_an_uploaded_picture_is_shown_with_all_that_clients_want_to_know(
    small: Server, path: str
) -> None:
    alice = await small.joins("alice")
    answer = await upload(
        alice,
        picture(size=(1600, 900)),
        path=path,
        description="Red and blue",
        focus="-0.5,0.25",
    )
    media = answer.body
    assert (media["type"], media["description"]) == ("image", "Red and blue")
    assert media["meta"]["original"] == {
        "width": 1600, "height": 900, "size": "1600x900", "aspect": pytest.approx(16 / 9),
    }  # fmt: skip
    assert media["meta"]["small"]["size"] == "640x360"
    assert media["meta"]["focus"] == {"x": -0.5, "y": 0.25}
    assert len(media["blurhash"]) == 36
    assert media["remote_url"] is None
    assert await alice.get(f"/api/v1/media/{media['id']}") == media
    full, _ = await fetched(small, media["url"])
    preview, _ = await fetched(small, media["preview_url"])
    assert (seen(full).format, seen(full).size, seen(preview).size) == ("JPEG", (1600, 900), (640, 360))


async def test_a_file_is_served_as_what_it_is_and_may_do_nothing(small: Server) -> None:
    alice = await small.joins("alice")
    media = (await upload(alice, picture("PNG", mode="RGBA"))).body
    _, said = await fetched(small, media["url"], Accept="application/activity+json")
    assert said["Content-Type"] == "image/png"
    assert said["X-Content-Type-Options"] == "nosniff"
    assert said["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "immutable" in said["Cache-Control"]
    assert "Set-Cookie" not in said
    data, said = await fetched(small, media["url"], expect=206, Range="bytes=0-7")
    assert data == b"\x89PNG\r\n\x1a\n"


async def test_only_files_that_were_uploaded_can_be_had(small: Server) -> None:
    await upload(await small.joins("alice"), picture())
    base = small.config.base_url
    for path in (
        "../fedcoop.sqlite3",
        "%2e%2e/fedcoop.sqlite3",
        "unfinished",
        "",
        "aa/bb/" + "0" * 28 + ".jpg",
    ):
        url = f"{base}/media/{path}"
        async with small.http.get(url, headers={"Accept": "*/*"}) as response:
            assert response.status == 404, path


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
async def test_each_type_is_taken_whatever_its_name_says(small: Server, kind: str) -> None:
    alice = await small.joins("alice")
    media = (await upload(alice, picture(kind), name="actor.json")).body
    full, said = await fetched(small, media["url"])
    shown = seen(full)
    shown.load()
    expected = "JPEG" if kind == "AVIF" else kind
    assert (shown.format, said["Content-Type"]) == (expected, f"image/{expected.lower()}")
    assert shown.convert("RGB").getpixel((2, 2)) == pytest.approx((255, 0, 0), abs=12)


async def test_nothing_tells_where_a_photo_was_taken(small: Server) -> None:
    alice = await small.joins("alice")
    exif = Image.Exif()
    exif[0x010E] = "my kitchen"
    exif[0x8825] = {1: "N", 2: (48.0, 8.0, 15.0), 3: "E", 4: (11.0, 34.0, 30.0)}
    kinds: tuple[tuple[str, dict[str, Any]], ...] = (
        ("JPEG", {"comment": b"my kitchen"}),
        ("PNG", {}),
        ("WEBP", {"xmp": b"<x>my kitchen</x>"}),
    )
    for kind, more in kinds:
        raw = picture(kind, exif=exif, **more)
        assert b"kitchen" in raw
        media = (await upload(alice, raw)).body
        for url in (media["url"], media["preview_url"]):
            data, _ = await fetched(small, url)
            assert b"kitchen" not in data
            assert not seen(data).getexif()


async def test_a_photo_taken_sideways_stands_upright(small: Server) -> None:
    alice = await small.joins("alice")
    exif = Image.Exif()
    exif[0x0112] = 6  # turn clockwise to see it
    media = (await upload(alice, picture(size=(60, 40), exif=exif))).body
    assert media["meta"]["original"]["size"] == "40x60"
    full, _ = await fetched(small, media["url"])
    assert seen(full).convert("RGB").getpixel((20, 5)) == pytest.approx((254, 0, 0), abs=12)


async def test_a_picture_larger_than_any_screen_is_made_smaller(small: Server) -> None:
    alice = await small.joins("alice")
    media = (await upload(alice, picture(size=(6000, 3000)))).body
    original = media["meta"]["original"]
    assert original["width"] * original["height"] <= 3840 * 2160
    assert original["aspect"] == pytest.approx(2, abs=0.01)


@pytest.mark.parametrize("kind", ["WEBP", "PNG"])
async def test_an_animation_stays_one(small: Server, kind: str) -> None:
    alice = await small.joins("alice")
    media = (await upload(alice, animation(kind))).body
    assert media["type"] == "image"
    full = seen((await fetched(small, media["url"]))[0])
    assert getattr(full, "n_frames", 1) == 3
    full.seek(1)
    full.load()
    assert full.info["duration"] == 70


async def test_what_is_hidden_behind_a_picture_does_not_get_through(small: Server) -> None:
    alice = await small.joins("alice")
    for kind in ("GIF", "JPEG", "PNG"):
        raw = picture(kind) + b"<script>alert(1)</script>"
        media = (await upload(alice, raw)).body
        assert b"script" not in (await fetched(small, media["url"]))[0]


def _png_header(width: int, height: int) -> bytes:
    raw = bytearray(picture("PNG"))
    raw[16:24] = struct.pack(">II", width, height)
    raw[29:33] = struct.pack(">I", zlib.crc32(raw[12:29]))
    return bytes(raw)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "must be a picture"),
        (b'{"type": "Person"}', "must be a picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "must be a picture"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "must be a picture"),
        (picture(size=(300, 300))[:-500], "broken"),
        (picture("PNG")[:80], "broken"),
        (_png_header(65535, 65535), "pixels"),
        (animation("PNG", frames=1001, size=(4, 4)), "animation"),
    ],
    ids=["empty", "json", "svg", "heic", "cut jpeg", "cut png", "bomb", "endless"],
)
async def test_what_is_no_picture_is_refused_with_a_reason(small: Server, data: bytes, why: str) -> None:
    alice = await small.joins("alice")
    answer = await upload(alice, data, expect=422)
    assert why in answer["error"]
    assert on_disk(small) == []


async def test_files_have_a_limit_of_their_own(small: Server) -> None:
    alice = await small.joins("alice")
    many = BytesIO()
    Image.effect_noise((1500, 1500), 90).save(many, "PNG")
    assert 1_100_000 < len(many.getvalue()) < 3_000_000
    answer = await upload(alice, many.getvalue(), expect=422)
    assert "too large (the most is 1.9 MiB)" in answer["error"]
    # Other operations keep theirs.
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    large = BytesIO(b"status=" + b"a" * 1_200_000)
    await alice.ask("POST", "/api/v1/statuses", expect=413, data=large, headers=form)
    assert on_disk(small) == []


async def test_a_file_must_be_sent_by_somebody_who_may(small: Server) -> None:
    alice = await small.joins("alice")
    reader = await small.joins("bob", scopes="read write:statuses")
    assert (await alice.ask("POST", "/api/v2/media", expect=422))["error"].endswith("File can't be blank")
    assert (await alice.ask("POST", "/api/v2/media", expect=422, data={"file": "text"}))["error"]
    await upload(small.anybody, picture(), expect=401)
    await upload(reader, picture(), expect=403)
    assert on_disk(small) == []


async def test_a_picture_is_described_until_it_is_posted(small: Server) -> None:
    alice = await small.joins("alice")
    media = (await upload(alice, picture())).body
    path = f"/api/v1/media/{media['id']}"
    described = await alice.put(path, description="A wall", focus="2,-3")
    assert described["description"] == "A wall"
    assert described["meta"]["focus"] == {"x": 1.0, "y": -1.0}
    assert (await alice.put(path, focus="0,0"))["description"] == "A wall"
    for wrong in ({"focus": "left"}, {"focus": "nan,0"}, {"description": "a" * 10_001}):
        assert (await alice.put(path, expect=422, **wrong))["error"]
    assert (await alice.put(path, description="a" * 10_000))["description"] == "a" * 10_000
    form = aiohttp.FormData()
    form.add_field("thumbnail", picture("PNG", size=(900, 900)), filename="t.png")
    changed = (await alice.ask("PUT", path, data=form)).body
    assert changed["meta"]["small"]["size"] == "480x480"
    assert changed["preview_url"] != media["preview_url"]
    await small.settle()
    assert len(on_disk(small)) == 2
    await alice.says("", media_ids=[media["id"]])
    assert await alice.put(path, expect=404, description="Too late")


async def test_a_chosen_thumbnail_takes_the_place_of_the_small_picture(small: Server) -> None:
    alice = await small.joins("alice")
    media = (await upload(alice, picture(), thumbnail=picture("PNG", size=(10, 20)))).body
    assert media["meta"]["small"]["size"] == "10x20"
    assert seen((await fetched(small, media["preview_url"]))[0]).size == (10, 20)
    await small.settle()
    assert len(on_disk(small)) == 2
    answer = await upload(alice, picture(), thumbnail=b"nonsense", expect=422)
    assert "must be a picture" in answer["error"]
    assert len(on_disk(small)) == 2


async def test_of_others_uploads_one_learns_nothing(server: Server) -> None:
    alice, mallory = await server.joins("alice"), await server.joins("mallory")
    media = (await upload(alice, picture())).body
    path = f"/api/v1/media/{media['id']}"
    await mallory.get(path, expect=404)
    await mallory.put(path, expect=404, description="mine")
    await mallory.delete(path, expect=404)
    await mallory.post("/api/v1/statuses", expect=422, status="mine", media_ids=[media["id"]])
    await server.anybody.get(path, expect=401)


async def test_what_a_killed_server_left_half_done_is_swept_away(small: Server) -> None:
    alice = await small.joins("alice")
    await upload(alice, picture())
    place = files.workplace(small.config)
    old, new = place / "old.full", place / "new.full"
    old.touch()
    new.touch()
    os.utime(old, (0, 0))
    clock.advance(seconds=25 * 3600)
    await small.settle()
    assert [path for path in on_disk(small) if path.parent == place] == [new]


def test_the_server_itself_loads_no_decoder() -> None:
    program = "import fedcoop.wiring, sys; sys.exit('PIL' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


async def test_many_uploads_at_once_leave_the_server_answering(small: Server) -> None:
    alice = await small.joins("alice")
    uploads = [asyncio.ensure_future(upload(alice, picture(size=(1200, 900)))) for _ in range(6)]
    asked = 0
    while not all(each.done() for each in uploads):
        await alice.get("/api/v1/accounts/verify_credentials")
        asked += 1
    answers = await asyncio.gather(*uploads)
    assert len({answer["id"] for answer in answers}) == 6
    assert asked > 6
