"""What our members do, as other servers hear of it."""

from __future__ import annotations

from typing import Any

from activitypub.parse import is_plain, parse_document
from activitypub.vocabulary import PUBLIC, Create, Post
from fedcoop import clock
from fedcoop.accounts import actions as account_actions
from fedcoop.accounts.types import Account, ProfileEdit
from fedcoop.domains import restrict
from fedcoop.favourites import actions as favourite_actions
from fedcoop.polls import actions as poll_actions
from fedcoop.relationships import actions as relationship_actions
from fedcoop.statuses import actions as status_actions
from fedcoop.statuses import queries as status_queries
from fedcoop.statuses import reblogs
from fedcoop.statuses.types import Draft, PollDraft
from tests.activitypub.coop import Coop
from tests.activitypub.remote import Remote


def kinds(remote: Remote) -> list[str]:
    return [str(sent["type"]) for _, sent in remote.received]


async def followed(coop: Coop, remote: Remote) -> tuple[Account, Account]:
    """alice, and bob who follows her from elsewhere."""
    alice = await coop.joins("alice")
    remote.add_actor("bob")
    return alice, await coop.is_followed(alice, remote, "bob")


async def only(coop: Coop, remote: Remote) -> tuple[str, dict[str, Any]]:
    """The one delivery that arrived."""
    await coop.settle()
    assert len(remote.received) == 1, kinds(remote)
    return remote.received.pop()


async def test_a_post_reaches_a_server_once_however_many_follow_there(coop: Coop, remote: Remote) -> None:
    alice, _ = await followed(coop, remote)
    remote.add_actor("carol")
    await coop.is_followed(alice, remote, "carol")
    status = await coop.says(alice, "hello #coop", spoiler_text="cw", language="en")
    path, create = await only(coop, remote)
    assert path == "/inbox"
    assert create["id"] == f"{status.uri}/activity"
    assert create["to"] == [PUBLIC]
    note = create["object"]
    assert (note["type"], note["summary"], note["sensitive"]) == ("Note", "cw", True)
    assert note["tag"] == [{"type": "Hashtag", "href": "http://coop.test/tags/coop", "name": "#coop"}]
    assert note["contentMap"] == {"en": note["content"]}


async def test_what_we_say_is_plain_and_read_by_our_own_parser(coop: Coop, remote: Remote) -> None:
    alice, bob = await followed(coop, remote)
    await coop.says(alice, f"hello @{bob.acct}", visibility="unlisted")
    _, create = await only(coop, remote)
    assert is_plain(create)
    found = parse_document(create)
    assert isinstance(found, Create)
    assert isinstance(found.object, Post)
    assert [one.href for one in found.object.mentions] == [bob.uri]
    assert PUBLIC in found.object.cc


async def test_a_direct_message_reaches_only_whom_it_names(coop: Coop, remote: Remote, other: Remote) -> None:
    alice, _ = await followed(coop, remote)
    other.add_actor("carol")
    carol = await coop.is_followed(alice, other, "carol")
    await coop.says(alice, f"psst @{carol.acct}", visibility="direct")
    _, create = await only(coop, other)
    assert remote.received == []
    assert (create["to"], create["cc"]) == ([carol.uri], [])
    assert "likes" not in create["object"]


async def test_a_private_post_names_nobody_public(coop: Coop, remote: Remote) -> None:
    alice, _ = await followed(coop, remote)
    await coop.says(alice, "among us", visibility="private")
    _, create = await only(coop, remote)
    assert create["to"] == [f"{alice.uri}/followers"]
    assert PUBLIC not in create["to"] + create["cc"]


async def test_edits_and_deletions_follow(coop: Coop, remote: Remote) -> None:
    alice, _ = await followed(coop, remote)
    status = await coop.says(alice, "helo")
    await coop.settle()
    remote.received.clear()
    async with coop.db.write() as tx:
        status = await status_actions.edit(tx, alice, status, Draft(text="hello"), config=coop.fed.config)
    _, update = await only(coop, remote)
    assert (update["type"], update["object"]["id"]) == ("Update", status.uri)
    assert "updated" in update["object"]
    async with coop.db.write() as tx:
        await status_actions.delete(tx, status)
    _, delete = await only(coop, remote)
    assert (delete["type"], delete["object"]) == ("Delete", {"id": status.uri, "type": "Tombstone"})


async def test_a_reblog_and_taking_it_back(coop: Coop, remote: Remote, other: Remote) -> None:
    alice, _ = await followed(coop, remote)
    other.add_actor("carol")
    note = other.note("carol")
    await coop.follows(alice, other, "carol")
    await coop.receives(other, "carol", other.activity("Create", "carol", note))
    other.received.clear()
    status = await coop.status(note["id"])
    assert status is not None
    async with coop.db.write() as tx:
        await reblogs.add(tx, alice, status)
    _, announce = await only(coop, remote)
    assert (announce["type"], announce["object"]) == ("Announce", note["id"])
    assert [sent["id"] for _, sent in other.received] == [announce["id"]]
    other.received.clear()
    async with coop.db.write() as tx:
        await reblogs.remove(tx, alice, status)
    _, undo = await only(coop, remote)
    assert (undo["type"], undo["object"]["id"]) == ("Undo", announce["id"])
    assert kinds(other) == ["Undo"]


