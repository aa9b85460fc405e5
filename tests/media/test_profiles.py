"""Pictures of a profile."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from tests.media.drawing import animation, fetched, on_disk, picture, seen
from tests.words import Person, Server


async def _edit(
    who: Person, *, path: str = "/api/v1/accounts/update_credentials", expect: int = 200, **fields: Any
) -> Any:
    form = aiohttp.FormData()
    for key, value in fields.items():
        if isinstance(value, bytes):
            form.add_field(key, value, filename="me.png", content_type="image/png")
        else:
            form.add_field(key, value)
    return (await who.ask("PATCH", path, expect=expect, data=form)).body


async def test_a_member_shows_a_face_and_a_header(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    own = await _edit(alice, avatar=picture("PNG", (900, 500)), header=picture(size=(3000, 500)), note="Hi")
    assert own["note"] == "<p>Hi</p>"
    shown = await bob.get(f"/api/v1/accounts/{alice.id}")
    assert shown["avatar"] == shown["avatar_static"] == own["avatar"]
    for name, size in (("avatar", (400, 400)), ("header", (1500, 500))):
        data, said = await fetched(server, shown[name])
        assert (seen(data).size, said["Content-Type"]) == (size, "image/jpeg")
    actor = await server.anybody.ask(
        "GET", alice.account.uri if alice.account else "", headers={"Accept": "application/activity+json"}
    )
    assert actor["icon"] == {"type": "Image", "mediaType": "image/jpeg", "url": shown["avatar"]}
    assert actor["image"] == {"type": "Image", "mediaType": "image/jpeg", "url": shown["header"]}


async def test_a_new_face_takes_the_place_of_the_old_one(server: Server) -> None:
    alice = await server.joins("alice")
    first = (await _edit(alice, avatar=picture()))["avatar"]
    second = (await _edit(alice, avatar=picture("PNG", mode="RGBA"), path="/api/v1/profile"))["avatar"]
    await server.settle()
    await fetched(server, first, expect=404)
    await fetched(server, second)
    gone = await alice.delete("/api/v1/profile/avatar")
    assert gone["avatar"].endswith("/static/avatar.svg")
    await _edit(alice, header=picture())
    assert (await alice.delete("/api/v1/profile/header"))["header"].endswith("/static/header.svg")
    await server.settle()
    assert on_disk(server) == []


@pytest.mark.parametrize(
    "wrong", [{"avatar": b"nonsense"}, {"header": b"GIF89a"}, {"display_name": "a" * 61}]
)
async def test_an_edit_that_fails_changes_and_leaves_nothing(small: Server, wrong: dict[str, Any]) -> None:
    alice = await small.joins("alice")
    fields = {"avatar": picture(), "header": picture(), **wrong}
    assert (await _edit(alice, expect=422, **fields))["error"].startswith("Validation failed")
    assert (await alice.get("/api/v1/accounts/verify_credentials"))["avatar"].endswith("/static/avatar.svg")
    assert on_disk(small) == []


@pytest.mark.parametrize("kind", ["GIF", "WEBP"])
async def test_a_face_that_moves_has_one_that_does_not(small: Server, kind: str) -> None:
    alice = await small.joins("alice")
    own = await _edit(alice, avatar=animation(kind, frames=3, size=(60, 40)), path="/api/v1/profile")
    moving, still = [seen((await fetched(small, own[name]))[0]) for name in ("avatar", "avatar_static")]
    assert (moving.size, moving.n_frames) == ((400, 400), 3)  # type: ignore[attr-defined] # of animated types only
    assert (still.format, still.size) == ("JPEG", (400, 400))
    await alice.delete("/api/v1/profile/avatar")
    await small.settle()
    assert on_disk(small) == []


async def test_pictures_of_a_profile_are_described(small: Server, other: Server) -> None:
    alice, bob = await small.joins("alice"), await other.joins("bob")
    own = await _edit(
        alice, path="/api/v1/profile", avatar=picture(), avatar_description="Me", header_description="Hills"
    )
    assert (own["avatar_description"], own["header_description"]) == ("Me", "Hills")
    assert (own["header"], own["header_static"]) == (None, None)
    assert (await alice.get("/api/v1/profile"))["avatar_description"] == "Me"
    assert (await bob.finds(alice.handle))["avatar_description"] == "Me"
    await _edit(alice, expect=422, avatar_description="a" * 1001)
    assert (await alice.delete("/api/v1/profile/avatar"))["avatar_description"] == ""


async def test_a_member_chooses_the_tabs_of_a_profile(small: Server) -> None:
    alice = await small.joins("alice")
    own = await _edit(alice, path="/api/v1/profile", show_media="false", show_featured="false")
    assert (own["show_media"], own["show_media_replies"], own["show_featured"]) == (False, True, False)
    shown = await small.anybody.get(f"/api/v1/accounts/{alice.id}")
    assert (shown["show_media"], shown["show_featured"]) == (False, False)


async def test_a_new_face_is_seen_on_other_servers(small: Server, other: Server) -> None:
    alice, bob = await small.joins("alice"), await other.joins("bob")
    await bob.follows(alice)
    await small.settle(other)
    shown = await _edit(alice, avatar=picture())
    await small.settle(other)
    seen_there, _ = await fetched(other, (await bob.finds(alice.handle))["avatar"])
    assert seen_there == (await fetched(small, shown["avatar"]))[0]


async def test_clients_are_told_what_may_be_uploaded(small: Server) -> None:
    told = (await small.anybody.get("/api/v2/instance"))["configuration"]["media_attachments"]
    assert told["image_size_limit"] == 2_000_000
    assert "image/webp" in told["supported_mime_types"]
    assert told["description_limit"] == 10_000
