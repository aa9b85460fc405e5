"""Our members ask authors elsewhere, and nobody else hears of it before these have agreed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from fedcoop.accounts.types import Account
from fedcoop.errors import NotAllowed
from fedcoop.favourites import actions as favourites
from fedcoop.statuses import access, actions, reblogs
from fedcoop.statuses import queries as status_queries
from fedcoop.statuses.consent.types import Deed
from fedcoop.statuses.types import Status
from tests.activitypub.asking import DEEDS, NAMES, counts, known, post_of, sees, stamp_of
from tests.activitypub.coop import Coop
from tests.activitypub.remote import PUBLIC, Remote

ASK = {
    f"can{name}": {"automaticApproval": ["BOB/followers"], "manualApproval": [PUBLIC]}
    for name in NAMES.values()
}


@dataclass
class Asked:
    """Alice, whom carol elsewhere follows, did something to a post of bob's; `sent` is what bob was asked."""

    alice: Account
    status: Status
    uri: str
    sent: dict[str, Any]


def policy(remote: Remote) -> dict[str, Any]:
    bob = remote.actor_id("bob")
    return {
        rule: {key: [uri.replace("BOB", bob) for uri in uris] for key, uris in said.items()}
        for rule, said in ASK.items()
    }


async def asks(coop: Coop, remote: Remote, other: Remote, deed: Deed, *, follower: bool = False) -> Asked:
    alice = await coop.joins("alice")
    remote.add_actor("bob")
    other.add_actor("carol")
    await coop.is_followed(alice, other, "carol")
    if follower:
        await coop.follows(alice, remote, "bob")
    status = await post_of(coop, remote, "bob", interactionPolicy=policy(remote))
    await coop.settle()
    remote.received.clear()
    if deed == "reply":
        uri = (await coop.says(alice, "an answer", in_reply_to_id=status.id)).uri
    else:
        async with coop.db.write() as tx:
            if deed == "favourite":
                await favourites.add(tx, alice, status)
            else:
                await reblogs.add(tx, alice, status)
        uri = ""
    await coop.settle()
    ((path, sent),) = remote.received
    assert path == "/users/bob/inbox"
    assert other.received == []
    return Asked(alice, status, uri or sent["instrument"]["id"], sent)


async def said_yes(coop: Coop, remote: Remote, deed: Deed, asked: Asked, **wrong: Any) -> dict[str, Any]:
    stamp: dict[str, Any] = stamp_of(remote, deed, "bob", asked.uri, asked.status.uri, **wrong)
    await coop.receives(
        remote, "bob", remote.activity("Accept", "bob", asked.sent["id"], 7, result=stamp["id"])
    )
    await coop.settle()
    return stamp


async def state_of(coop: Coop, asked: Asked) -> str:
    interaction = await known(coop, asked.uri)
    return interaction.state if interaction is not None else "unknown"


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("follower", [False, True])
async def test_the_author_is_asked_alone_and_others_hear_with_the_stamp(
    coop: Coop, remote: Remote, other: Remote, deed: Deed, follower: bool
) -> None:
    asked = await asks(coop, remote, other, deed, follower=follower)
    assert (asked.sent["type"], asked.sent["object"]) == (f"{NAMES[deed]}Request", asked.status.uri)
    assert asked.sent["to"] == [remote.actor_id("bob")]
    assert "approvedBy" not in asked.sent["instrument"]
    assert await counts(coop, asked.status.uri) == (0, 0, 0)
    if deed == "reply":
        # As it will be published, and until then for its author alone.
        assert PUBLIC in asked.sent["instrument"]["to"]
        assert [await sees(coop, viewer, asked.uri) for viewer in (asked.alice.id, 0)] == [True, False]
    stamp = await said_yes(coop, remote, deed, asked)
    assert await counts(coop, asked.status.uri) == tuple(int(each == deed) for each in DEEDS)
    name = f"{NAMES[deed].lower()}Authorization"
    told = remote.received[-1:] if deed == "favourite" else other.received
    assert told, "nobody was told"
    thing = told[0][1]["object"] if deed == "reply" else told[0][1]
    assert (thing["id"], thing[name], thing["approvedBy"]) == (asked.uri, stamp["id"], stamp["id"])
    # Taken back by whoever gave it: whoever has a copy loses it.
    other.received.clear()
    await coop.receives(remote, "bob", remote.activity("Delete", "bob", stamp["id"], 8))
    await coop.settle()
    assert await state_of(coop, asked) == "revoked"
    assert await counts(coop, asked.status.uri) == (0, 0, 0)
    expected = {"reply": ["Delete"], "favourite": [], "reblog": ["Undo"]}[deed]
    assert [sent["type"] for _, sent in other.received] == expected
    if deed == "reply":
        assert [await sees(coop, viewer, asked.uri) for viewer in (asked.alice.id, 0)] == [True, False]


