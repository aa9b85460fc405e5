"""Uploading films and sounds, and getting them back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from fedcoop import clock
from fedcoop.media import files
from tests.media.drawing import animation, fetched, on_disk, picture, seen, upload
from tests.media.filming import codecs, film, needs_ffmpeg, song_with_cover, sound, told
from tests.words import Person, Server, running

pytestmark = needs_ffmpeg


async def _converted(server: Server, who: Person, data: bytes, **fields: Any) -> Any:
    """The upload once it is ready, by the way that clients go: 202, 206, 200."""
    sent = await upload(who, data, expect=202, **fields)
    path = f"/api/v1/media/{sent['id']}"
    assert sent["url"] is None
    assert (await who.ask("GET", path, expect=206))["url"] is None
    await server.settle()
    return await who.get(path)


async def test_a_film_is_shown_with_all_that_clients_want_to_know(server: Server) -> None:
    alice = await server.joins("alice")
    media = await _converted(server, alice, film(), description="Stripes", focus="0.5,0")
    assert (media["type"], media["description"]) == ("video", "Stripes")
    meta = media["meta"]
    assert (meta["size"], meta["fps"]) == ("320x180", 25)
    assert meta["length"].startswith("0:00:01.0")
    assert meta["duration"] == pytest.approx(1, abs=0.1)
    assert meta["original"]["frame_rate"] == "25/1"
    assert (meta["original"]["width"], meta["original"]["height"]) == (320, 180)
    assert meta["original"]["bitrate"] > 1000
    assert meta["audio_encode"].startswith("aac (LC) (mp4a")
    assert (meta["audio_bitrate"], meta["audio_channels"]) == ("44100 Hz", "mono")
    assert meta["small"]["size"] == "320x180"
    assert meta["focus"] == {"x": 0.5, "y": 0.0}
    assert len(media["blurhash"]) == 36
    preview, _ = await fetched(server, media["preview_url"])
    assert seen(preview).size == (320, 180)
    data, said = await fetched(server, media["url"])
    assert (said["Content-Type"], codecs(data)) == ("video/mp4", ["aac", "h264"])
    assert len(on_disk(server)) == 2
    status = await alice.says("look", media_ids=[media["id"]])
    assert status["media_attachments"][0]["type"] == "video"


async def test_a_film_is_sent_in_parts_to_who_asks_for_parts(small: Server) -> None:
    alice = await small.joins("alice")
    media = await _converted(small, alice, film())
    whole, _ = await fetched(small, media["url"])
    part, said = await fetched(small, media["url"], expect=206, Range="bytes=100-199")
    assert (part, said["Content-Range"]) == (whole[100:200], f"bytes 100-199/{len(whole)}")


async def test_nothing_tells_who_made_a_film_where(small: Server) -> None:
    alice = await small.joins("alice")
    for raw in (
        film(),
        film("mov", "-movflags", "use_metadata_tags"),
        sound("m4a"),
        sound("mp3"),
        sound("flac"),
    ):
        assert b"kitchen" in raw
        media = await _converted(small, alice, raw)
        data, _ = await fetched(small, media["url"])
        assert b"kitchen" not in data
        assert b"48.137" not in data


async def test_what_browsers_play_is_not_encoded_anew(small: Server) -> None:
    alice = await small.joins("alice")
    sent = film("mp4", "-pix_fmt", "yuv420p")
    data, _ = await fetched(small, (await _converted(small, alice, sent))["url"])
    bits = told(sent)["streams"][0]["bit_rate"]
    assert told(data)["streams"][0]["bit_rate"] == bits


@pytest.mark.parametrize(
    ("suffix", "how"),
    [
        ("webm", ("-c:v", "libvpx", "-c:a", "libopus", "-deadline", "realtime")),
        ("mp4", ("-c:v", "libx264", "-pix_fmt", "yuv444p")),
        ("mkv", ("-c:v", "mpeg4", "-c:a", "mp3")),
        ("ogv", ("-c:v", "libtheora", "-c:a", "libvorbis")),
    ],
)
async def test_other_films_become_what_every_browser_plays(
    small: Server, suffix: str, how: tuple[str, ...]
) -> None:
    alice = await small.joins("alice")
    media = await _converted(small, alice, film(suffix, *how, size="322x181"), name="holiday.exe")
    data, _ = await fetched(small, media["url"])
    assert (media["type"], codecs(data)) == ("video", ["aac", "h264"])
    assert told(data)["streams"][0]["pix_fmt"] == "yuv420p"
    assert media["meta"]["size"] == "322x180"


async def test_a_silent_film_and_a_moving_gif_play_by_themselves(small: Server) -> None:
    alice = await small.joins("alice")
    for raw in (film(sound=False), animation("GIF", size=(41, 31))):
        media = await _converted(small, alice, raw)
        data, said = await fetched(small, media["url"])
        assert (media["type"], said["Content-Type"], codecs(data)) == ("gifv", "video/mp4", ["h264"])
    assert media["meta"]["size"] == "40x30"
    still = (await upload(alice, picture("GIF"))).body
    assert still["type"] == "image"


@pytest.mark.parametrize(
    ("suffix", "how", "kind", "codec"),
    [
        ("mp3", (), "audio/mpeg", "mp3"),
        ("ogg", ("-c:a", "libopus"), "audio/ogg", "opus"),
        ("flac", (), "audio/flac", "flac"),
        ("m4a", (), "audio/mp4", "aac"),
        ("aac", (), "audio/mp4", "aac"),
        ("wav", (), "audio/mpeg", "mp3"),
        ("webm", ("-c:a", "libopus"), "audio/mpeg", "mp3"),
    ],
)
async def test_sounds_stay_what_they_are_where_browsers_play_them(
    small: Server, suffix: str, how: tuple[str, ...], kind: str, codec: str
) -> None:
    alice = await small.joins("alice")
    media = await _converted(small, alice, sound(suffix, *how))
    assert (media["type"], media["preview_url"], media["blurhash"]) == ("audio", None, None)
    meta = media["meta"]
    assert meta["original"].keys() == {"duration", "bitrate"}
    assert meta["duration"] == pytest.approx(1, abs=0.1)
    assert meta["audio_encode"].startswith(codec)
    data, said = await fetched(small, media["url"])
    assert (said["Content-Type"], codecs(data)) == (kind, [codec])


async def test_the_cover_of_a_song_is_its_preview(small: Server) -> None:
    alice = await small.joins("alice")
    media = await _converted(small, alice, song_with_cover(picture("PNG", (300, 300))))
    data, _ = await fetched(small, media["preview_url"])
    assert (media["type"], seen(data).size) == ("audio", (300, 300))
    assert media["meta"]["small"]["size"] == "300x300"
    sung, _ = await fetched(small, media["url"])
    assert codecs(sung) == ["mp3"]


async def test_a_chosen_thumbnail_and_a_later_description_outlast_the_conversion(small: Server) -> None:
    alice = await small.joins("alice")
    sent = await upload(alice, film(), thumbnail=picture("PNG", (30, 20)), focus="0,1", expect=202)
    path = f"/api/v1/media/{sent['id']}"
    form = aiohttp.FormData()
    form.add_field("description", "Stripes")
    await alice.ask("PUT", path, data=form)
    await small.settle()
    media = await alice.get(path)
    assert (media["description"], media["meta"]["focus"]) == ("Stripes", {"x": 0.0, "y": 1.0})
    assert media["meta"]["small"]["size"] == "30x20"
    assert seen((await fetched(small, media["preview_url"]))[0]).size == (30, 20)
    assert len(on_disk(small)) == 2


async def test_the_older_way_waits_for_the_film(small: Server) -> None:
    alice = await small.joins("alice")
    media = (await upload(alice, film(), path="/api/v1/media")).body
    await fetched(small, media["url"])
    assert len(on_disk(small)) == 2


async def test_a_film_is_attached_once_it_is_ready(server: Server) -> None:
    alice = await server.joins("alice")
    sent = await upload(alice, film(), expect=202)
    early = await alice.post("/api/v1/statuses", expect=422, status="look", media_ids=[sent["id"]])
    assert "have not finished processing" in early["error"]
    await server.settle()
    await alice.says("look", media_ids=[sent["id"]])


async def test_a_film_thrown_away_while_it_waits_leaves_nothing(small: Server) -> None:
    alice = await small.joins("alice")
    sent = await upload(alice, film(), expect=202)
    await alice.delete(f"/api/v1/media/{sent['id']}")
    await small.settle()
    assert on_disk(small) == []


async def test_a_film_whose_upload_is_lost_says_so(small: Server) -> None:
    alice = await small.joins("alice")
    sent = await upload(alice, film(), expect=202)
    for path in files.workplace(small.config).iterdir():
        path.unlink()
    await small.settle()
    gone = await alice.get(f"/api/v1/media/{sent['id']}", expect=422)
    assert "lost" in gone["error"]
    clock.advance(seconds=25 * 3600)
    await small.settle()
    await alice.get(f"/api/v1/media/{sent['id']}", expect=404)


def _playlist() -> bytes:
    return b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (_playlist, "must be a picture"),
        (lambda: b"concat:/etc/passwd|/etc/hosts", "must be a picture"),
        (lambda: b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + b"\0" * 500, "broken"),
        (lambda: b"\x1a\x45\xdf\xa3" + _playlist(), "broken"),
        (lambda: b"ID3\x04\0\0\0\0\0\0" + _playlist(), "broken"),
        (lambda: b"\0\0\0\x18ftypqt  \0\0\0\0qt  " + film()[24:200], "broken"),
        (lambda: film(size="4096x2304", seconds=0.1), "more pixels"),
        (lambda: film(rate=200, seconds=0.2), "frames in a second"),
        (lambda: film("mkv", "-c:v", "ffv1", sound=False), "broken"),
    ],
    ids=["playlist", "concat", "empty", "in matroska", "in a tag", "cut", "large", "fast", "unknown codec"],
)
async def test_what_no_browser_should_get_is_refused_with_a_reason(
    small: Server, make: Any, why: str
) -> None:
    alice = await small.joins("alice")
    answer = await upload(alice, make(), expect=422)
    assert why in answer["error"]
    await small.settle()
    assert on_disk(small) == []


async def test_a_film_has_a_limit_of_its_own_before_and_after(sqlite_url: str, tmp_path: Path) -> None:
    squeezed = film(
        "webm", "-c:v", "libvpx", "-b:v", "9k", "-crf", "63", "-c:a", "libopus", "-b:a", "6k", seconds=3
    )
    async with running(sqlite_url, str(tmp_path), video_max_bytes=len(squeezed)) as server:
        alice = await server.joins("alice")
        assert "too large (the most is" in (await upload(alice, squeezed + b"\0", expect=422))["error"]
        sent = await upload(alice, squeezed, expect=202)
        await server.settle()
        failed = await alice.get(f"/api/v1/media/{sent['id']}", expect=422)
        assert "too large once it is converted" in failed["error"]
        assert on_disk(server) == []


async def test_films_and_sounds_play_on_the_page_of_a_status(small: Server) -> None:
    alice = await small.joins("alice")
    attached = [await _converted(small, alice, raw) for raw in (film(), sound("mp3"))]
    status = await alice.says("look", media_ids=[each["id"] for each in attached])
    page, _ = await fetched(small, status["url"], Accept="text/html")
    assert f'<video controls preload="none" src="{attached[0]["url"]}"' in page.decode()
    assert f'<audio controls preload="none" src="{attached[1]["url"]}"' in page.decode()


async def test_films_are_seen_on_other_servers(small: Server, other: Server) -> None:
    alice, bob = await small.joins("alice"), await other.joins("bob")
    media = await _converted(small, alice, film(seconds=2))
    status = await alice.says("look", media_ids=[media["id"]])
    shown = (await bob.sees(status["uri"]))["media_attachments"][0]
    assert (shown["type"], shown["remote_url"]) == ("video", media["url"])
    assert shown["meta"]["original"]["duration"] == pytest.approx(2, abs=0.1)


async def test_clients_are_told_of_films(small: Server) -> None:
    told_ = (await small.anybody.get("/api/v2/instance"))["configuration"]["media_attachments"]
    assert {"video/mp4", "audio/mpeg"} <= set(told_["supported_mime_types"])
    assert told_["video_size_limit"] == small.config.video_max_bytes
    assert (told_["video_frame_rate_limit"], told_["video_matrix_limit"]) == (120, 8_294_400)


@pytest.fixture
async def without(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Server]:
    """A server that has no ffmpeg."""
    async with running(sqlite_url, str(tmp_path), ffmpeg="ffmpeg-that-is-not-here") as made:
        yield made


async def test_without_ffmpeg_films_are_refused_and_gifs_stay_pictures(without: Server) -> None:
    alice = await without.joins("alice")
    for raw in (film(), sound("mp3")):
        assert "takes no video or sound" in (await upload(alice, raw, expect=422))["error"]
    assert (await upload(alice, animation("GIF")))["type"] == "image"
    told_ = (await without.anybody.get("/api/v2/instance"))["configuration"]["media_attachments"]
    assert not any(kind.startswith(("video", "audio")) for kind in told_["supported_mime_types"])
    assert told_["video_size_limit"] == 0
