"""Servers that a member wants nothing from, and accounts that a member recommends."""

from __future__ import annotations

from typing import Any

import pytest

from tests.words import Person, Server


async def words(person: Person, path: str = "/api/v1/timelines/home") -> list[Any]:
    return [(each["reblog"] or each)["content"].rpartition(">")[0][-9:-3] for each in await person.get(path)]


async def test_nothing_of_a_blocked_server_is_seen_or_heard(server: Server, other: Server) -> None:
    alice, carol = await server.joins("alice"), await server.joins("carol")
    bob = await other.joins("bob")
    for member in (alice, carol):
        await member.follows(bob)
    await bob.follows(alice)
    await server.settle(other)
    await bob.says(f"@{alice.handle} before")
    await server.settle(other)
    there = (await alice.finds(bob.handle))["id"]
    assert len(await alice.home()) == 1
    assert len(await alice.notifications()) >= 2
    await alice.post("/api/v1/domain_blocks", domain=other.config.domain.upper())
    assert await alice.home() == []
    (notice,) = await alice.notifications()
    assert (notice["type"], notice["event"]["type"]) == ("severed_relationships", "user_domain_block")
    assert (notice["event"]["following_count"], notice["event"]["followers_count"]) == (1, 1)
    assert await alice.get("/api/v1/timelines/public") == []
    await server.settle(other)
    (tie,) = await alice.get("/api/v1/accounts/relationships", **{"id[]": there})
    assert (tie["domain_blocking"], tie["following"], tie["followed_by"]) == (True, False, False)
    await bob.says(f"@{alice.handle} after")
    await bob.says(f"@{alice.handle} direct", visibility="direct")
    await bob.follows(alice)
    await server.settle(other)
    assert [each["id"] for each in await alice.notifications()] == [notice["id"]]
    assert await alice.get("/api/v1/conversations") == []
    assert await alice.get("/api/v1/timelines/public") == []
    assert await alice.get(f"/api/v1/accounts/{alice.id}/followers") == []
    await alice.post(f"/api/v1/accounts/{there}/follow", expect=403)
    assert len(await carol.home()) == 2
    (hers,) = await carol.get("/api/v1/accounts/relationships", **{"id[]": there})
    assert (hers["domain_blocking"], hers["following"]) == (False, True)
    assert await carol.get("/api/v1/domain_blocks") == []


async def test_a_blocked_server_comes_back_when_it_is_unblocked(server: Server, other: Server) -> None:
    alice, carol, bob = await server.joins("alice"), await server.joins("carol"), await other.joins("bob")
    await carol.follows(bob)
    await server.settle(other)
    await alice.post("/api/v1/domain_blocks", domain=other.config.domain)
    said = await bob.says("hello")
    await server.settle(other)
    seen = await carol.sees(said["uri"])
    await carol.post(f"/api/v1/statuses/{seen['id']}/reblog")
    assert await alice.get("/api/v1/timelines/public") == []
    await alice.delete("/api/v1/domain_blocks", domain=other.config.domain)
    assert await alice.get("/api/v1/domain_blocks") == []
    assert len(await alice.get("/api/v1/timelines/public")) == 1


async def test_blocked_servers_come_in_pages_and_are_ones_own(server: Server) -> None:
    alice = await server.joins("alice")
    for name in ("a.test", "b.test", "A.test", "bücher.test"):
        await alice.post("/api/v1/domain_blocks", domain=name)
    assert await alice.get("/api/v1/domain_blocks") == ["xn--bcher-kva.test", "b.test", "a.test"]
    page = await alice.ask("GET", "/api/v1/domain_blocks", params={"limit": 1})
    following = page.headers["Link"].partition(">")[0].removeprefix("<")
    assert (await alice.ask("GET", following)).body == ["b.test"]
    await server.anybody.get("/api/v1/domain_blocks", expect=401)
    other = await server.joins("other", scopes="read:statuses write:statuses")
    await other.get("/api/v1/domain_blocks", expect=403)
    await other.post("/api/v1/domain_blocks", domain="c.test", expect=403)


@pytest.mark.parametrize("name", ["", "no domain", "../x", "-"])
async def test_what_is_no_domain_cannot_be_blocked(server: Server, name: str) -> None:
    alice = await server.joins("alice")
    await alice.post("/api/v1/domain_blocks", domain=name, expect=422)
    await alice.post("/api/v1/domain_blocks", domain=server.config.domain, expect=422)
    assert await alice.get("/api/v1/domain_blocks") == []


async def test_whom_one_follows_one_can_recommend(server: Server) -> None:
    alice, bob, carol = [await server.joins(name) for name in ("alice", "bob", "carol")]
    refused = await alice.post(f"/api/v1/accounts/{bob.id}/endorse", expect=422)
    assert "following" in refused["error"]
    for other in (bob, carol):
        await alice.follows(other)
    assert (await alice.post(f"/api/v1/accounts/{bob.id}/endorse"))["endorsed"] is True
    assert (await alice.post(f"/api/v1/accounts/{carol.id}/pin"))["endorsed"] is True
    await alice.post(f"/api/v1/accounts/{carol.id}/endorse")
    shown = await server.anybody.get(f"/api/v1/accounts/{alice.id}/endorsements")
    assert [each["username"] for each in shown] == ["carol", "bob"]
    assert await alice.get("/api/v1/endorsements") == shown
    assert await bob.get("/api/v1/endorsements") == []
    assert (await alice.post(f"/api/v1/accounts/{carol.id}/unendorse"))["endorsed"] is False
    await alice.post(f"/api/v1/accounts/{bob.id}/unfollow")
    assert await alice.get("/api/v1/endorsements") == []
    reader = await server.joins("reader", scopes="read write:follows")
    await reader.post(f"/api/v1/accounts/{bob.id}/endorse", expect=403)
    assert await alice.get(f"/api/v1/accounts/{bob.id}/identity_proofs") == []