async def test_a_favourite_and_taking_it_back_go_to_the_author(coop: Coop, remote: Remote) -> None:
    alice = await coop.joins("alice")
    remote.add_actor("bob")
    note = remote.note("bob")
    await coop.follows(alice, remote, "bob")
    await coop.receives(remote, "bob", remote.activity("Create", "bob", note))
    status = await coop.status(note["id"])
    assert status is not None
    remote.received.clear()
    async with coop.db.write() as tx:
        await favourite_actions.add(tx, alice, status)
    _, like = await only(coop, remote)
    assert (like["type"], like["object"]) == ("Like", note["id"])
    async with coop.db.write() as tx:
        await favourite_actions.remove(tx, alice, status)
    _, undo = await only(coop, remote)
    assert (undo["type"], undo["object"]["id"]) == ("Undo", like["id"])


async def test_following_unfollowing_blocking(coop: Coop, remote: Remote) -> None:
    alice = await coop.joins("alice")
    remote.add_actor("bob")
    bob = await coop.follows(alice, remote, "bob")
    path, follow = remote.received.pop()
    assert (path, follow["type"], follow["object"]) == ("/users/bob/inbox", "Follow", bob.uri)
    async with coop.db.write() as tx:
        await relationship_actions.unfollow(tx, alice, bob)
    _, undo = await only(coop, remote)
    assert (undo["type"], undo["object"]["id"]) == ("Undo", follow["id"])
    async with coop.db.write() as tx:
        await relationship_actions.block(tx, alice, bob)
    await coop.settle()
    assert "Block" in kinds(remote)
    remote.received.clear()
    async with coop.db.write() as tx:
        await relationship_actions.unblock(tx, alice, bob)
    _, undo = await only(coop, remote)
    assert undo["object"]["type"] == "Block"


async def test_a_follower_is_removed_by_a_reject(coop: Coop, remote: Remote) -> None:
    alice, bob = await followed(coop, remote)
    async with coop.db.write() as tx:
        await relationship_actions.remove_follower(tx, alice, bob)
    _, reject = await only(coop, remote)
    assert (reject["type"], reject["object"]["actor"], reject["object"]["object"]) == (
        "Reject",
        bob.uri,
        alice.uri,
    )


async def test_a_poll_goes_out_and_a_vote_goes_back(coop: Coop, remote: Remote) -> None:
    alice, _ = await followed(coop, remote)
    draft = PollDraft(options=["tea", "coffee"], expires_at=clock.now() + clock.HOUR)
    await coop.says(alice, "what?", poll=draft)
    _, create = await only(coop, remote)
    question = create["object"]
    assert question["type"] == "Question"
    assert [one["name"] for one in question["oneOf"]] == ["tea", "coffee"]
    theirs = remote.note("bob", type="Question", anyOf=question["oneOf"], endTime="2999-01-01T00:00:00Z")
    await coop.follows(alice, remote, "bob")
    await coop.receives(remote, "bob", remote.activity("Create", "bob", theirs))
    status = await coop.status(theirs["id"])
    assert status is not None
    remote.received.clear()
    async with coop.db.write() as tx:
        poll = await tx.one(status_queries.POLLS, ids=[status.poll_id])
        assert poll is not None
        await poll_actions.vote(tx, alice, poll, [0, 1])
    await coop.settle()
    assert [(sent["type"], sent["object"]["name"]) for _, sent in remote.received] == [
        ("Create", "tea"),
        ("Create", "coffee"),
    ]
    assert remote.received[0][1]["to"] == [remote.actor_id("bob")]
    assert remote.received[0][1]["object"]["inReplyTo"] == theirs["id"]


async def test_a_changed_profile_is_told_to_followers(coop: Coop, remote: Remote) -> None:
    alice, _ = await followed(coop, remote)
    async with coop.db.write() as tx:
        await account_actions.edit_profile(tx, coop.fed.config, alice, ProfileEdit(display_name="Alice A."))
    _, update = await only(coop, remote)
    assert update["object"]["name"] == "Alice A."
    assert update["object"]["publicKey"]["id"] == f"{alice.uri}#main-key"


async def test_a_suspended_server_hears_nothing_more(coop: Coop, remote: Remote) -> None:
    alice, bob = await followed(coop, remote)
    await coop.says(alice, "before")
    async with coop.db.write() as tx:
        await restrict(tx, "127.0.0.1", severity="suspend", because="a test")
    await coop.settle()
    await coop.says(alice, f"after @{bob.acct}")
    await coop.settle()
    assert remote.received == []
