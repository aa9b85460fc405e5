"""Answers and boosts between accounts elsewhere are shown where the author of what they are about consents,
which has to be said on that author's own server."""

from __future__ import annotations

from typing import Any

import pytest

from tests.activitypub.asking import counts, deed_of, plain, post_of, sees, stamp_of
from tests.activitypub.coop import Coop
from tests.activitypub.remote import AS, PUBLIC, Remote


def asking(remote: Remote, name: str = "bob", key: str = "manualApproval") -> dict[str, Any]:
    """What a post says whose author wants to be asked."""
    always = "always" if key == "approvalRequired" else "automaticApproval"
    rule = {always: [remote.actor_id(name)], key: [PUBLIC]}
    return {"interactionPolicy": {"canReply": rule, "canAnnounce": rule}}


async def meet(coop: Coop, remote: Remote, other: Remote) -> Any:
    """Alice here follows bob and, on a third server, mallory."""
    alice = await coop.joins("alice")
    remote.add_actor("bob")
    other.add_actor("mallory")
    await coop.follows(alice, remote, "bob")
    await coop.follows(alice, other, "mallory")
    return alice


async def test_an_answer_is_shown_only_with_the_stamp_of_the_author(
    coop: Coop, remote: Remote, other: Remote
) -> None:
    await meet(coop, remote, other)
    status = await post_of(coop, remote, "bob", **asking(remote))
    remote.add_actor("carol")
    carol = remote.actor_id("carol")
    another = await post_of(coop, remote, "carol")
    right = {"interactingObject": "NOTE", "interactionTarget": status.uri}
    # Each forgery: what the stamp says, by whom, and on which server.
    forged: list[tuple[dict[str, Any], str, Remote]] = [
        ({**right, "interactionTarget": another.uri}, "bob", remote),
        ({**right, "interactingObject": f"{other.actor_id('mallory')}/statuses/1000"}, "bob", remote),
        ({**right, "attributedTo": carol}, "bob", remote),
        ({**right, "attributedTo": remote.actor_id("bob")}, "mallory", other),
        ({**right, "type": "LikeAuthorization"}, "bob", remote),
        ({**right, "type": "Note"}, "bob", remote),
    ]
    for number, (says, author, server) in enumerate(forged, 1):
        note = deed_of(other, "reply", "mallory", status.uri, number)
        says = {key: note["id"] if value == "NOTE" else value for key, value in says.items()}
        identity = f"{server.base}/stamps/{number}"
        stamp = stamp_of(server, "reply", author, note["id"], status.uri, **says, id=identity)
        note["replyAuthorization"] = stamp["id"]
        await coop.receives(other, "mallory", plain(other, "reply", "mallory", note, number))
        assert await coop.status(note["id"]) is None, says
    missing = deed_of(
        other, "reply", "mallory", status.uri, 20, replyAuthorization=f"{remote.base}/stamps/none"
    )
    await coop.receives(other, "mallory", plain(other, "reply", "mallory", missing, 20))
    without = deed_of(other, "reply", "mallory", status.uri, 21)
    await coop.receives(other, "mallory", plain(other, "reply", "mallory", without, 21))
    assert [await coop.status(each["id"]) for each in (missing, without)] == [None, None]
    assert await counts(coop, status.uri) == (0, 0, 0)
    # And the real thing, which goes when the author takes their consent back.
    note = deed_of(other, "reply", "mallory", status.uri, 30, replyAuthorization=f"{remote.base}/stamps/1")
    stamp_of(remote, "reply", "bob", note["id"], status.uri)
    await coop.receives(other, "mallory", plain(other, "reply", "mallory", note, 30))
    assert await sees(coop, 0, note["id"])
    assert await counts(coop, status.uri) == (1, 0, 0)
    await coop.receives(other, "mallory", other.activity("Delete", "mallory", note["replyAuthorization"], 31))
    assert await sees(coop, 0, note["id"])
    await coop.receives(remote, "bob", remote.activity("Delete", "bob", note["replyAuthorization"], 31))
    assert await coop.status(note["id"]) is None
    assert await counts(coop, status.uri) == (0, 0, 0)


@pytest.mark.parametrize("older", ["ReplyApproval", "Accept"])
async def test_the_words_of_older_servers_are_read(
    coop: Coop, remote: Remote, other: Remote, older: str
) -> None:
    await meet(coop, remote, other)
    status = await post_of(coop, remote, "bob", **asking(remote, key="approvalRequired"))
    note = deed_of(other, "reply", "mallory", status.uri, approvedBy=f"{remote.base}/approvals/1")
    who = {"actor" if older == "Accept" else "attributedTo": remote.actor_id("bob")}
    said = {"@context": AS, "type": older, **who, "object": note["id"], "target": status.uri}
    remote.serve(said | {"id": f"{remote.base}/approvals/1"})
    await coop.receives(other, "mallory", plain(other, "reply", "mallory", note))
    assert await sees(coop, 0, note["id"])


