"""Other servers' pictures, videos and emoji, fetched by us when somebody looks, and kept for a while."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from fedcoop import clock, domains
from tests.activitypub.remote import Remote, remote_server
from tests.media.drawing import animation, fetched, on_disk, picture, seen
from tests.media.filming import film, needs_ffmpeg
from tests.words import Person, Server, running


@pytest.fixture
async def remote() -> AsyncIterator[Remote]:
    async with remote_server() as made:
        yield made


def _offers(remote: Remote, path: str, data: bytes, kind: str = "image/png", **headers: str) -> str:
    """Serve a file; returns its address."""

    async def answer(_: web.Request) -> web.Response:
        return web.Response(body=data, headers={"Content-Type": kind, **headers})

    remote.handlers[path] = answer
    return remote.base + path


async def _looks(server: Server, url: str, *, expect: int = 200) -> tuple[bytes, Any]:
    async with server.http.get(url, allow_redirects=False) as response:
        assert response.status == expect, await response.text()
        return await response.read(), response.headers


async def _post(remote: Remote, who: Person, **changes: Any) -> Any:
    """A note of somebody there as `who` sees it."""
    remote.add_actor("bob")
    number = len(remote.documents)
    note = remote.serve(remote.note("bob", number, **changes))
    return await who.sees(note["id"])


async def _attached(remote: Remote, who: Person, url: str, kind: str = "image/png", **more: Any) -> Any:
    document = {"type": "Document", "mediaType": kind, "url": url, **more}
    return (await _post(remote, who, attachment=[document]))["media_attachments"][0]


async def test_a_picture_of_another_server_comes_through_ours(server: Server, remote: Remote) -> None:
    alice = await server.joins("alice")
    large = picture("PNG", (1600, 1200))
    media = await _attached(remote, alice, _offers(remote, "/p.png", large, "text/html"))
    assert media["remote_url"] == remote.base + "/p.png"
    assert media["url"].startswith(server.config.base_url + "/media/proxy/")
    assert "/p.png" not in remote.asked
    data, said = await _looks(server, media["url"])
    assert (data, said["Content-Type"]) == (large, "image/png")
    assert said["X-Content-Type-Options"] == "nosniff"
    assert said["Content-Security-Policy"] == "default-src 'none'; sandbox"
    small, said = await _looks(server, media["preview_url"])
    assert (seen(small).size, said["Content-Type"]) == ((553, 415), "image/jpeg")
    for url in (media["url"], media["preview_url"]):
        await _looks(server, url)
    assert remote.asked.count("/p.png") == 2
    assert len(on_disk(server)) == 2


async def test_many_who_look_at_once_make_one_copy(server: Server, remote: Remote) -> None:
    alice = await server.joins("alice")
    media = await _attached(remote, alice, _offers(remote, "/p.png", picture("PNG")))
    await asyncio.gather(*(_looks(server, media["url"]) for _ in range(10)))
    assert remote.asked.count("/p.png") == 1


async def test_faces_headers_and_emoji_come_through_us_too(server: Server, remote: Remote) -> None:
    alice = await server.joins("alice")
    moving = animation("GIF")
    icon = {"type": "Image", "url": _offers(remote, "/moving.gif", moving)}
    emoji = {
        "type": "Emoji",
        "name": ":cat:",
        "icon": {"type": "Image", "url": _offers(remote, "/cat.png", picture("PNG"))},
    }
    remote.add_actor("bob", name="Bob :cat:", icon=icon, image=icon, tag=[emoji])
    account = await alice.finds(f"bob@{remote.host}")
    for name in ("avatar", "header"):
        data, said = await _looks(server, account[name])
        assert (data, said["Content-Type"]) == (moving, "image/gif")
        still, _ = await _looks(server, account[f"{name}_static"])
        assert getattr(seen(still), "n_frames", 1) == 1
    assert account["emojis"][0]["shortcode"] == "cat"
    await _looks(server, account["emojis"][0]["url"])
    await _looks(server, account["emojis"][0]["static_url"])
    note = remote.serve(remote.note("bob", 7, content="<p>:dog:</p>", tag=[{**emoji, "name": ":dog:"}]))
    status = await alice.sees(note["id"])
    assert status["emojis"][0]["shortcode"] == "dog"
    await _looks(server, status["emojis"][0]["url"])
    async with server.http.get(f"{server.config.base_url}/api/v1/accounts/{account['id']}") as response:
        assert remote.base + "/cat.png" not in await response.text()


@needs_ffmpeg
async def test_films_come_in_parts(server: Server, remote: Remote) -> None:
    alice = await server.joins("alice")
    data = film()
    media = await _attached(remote, alice, _offers(remote, "/f.mp4", data, "video/mp4"), "video/mp4")
    assert (media["type"], media["preview_url"]) == ("video", None)
    part, said = await fetched(server, media["url"], expect=206, Range="bytes=4-7")
    assert (part, said["Content-Type"]) == (b"ftyp", "video/mp4")


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "image/svg+xml"),
        (b"<html><script>alert(1)</script></html>", "image/png"),
        (b'{"type": "Person"}', "application/activity+json"),
        (b"", "image/png"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "image/heic"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom", "image/png"),
    ],
    ids=["svg", "html", "document", "empty", "heic", "film as picture"],
)
async def test_what_is_no_picture_is_never_shown(
    server: Server, remote: Remote, data: bytes, kind: str
) -> None:
    alice = await server.joins("alice")
    media = await _attached(remote, alice, _offers(remote, "/p.png", data, kind))
    for url in (media["url"], media["preview_url"]):
        await _looks(server, url, expect=404)
    assert on_disk(server) == []
    await _looks(server, media["url"], expect=404)
    assert remote.asked.count("/p.png") == 2
    clock.advance(seconds=2 * 3600)
    _offers(remote, "/p.png", picture("PNG"))
    await _looks(server, media["url"])


async def test_nobody_has_us_fetch_what_they_like(server: Server, remote: Remote) -> None:
    alice = await server.joins("alice")
    media = await _attached(remote, alice, _offers(remote, "/p.png", picture("PNG")))
    base = f"{server.config.base_url}/media/proxy"
    seal = media["url"].rpartition("/")[2]
    for path in (
        f"attachments/{media['id']}/original/{'0' * 16}",
        f"attachments/{int(media['id']) + 1}/original/{seal}",
        f"attachments/{media['id']}/huge/{seal}",
        f"attachments/{media['id']}x/original/{seal}",
        f"attachments/{'9' * 30}/original/{seal}",
        f"avatars/{alice.id}/original/{seal}",
        f"emoji/{'0' * 32}/original/{seal}",
        f"nothing/1/original/{seal}",
        "http%3A%2F%2F127.0.0.1%2F/original/x/y",
    ):
        await _looks(server, f"{base}/{path}", expect=404)
    assert "/p.png" not in remote.asked


async def test_a_copy_is_never_a_copy_of_ourselves(server: Server, remote: Remote) -> None:
    alice = await server.joins("alice")
    own = f"{server.config.base_url}/static/icon.svg"
    media = await _attached(remote, alice, own)
    await _looks(server, media["url"], expect=404)
    back = _offers(remote, "/back.png", b"", Location=media["url"])

    async def redirect(_: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": media["url"]})

    remote.handlers["/back.png"] = redirect
    again = await _attached(remote, alice, back)
    await _looks(server, again["url"], expect=404)


async def test_addresses_inside_a_network_are_not_asked(
    sqlite_url: str, tmp_path: Path, remote: Remote
) -> None:
    async with running(sqlite_url, str(tmp_path)) as server:
        alice = await server.joins("alice")
        media = await _attached(remote, alice, _offers(remote, "/p.png", picture("PNG")))
        server.instance.services.federation.client.allow_private = False
        await _looks(server, media["url"], expect=404)
        assert "/p.png" not in remote.asked


async def test_too_large_a_file_is_left_where_it_is(sqlite_url: str, tmp_path: Path, remote: Remote) -> None:
    async with running(sqlite_url, str(tmp_path), media_max_bytes=1000) as server:
        alice = await server.joins("alice")
        url = _offers(remote, "/p.png", picture("PNG") + b"\0" * 300_000)
        media = await _attached(remote, alice, url)
        _, said = await _looks(server, media["url"], expect=302)
        assert said["Location"] == url
        assert on_disk(server) == []


async def test_a_tiny_machine_sends_people_there_instead(
    sqlite_url: str, tmp_path: Path, remote: Remote
) -> None:
    async with running(sqlite_url, str(tmp_path), media_proxy=False) as server:
        alice = await server.joins("alice")
        url = _offers(remote, "/p.png", picture("PNG"))
        media = await _attached(remote, alice, url)
        for address in (media["url"], media["preview_url"]):
            _, said = await _looks(server, address, expect=302)
            assert (said["Location"], said["Referrer-Policy"]) == (url, "no-referrer")
        assert "/p.png" not in remote.asked


@pytest.mark.parametrize("severity", ["suspend", "limit"])
async def test_of_restricted_servers_nothing_is_fetched_nor_shown(
    server: Server, remote: Remote, severity: Any
) -> None:
    alice = await server.joins("alice")
    media = await _attached(remote, alice, _offers(remote, "/p.png", picture("PNG")))
    await _looks(server, media["preview_url"])
    await _restrict(server, remote, severity)
    for url in (media["url"], media["preview_url"]):
        await _looks(server, url, expect=404)
    assert remote.asked.count("/p.png") == 1


async def test_copies_go_when_nobody_looks_any_more(server: Server, remote: Remote) -> None:
    alice = await server.joins("alice")
    old = await _attached(remote, alice, _offers(remote, "/old.png", picture("PNG")))
    liked = await _attached(remote, alice, _offers(remote, "/liked.png", picture("PNG")))
    await _looks(server, old["url"])
    for _ in range(3):
        await _looks(server, liked["url"])
        clock.advance(seconds=6 * 24 * 3600)
    await server.settle()
    assert len(on_disk(server)) == 1
    await _looks(server, liked["url"])
    assert remote.asked.count("/liked.png") == 1
    await _looks(server, old["url"])
    assert remote.asked.count("/old.png") == 2


async def test_copies_together_have_a_limit(sqlite_url: str, tmp_path: Path, remote: Remote) -> None:
    data = picture("PNG")
    async with running(sqlite_url, str(tmp_path), media_cache_bytes=2 * len(data) + 10) as server:
        alice = await server.joins("alice")
        for number in range(4):
            media = await _attached(remote, alice, _offers(remote, f"/{number}.png", data))
            await _looks(server, media["url"])
            clock.advance(seconds=60)
        clock.advance(seconds=25 * 3600)
        await server.settle()
        assert len(on_disk(server)) == 2
        await _looks(server, media["url"])
        assert remote.asked.count("/3.png") == 1


async def _restrict(server: Server, remote: Remote, severity: Any) -> None:
    async with server.db.write() as tx:
        await domains.actions.restrict(tx, remote.host, severity=severity, reject_media=severity == "limit")