@pytest.mark.parametrize("deed", DEEDS)
async def test_a_stamp_that_does_not_bind_who_what_and_where_is_none(
    coop: Coop, remote: Remote, other: Remote, deed: Deed
) -> None:
    asked = await asks(coop, remote, other, deed)
    remote.add_actor("mallory")
    other.add_actor("mallory")
    for wrong in (
        {"interactingObject": "https://coop.test/another"},
        {"interactionTarget": f"{remote.base}/another"},
        {"attributedTo": remote.actor_id("mallory")},
        {"type": "QuoteAuthorization"},
    ):
        await said_yes(coop, remote, deed, asked, **wrong)
        assert await state_of(coop, asked) == "pending", wrong
    # Nobody else answers for the author, nor is their stamp anywhere else.
    good = stamp_of(remote, deed, "bob", asked.uri, asked.status.uri)
    elsewhere = stamp_of(other, deed, "mallory", asked.uri, asked.status.uri)
    elsewhere["attributedTo"] = remote.actor_id("bob")
    for number, (server, actor, stamp) in enumerate(
        [(remote, "mallory", good), (other, "mallory", good), (remote, "bob", elsewhere)], 20
    ):
        accept = server.activity("Accept", actor, asked.sent["id"], number, result=stamp["id"])
        await coop.receives(server, actor, accept)
    await coop.receives(other, "mallory", other.activity("Reject", "mallory", asked.uri, 30))
    await coop.receives(other, "mallory", other.activity("Delete", "mallory", good["id"], 31))
    assert await state_of(coop, asked) == "pending"
    assert other.received == []


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("named", ["request", "itself"])
async def test_a_refusal_withdraws_it_quietly(
    coop: Coop, remote: Remote, other: Remote, deed: Deed, named: str
) -> None:
    asked = await asks(coop, remote, other, deed)
    meant = asked.sent["id"] if named == "request" else asked.uri
    await coop.receives(remote, "bob", remote.activity("Reject", "bob", meant, 7))
    await coop.settle()
    assert await state_of(coop, asked) == "rejected"
    assert len(remote.received) == 1
    assert other.received == []
    async with coop.db.read() as tx:
        marks = await tx.all(
            status_queries.MARKS, viewer=asked.alice.id, ids=[asked.status.id], conversations=[]
        )
    assert [row[0] for row in marks] == []
    # Asked again there is the same answer, at once.
    if deed != "reply":
        async with coop.db.write() as tx:
            with pytest.raises(NotAllowed):
                verb = favourites.add if deed == "favourite" else reblogs.add
                await verb(tx, asked.alice, asked.status)


@pytest.mark.parametrize("deed", DEEDS)
async def test_what_waits_is_taken_back_and_only_the_author_told(
    coop: Coop, remote: Remote, other: Remote, deed: Deed
) -> None:
    asked = await asks(coop, remote, other, deed)
    async with coop.db.write() as tx:
        if deed == "reply":
            answer = await access.visible_by_uri(tx, asked.alice, asked.uri)
            await actions.delete(tx, answer)
        else:
            await (favourites if deed == "favourite" else reblogs).remove(tx, asked.alice, asked.status)
    await coop.settle()
    assert await state_of(coop, asked) == "unknown"
    assert await counts(coop, asked.status.uri) == (0, 0, 0)
    assert [sent["type"] for _, sent in remote.received[1:]] == ["Delete" if deed == "reply" else "Undo"]
    assert other.received == []
    assert "Public" not in str(remote.received[1][1].get("to"))
    await said_yes(coop, remote, deed, asked)
    assert await counts(coop, asked.status.uri) == (0, 0, 0)


async def test_an_answer_is_edited_before_it_is_welcome(coop: Coop, remote: Remote, other: Remote) -> None:
    from fedcoop.statuses.types import Draft

    asked = await asks(coop, remote, other, "reply")
    async with coop.db.write() as tx:
        answer = await access.visible_by_uri(tx, asked.alice, asked.uri)
        await actions.edit(tx, asked.alice, answer, Draft(text="a better one"), config=coop.fed.config)
    await coop.settle()
    assert (len(remote.received), other.received) == (1, [])
    await said_yes(coop, remote, "reply", asked)
    assert [sent["type"] for _, sent in other.received] == ["Create", "Update"]
    assert all("a better one" in sent["object"]["content"] for _, sent in other.received)


async def test_nothing_is_done_below_what_waits(coop: Coop, remote: Remote, other: Remote) -> None:
    asked = await asks(coop, remote, other, "reply")
    async with coop.db.read() as tx:
        answer = await access.visible_by_uri(tx, asked.alice, asked.uri)
    with pytest.raises(NotAllowed):
        await coop.says(asked.alice, "and another thing", in_reply_to_id=answer.id)
    async with coop.db.write() as tx:
        with pytest.raises(NotAllowed):
            await reblogs.add(tx, asked.alice, answer)


async def test_an_author_refuses_what_needed_no_consent(coop: Coop, remote: Remote, other: Remote) -> None:
    alice = await coop.joins("alice")
    remote.add_actor("bob")
    other.add_actor("carol")
    await coop.is_followed(alice, other, "carol")
    status = await post_of(coop, remote, "bob")
    answer = await coop.says(alice, "an answer", in_reply_to_id=status.id)
    await coop.settle()
    other.received.clear()
    await coop.receives(other, "carol", other.activity("Reject", "carol", answer.uri, 6))
    assert await sees(coop, 0, answer.uri)
    await coop.receives(remote, "bob", remote.activity("Reject", "bob", answer.uri, 7))
    await coop.settle()
    assert [await sees(coop, viewer, answer.uri) for viewer in (alice.id, 0)] == [True, False]
    assert [sent["type"] for _, sent in other.received] == ["Delete"]