async def test_who_needs_no_consent_needs_no_stamp(coop: Coop, remote: Remote, other: Remote) -> None:
    await meet(coop, remote, other)
    mallory = other.actor_id("mallory")
    mention = [{"type": "Mention", "href": mallory, "name": "@mallory"}]
    status = await post_of(coop, remote, "bob", **asking(remote), tag=mention)
    note = deed_of(other, "reply", "mallory", status.uri)
    await coop.receives(other, "mallory", plain(other, "reply", "mallory", note))
    own = deed_of(remote, "reply", "bob", status.uri, 2)
    await coop.receives(remote, "bob", plain(remote, "reply", "bob", own, 2))
    assert [await sees(coop, 0, each["id"]) for each in (note, own)] == [True, True]


async def test_an_answer_that_came_first_is_looked_at_when_its_beginning_comes(
    coop: Coop, remote: Remote, other: Remote
) -> None:
    await meet(coop, remote, other)
    beginning = remote.note("bob", 50, **asking(remote))
    welcome, unwelcome = (
        other.serve(deed_of(other, "reply", "mallory", beginning["id"], number)) for number in (1, 2)
    )
    welcome["replyAuthorization"] = f"{remote.base}/stamps/1"
    stamp_of(remote, "reply", "bob", welcome["id"], beginning["id"])
    for number, note in enumerate((welcome, unwelcome), 1):
        await coop.receives(other, "mallory", plain(other, "reply", "mallory", note, number))
        assert await sees(coop, 0, note["id"])
    await coop.receives(remote, "bob", remote.activity("Create", "bob", beginning))
    assert await coop.status(unwelcome["id"]) is None
    assert await sees(coop, 0, welcome["id"])


async def test_an_answer_that_did_not_ask_is_shown_once_the_author_tells_their_followers(
    coop: Coop, remote: Remote, other: Remote
) -> None:
    await meet(coop, remote, other)
    status = await post_of(coop, remote, "bob", **asking(remote))
    note = other.serve(deed_of(other, "reply", "mallory", status.uri))
    await coop.receives(other, "mallory", plain(other, "reply", "mallory", note))
    assert await coop.status(note["id"]) is None
    stamp = stamp_of(remote, "reply", "bob", note["id"], status.uri)
    said = {"target": status.uri, "result": stamp["id"]}
    other.add_actor("carol")
    await coop.receives(other, "carol", other.activity("Accept", "carol", note["id"], 6, **said))
    assert await coop.status(note["id"]) is None
    await coop.receives(remote, "bob", remote.activity("Accept", "bob", note["id"], 7, **said))
    assert await sees(coop, 0, note["id"])
    # GoToSocial's Reject names the answer alone.
    await coop.receives(
        remote, "bob", remote.activity("Reject", "bob", note["id"], 8, to=other.actor_id("mallory"))
    )
    assert await coop.status(note["id"]) is None


async def test_a_boost_is_shown_only_with_the_stamp_of_the_author(
    coop: Coop, remote: Remote, other: Remote
) -> None:
    await meet(coop, remote, other)
    status = await post_of(coop, remote, "bob", **asking(remote))
    boost = deed_of(other, "reblog", "mallory", status.uri)
    await coop.receives(other, "mallory", boost)
    stamp = stamp_of(remote, "reblog", "bob", f"{boost['id']}/another", status.uri)
    for number in (2, 3):
        boost = deed_of(other, "reblog", "mallory", status.uri, number, announceAuthorization=stamp["id"])
        if number == 3:
            stamp_of(remote, "reblog", "bob", boost["id"], status.uri)
        await coop.receives(other, "mallory", boost)
        assert await counts(coop, status.uri) == (0, 0, number - 2)
    await coop.receives(remote, "bob", remote.activity("Delete", "bob", stamp["id"], 9))
    assert await counts(coop, status.uri) == (0, 0, 0)


async def test_what_is_below_a_thread_that_was_closed_stays(
    coop: Coop, remote: Remote, other: Remote
) -> None:
    await meet(coop, remote, other)
    status = await post_of(coop, remote, "bob", commentsEnabled=False)
    note = deed_of(other, "reply", "mallory", status.uri)
    await coop.receives(other, "mallory", plain(other, "reply", "mallory", note))
    assert await sees(coop, 0, note["id"])
