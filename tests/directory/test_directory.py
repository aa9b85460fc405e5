"""The directory and suggestions: `fedcoop/directory`, through the API."""

from typing import Any

import pytest

from fedcoop import clock
from tests.words import Person, Server


async def listed(person: Person, **params: Any) -> list[str]:
    return [account["username"] for account in await person.get("/api/v1/directory", **params)]


async def suggested(person: Person, **params: Any) -> dict[str, list[str]]:
    found = await person.get("/api/v2/suggestions", **params)
    return {each["account"]["username"]: each["sources"] for each in found}


# Who must not be there


async def test_who_does_not_wish_to_be_discovered_is_nowhere(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    await bob.says("hello")
    assert await listed(alice) == await listed(alice, order="new") == []
    assert await suggested(alice) == {}


@pytest.mark.parametrize("act", ["suspend", "limit"])
async def test_restricted_accounts_are_nowhere(server: Server, act: str) -> None:
    from fedcoop.accounts import actions

    alice, bob = await server.joins("alice"), await server.joins("bob", discoverable=True)
    await bob.says("hello")
    await alice.follows(bob)
    assert await listed(alice) == ["bob"]
    async with server.db.write() as tx:
        await getattr(actions, act)(tx, bob.account.id)  # type: ignore[union-attr]
    assert await listed(alice) == await listed(server.anybody) == []


@pytest.mark.parametrize("act", ["block", "mute"])
async def test_blocked_and_muted_accounts_are_not_shown(server: Server, act: str) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob", discoverable=True)
    carol = await server.joins("carol")
    await bob.says("hello")
    await carol.follows(bob)
    assert list(await suggested(alice)) == ["bob"]
    await alice.post(f"/api/v1/accounts/{bob.id}/{act}")
    assert await listed(alice) == []
    assert await suggested(alice) == {}


async def test_who_blocks_one_is_not_suggested(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob", discoverable=True)
    await bob.says("hello")
    await bob.post(f"/api/v1/accounts/{alice.id}/block")
    assert await listed(alice) == []
    assert await suggested(alice) == {}


async def test_suggestions_are_for_members(server: Server) -> None:
    for path in ("/api/v1/suggestions", "/api/v2/suggestions"):
        await server.anybody.get(path, expect=401)


# The directory


async def test_the_directory_is_ordered_by_activity_or_by_age(server: Server, other: Server) -> None:
    alice = await server.joins("alice", discoverable=True)
    bob = await server.joins("bob", discoverable=True)
    carol = await other.joins("carol", discoverable=True)
    await alice.follows(carol)
    await server.settle(other)
    await bob.says("hello")
    clock.advance(seconds=1)
    await alice.says("hello")
    clock.advance(seconds=1)
    await carol.says("hello")
    await server.settle(other)
    assert await listed(alice) == await listed(server.anybody, order="active") == ["carol", "alice", "bob"]
    assert await listed(alice, order="new") == ["carol", "bob", "alice"]
    assert await listed(alice, local="true") == ["alice", "bob"]
    assert await listed(alice, limit=1, offset=1) == ["alice"]
    await alice.get("/api/v1/directory", order="random", expect=422)


# Suggestions


async def test_friends_of_friends_are_suggested_with_the_reason(server: Server) -> None:
    alice, bob, carol = [await server.joins(name) for name in ("alice", "bob", "carol")]
    dan = await server.joins("dan", discoverable=True)
    erin = await server.joins("erin", discoverable=True)
    for follower, followed in ((alice, bob), (alice, carol), (bob, dan), (carol, dan), (bob, erin)):
        await follower.follows(followed)
    assert await suggested(alice) == {
        "dan": ["friends_of_friends", "most_followed"],
        "erin": ["friends_of_friends", "most_followed"],
    }
    assert list(await suggested(alice, limit=1)) == ["dan"]
    older = await alice.get("/api/v1/suggestions")
    assert [account["username"] for account in older] == ["dan", "erin"]
    await alice.follows(dan)
    assert list(await suggested(alice)) == ["erin"]


async def test_whom_somebody_follows_in_private_is_not_betrayed(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob", hide_collections=True)
    dan = await server.joins("dan", discoverable=True)
    await alice.follows(bob)
    await bob.follows(dan)
    assert await suggested(alice) == {"dan": ["most_followed"]}


async def test_a_suggestion_can_be_dismissed(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    dan = await server.joins("dan", discoverable=True)
    await bob.follows(dan)
    assert list(await suggested(alice)) == ["dan"]
    assert await alice.delete(f"/api/v1/suggestions/{dan.id}") == {}
    assert await alice.delete(f"/api/v1/suggestions/{dan.id}") == {}
    assert await suggested(alice) == {}
    assert list(await suggested(await server.joins("erin"))) == ["dan"]
    for strange in ("0", "nonsense", "99999999999999999999"):
        assert await alice.delete(f"/api/v1/suggestions/{strange}") == {}
