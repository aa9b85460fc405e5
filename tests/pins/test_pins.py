"""What somebody pins to their profile, who finds it there, and how it travels."""

from __future__ import annotations

from typing import Any

from tests.words import Person, Server


async def pinned(viewer: Person, owner_id: str) -> list[str]:
    found = await viewer.get(f"/api/v1/accounts/{owner_id}/statuses", pinned="true")
    return [status["id"] for status in found]


async def test_a_pinned_status_stands_on_the_profile_until_it_is_unpinned(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    first, second = await alice.says("first"), await alice.says("second")
    await alice.says("not pinned")
    for each in (first, second, first):
        assert (await alice.post(f"/api/v1/statuses/{each['id']}/pin"))["pinned"] is True
    assert await pinned(bob, alice.id) == [second["id"], first["id"]]
    assert "pinned" not in await bob.get(f"/api/v1/statuses/{first['id']}")
    assert (await alice.get(f"/api/v1/statuses/{first['id']}"))["pinned"] is True
    assert (await alice.post(f"/api/v1/statuses/{first['id']}/unpin"))["pinned"] is False
    await alice.post(f"/api/v1/statuses/{first['id']}/unpin")
    assert await pinned(server.anybody, alice.id) == [second["id"]]
    await alice.delete(f"/api/v1/statuses/{second['id']}")
    assert await pinned(bob, alice.id) == []


async def test_a_pin_shows_nobody_what_was_not_for_them(server: Server) -> None:
    alice, bob, carol = [await server.joins(name) for name in ("alice", "bob", "carol")]
    await bob.follows(alice)
    private = await alice.says("for followers", visibility="private")
    await alice.post(f"/api/v1/statuses/{private['id']}/pin")
    assert await pinned(bob, alice.id) == [private["id"]]
    assert await pinned(carol, alice.id) == await pinned(server.anybody, alice.id) == []
    path = f"/ap/users/{alice.id}/collections/featured"
    served = await server.anybody.ask("GET", path, headers={"Accept": "application/activity+json"})
    assert served["orderedItems"] == []


async def test_what_cannot_be_pinned(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    theirs = await bob.says("bob's")
    hidden = await bob.says("bob's own", visibility="private")
    boost = await alice.post(f"/api/v1/statuses/{theirs['id']}/reblog")
    direct = await alice.says("@bob only you", visibility="direct")
    for status, words in ((theirs, "Someone else"), (direct, "mentioned users")):
        refused = await alice.post(f"/api/v1/statuses/{status['id']}/pin", expect=422)
        assert words in refused["error"]
    await alice.post(f"/api/v1/statuses/{hidden['id']}/pin", expect=404)
    await alice.post(f"/api/v1/statuses/{boost['id']}/pin", expect=422)
    for number in range(5):
        status = await alice.says(f"number {number}")
        await alice.post(f"/api/v1/statuses/{status['id']}/pin")
    sixth = await alice.says("one too many")
    refused = await alice.post(f"/api/v1/statuses/{sixth['id']}/pin", expect=422)
    assert "maximum number" in refused["error"]
    assert len(await pinned(alice, alice.id)) == 5
    reader = await server.joins("carol", scopes="read write:statuses")
    own = await reader.says("mine")
    await reader.post(f"/api/v1/statuses/{own['id']}/pin", expect=403)


async def test_pins_travel_to_followers_elsewhere_and_are_read_on_meeting(
    server: Server, other: Server
) -> None:
    alice, bob, carol = await server.joins("alice"), await other.joins("bob"), await other.joins("carol")
    before = await alice.says("pinned before")
    await alice.post(f"/api/v1/statuses/{before['id']}/pin")
    there = (await bob.finds(alice.handle))["id"]
    await other.settle(server)
    assert await texts(carol, there) == ["<p>pinned before</p>"]
    await bob.follows(alice)
    await other.settle(server)
    after = await alice.says("pinned after")
    await alice.post(f"/api/v1/statuses/{after['id']}/pin")
    await alice.post(f"/api/v1/statuses/{before['id']}/unpin")
    await server.settle(other)
    assert await texts(carol, there) == ["<p>pinned after</p>"]


async def texts(viewer: Person, owner_id: str) -> list[Any]:
    found = await viewer.get(f"/api/v1/accounts/{owner_id}/statuses", pinned="true")
    return [status["content"] for status in found]
