"""Follows, blocks, profiles and moves that other servers tell us of, and what becomes of them here."""

from __future__ import annotations

from activitypub import resolve
from fedcoop.db.schema.accounts import follow_requests, follows
from fedcoop.relationships import actions as relationship_actions
from tests.activitypub.coop import Coop, count
from tests.activitypub.remote import Remote


async def test_a_follow_is_accepted_and_told(coop: Coop, remote: Remote) -> None:
    alice = await coop.joins("alice")
    remote.add_actor("bob")
    await coop.receives(remote, "bob", remote.activity("Follow", "bob", alice.uri))
    await coop.settle()
    assert await count(coop, follows) == 1
    ((path, accept),) = remote.received
    assert path == "/users/bob/inbox"
    assert accept["type"] == "Accept"
    assert accept["object"]["id"] == f"{remote.actor_id('bob')}#follow/1"


async def test_a_locked_account_is_asked_first(coop: Coop, remote: Remote) -> None:
    alice = await coop.joins("alice", locked=True)
    remote.add_actor("bob")
    await coop.receives(remote, "bob", remote.activity("Follow", "bob", alice.uri))
    await coop.settle()
    assert (await count(coop, follows), await count(coop, follow_requests)) == (0, 1)
    assert remote.received == []
    bob = await coop.knows(remote, "bob")
    assert bob is not None
    async with coop.db.write() as tx:
        await relationship_actions.accept(tx, alice, bob)
    await coop.settle()
    assert [sent["type"] for _, sent in remote.received] == ["Accept"]
    assert await count(coop, follows) == 1


async def test_somebody_blocked_is_refused(coop: Coop, remote: Remote) -> None:
    alice = await coop.joins("alice")
    remote.add_actor("bob")
    bob = await resolve.account(coop.fed, remote.actor_id("bob"))
    async with coop.db.write() as tx:
        await relationship_actions.block(tx, alice, bob)
    await coop.settle()
    remote.received.clear()
    await coop.receives(remote, "bob", remote.activity("Follow", "bob", alice.uri))
    await coop.settle()
    assert await count(coop, follows) == 0
    assert [sent["type"] for _, sent in remote.received] == ["Reject"]


async def test_a_follow_taken_back_ends(coop: Coop, remote: Remote) -> None:
    alice = await coop.joins("alice")
    remote.add_actor("bob")
    remote.add_actor("mallory")
    await coop.is_followed(alice, remote, "bob")
    follow = remote.activity("Follow", "bob", alice.uri, alice.id)
    await coop.receives(remote, "mallory", remote.activity("Undo", "mallory", follow))
    assert await count(coop, follows) == 1
    await coop.receives(remote, "bob", remote.activity("Undo", "bob", follow))
    assert await count(coop, follows) == 0


async def test_a_follow_taken_back_by_its_id_alone_ends(coop: Coop, remote: Remote) -> None:
    alice = await coop.joins("alice")
    remote.add_actor("bob")
    await coop.is_followed(alice, remote, "bob")
    uri = remote.activity("Follow", "bob", alice.uri, alice.id)["id"]
    await coop.receives(remote, "bob", remote.activity("Undo", "bob", uri))
    assert await count(coop, follows) == 0


async def test_our_follow_waits_for_an_accept_of_the_right_one(
    coop: Coop, remote: Remote, other: Remote
) -> None:
    alice = await coop.joins("alice")
    remote.add_actor("bob")
    other.add_actor("mallory")
    await coop.receives(
        other,
        "mallory",
        other.activity(
            "Accept", "mallory", {"type": "Follow", "actor": alice.uri, "object": other.actor_id("mallory")}
        ),
    )
    assert await count(coop, follows) == 0
    await coop.follows(alice, remote, "bob")
    assert await count(coop, follows) == 1
    assert await count(coop, follow_requests) == 0


async def test_a_reject_ends_request_and_follow(coop: Coop, remote: Remote) -> None:
    alice = await coop.joins("alice")
    remote.add_actor("bob")
    await coop.follows(alice, remote, "bob")
    follow = next(sent for _, sent in remote.received if sent["type"] == "Follow")
    await coop.receives(remote, "bob", remote.activity("Reject", "bob", follow["id"]))
    assert await count(coop, follows) == 0


async def test_an_account_that_ends_takes_its_posts_along(coop: Coop, remote: Remote) -> None:
    alice = await coop.joins("alice")
    remote.add_actor("bob")
    await coop.follows(alice, remote, "bob")
    note = remote.note("bob")
    await coop.receives(remote, "bob", remote.activity("Create", "bob", note))
    await coop.receives(remote, "bob", remote.activity("Delete", "bob", remote.actor_id("bob")))
    assert await coop.status(note["id"]) is None
    assert await coop.knows(remote, "bob") is None


async def test_a_block_ends_the_follow(coop: Coop, remote: Remote) -> None:
    alice = await coop.joins("alice")
    remote.add_actor("bob")
    await coop.follows(alice, remote, "bob")
    block = remote.activity("Block", "bob", alice.uri)
    await coop.receives(remote, "bob", block)
    assert await count(coop, follows) == 0
    await coop.receives(remote, "bob", remote.activity("Undo", "bob", block))


async def test_a_changed_profile_is_taken_from_its_owner_only(
    coop: Coop, remote: Remote, other: Remote
) -> None:
    alice = await coop.joins("alice")
    remote.add_actor("bob")
    other.add_actor("mallory")
    await coop.follows(alice, remote, "bob")
    changed = {**remote.documents["/users/bob"], "name": "Robert"}
    await coop.receives(other, "mallory", other.activity("Update", "mallory", {**changed, "name": "Fool"}))
    await coop.receives(remote, "bob", remote.activity("Update", "bob", changed))
    bob = await coop.knows(remote, "bob")
    assert bob is not None
    assert bob.display_name == "Robert"


async def test_a_move_needs_both_ends(coop: Coop, remote: Remote, other: Remote) -> None:
    alice = await coop.joins("alice")
    remote.add_actor("bob")
    other.add_actor("bob")
    await coop.follows(alice, remote, "bob")
    move = remote.activity("Move", "bob", remote.actor_id("bob"), target=other.actor_id("bob"))
    await coop.receives(remote, "bob", move)
    bob = await coop.knows(remote, "bob")
    assert bob is not None
    assert bob.moved_to_id is None
    other.documents["/users/bob"]["alsoKnownAs"] = [remote.actor_id("bob")]
    await coop.receives(remote, "bob", {**move, "id": move["id"] + "0"})
    bob = await coop.knows(remote, "bob")
    target = await coop.knows(other, "bob")
    assert bob is not None
    assert target is not None
    assert bob.moved_to_id == target.id
