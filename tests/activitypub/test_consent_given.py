"""What others want to do to our members' posts: done at once, asked about, or refused, as the post says
(GoToSocial's interaction policies)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select

from activitypub import documents
from fedcoop.accounts import actions as account_actions
from fedcoop.db import any_of, statement
from fedcoop.db.schema.notifications import notifications
from fedcoop.db.schema.statuses import home_entries
from fedcoop.errors import NotFound
from fedcoop.relationships import actions as relationships
from fedcoop.statuses.consent.types import Deed
from fedcoop.statuses.types import Rules
from tests.activitypub.asking import (
    ASKED,
    DEEDS,
    NAMES,
    NOBODY,
    counts,
    decides,
    deed_of,
    known,
    met,
    plain,
    request_of,
    rules,
    sees,
)
from tests.activitypub.coop import Coop
from tests.activitypub.remote import Remote
from tests.keys import spare_keys

EVERYTHING = {
    table.name: statement(
        select(table.c.account_id).where(any_of(table.c.account_id, "ids"), table.c.status_id > 0)
    )
    for table in (home_entries, notifications)
}


def told(remote: Remote) -> list[tuple[str, str]]:
    return [(path, sent["type"]) for path, sent in remote.received]


async def test_nobody_sees_an_answer_before_the_author_has_agreed(coop: Coop, remote: Remote) -> None:
    alice, dan = await coop.joins("alice"), await coop.joins("dan")
    bob = await met(coop, remote, "bob")
    await coop.follows(dan, remote, "bob")
    status = await coop.says(alice, "ask me", may=rules(ASKED))
    mention = [{"type": "Mention", "href": dan.uri, "name": "@dan"}]
    note = deed_of(remote, "reply", "bob", status.uri, tag=mention)
    await coop.receives(remote, "bob", plain(remote, "reply", "bob", note))
    seen = [await sees(coop, viewer, note["id"]) for viewer in (0, alice.id, dan.id, bob.id)]
    assert seen == [False, False, False, True]
    assert await counts(coop, status.uri) == (0, 0, 0)
    async with coop.db.read() as tx:
        for table, members in (("home_entries", [dan.id]), ("notifications", [alice.id, dan.id])):
            assert await tx.scalars(EVERYTHING[table], ids=members) == [], table
    assert note["id"] not in (await documents.replies(coop.fed, alice.id, status.id)).decode()


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("polite", [True, False])
async def test_who_follows_is_let_at_once_with_a_stamp(
    coop: Coop, remote: Remote, other: Remote, deed: Deed, polite: bool
) -> None:
    alice = await coop.joins("alice")
    remote.add_actor("bob")
    other.add_actor("carol")
    await coop.is_followed(alice, remote, "bob")
    await coop.is_followed(alice, other, "carol")
    status = await coop.says(alice, "for followers", may=rules(ASKED))
    await coop.settle()
    for server in (remote, other):
        server.received.clear()
    thing = deed_of(remote, deed, "bob", status.uri)
    sent = request_of(remote, deed, "bob", thing, status.uri) if polite else plain(remote, deed, "bob", thing)
    await coop.receives(remote, "bob", sent)
    await coop.settle()
    assert await counts(coop, status.uri) == tuple(int(each == deed) for each in DEEDS)
    accept = next(each for _, each in remote.received if each["type"] == "Accept")
    served = json.loads(
        await documents.authorization(coop.fed, alice.id, int(accept["result"].split("/")[-1]))
    )
    assert served["id"] == accept["result"]
    assert (served["type"], served["attributedTo"]) == (f"{NAMES[deed]}Authorization", alice.uri)
    assert (served["interactingObject"], served["interactionTarget"]) == (thing["id"], status.uri)
    if polite:
        assert (accept["object"]["id"], accept["object"]["instrument"]) == (sent["id"], thing["id"])
        assert other.received == []
    else:
        # Others have no other proof of it.
        assert (accept["object"], accept["target"]) == (thing["id"], status.uri)
        assert [each["type"] for _, each in other.received] == ["Accept"]


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("polite", [True, False])
async def test_who_has_to_ask_waits_for_the_author(
    coop: Coop, remote: Remote, deed: Deed, polite: bool
) -> None:
    alice = await coop.joins("alice")
    remote.add_actor("bob")
    status = await coop.says(alice, "ask me", may=rules(ASKED))
    thing = deed_of(remote, deed, "bob", status.uri)
    sent = request_of(remote, deed, "bob", thing, status.uri) if polite else plain(remote, deed, "bob", thing)
    for _ in range(2):  # arriving twice is arriving once
        await coop.receives(remote, "bob", sent)
        await coop.settle()
        assert await counts(coop, status.uri) == (0, 0, 0)
        assert remote.received == []
    await decides(coop, thing["id"], yes=True)
    assert await counts(coop, status.uri) == tuple(int(each == deed) for each in DEEDS)
    assert told(remote) == [("/users/bob/inbox", "Accept")]
    if deed == "reply":
        assert await sees(coop, 0, thing["id"])
    # And no longer: the stamp is gone, and so is what it allowed.
    await decides(coop, thing["id"], yes=False)
    assert await counts(coop, status.uri) == (0, 0, 0)
    delete = remote.received[-1][1]
    interaction = await known(coop, thing["id"])
    assert interaction is not None
    assert (delete["type"], delete["object"]) == ("Delete", f"{alice.uri}/authorizations/{interaction.id}")
    with pytest.raises(NotFound):
        await documents.authorization(coop.fed, alice.id, interaction.id)
    again = request_of(remote, deed, "bob", thing, status.uri, 9)
    await coop.receives(remote, "bob", again)
    await coop.settle()
    assert remote.received[-1][1]["type"] == "Reject"
    assert await counts(coop, status.uri) == (0, 0, 0)


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("polite", [True, False])
@pytest.mark.parametrize("why", ["nobody", "no"])
async def test_who_may_not_is_refused_and_nothing_kept(
    coop: Coop, remote: Remote, deed: Deed, polite: bool, why: str
) -> None:
    alice = await coop.joins("alice")
    remote.add_actor("bob")
    status = await coop.says(alice, "alone", may=rules(NOBODY if why == "nobody" else ASKED))
    thing = deed_of(remote, deed, "bob", status.uri)
    sent = request_of(remote, deed, "bob", thing, status.uri) if polite else plain(remote, deed, "bob", thing)
    await coop.receives(remote, "bob", sent)
    if why == "no":
        await decides(coop, thing["id"], yes=False)
    await coop.settle()
    assert await counts(coop, status.uri) == (0, 0, 0)
    ((_, reject),) = remote.received
    assert (reject["type"], reject.get("result")) == ("Reject", None)
    assert (reject["object"]["id"] if polite else reject["object"]) == (sent["id"] if polite else thing["id"])
    assert await coop.status(thing["id"]) is None


async def test_whoever_is_blocked_or_may_not_see_it_is_refused(coop: Coop, remote: Remote) -> None:
    alice = await coop.joins("alice")
    bob = await met(coop, remote, "bob")
    private = await coop.says(alice, "mine", visibility="private")
    public = await coop.says(alice, "ours")
    async with coop.db.write() as tx:
        await relationships.block(tx, alice, bob)
    await coop.settle()
    remote.received.clear()
    for number, status in enumerate((private, public), 1):
        note = deed_of(remote, "reply", "bob", status.uri, number)
        await coop.receives(remote, "bob", request_of(remote, "reply", "bob", note, status.uri, number))
        assert await coop.status(note["id"]) is None
    await coop.settle()
    assert [sent["type"] for _, sent in remote.received] == ["Reject", "Reject"]


async def test_asking_where_nobody_has_to_is_answered_with_a_stamp(coop: Coop, remote: Remote) -> None:
    alice = await coop.joins("alice")
    async with coop.db.write() as tx:
        assembly = await account_actions.create_actor(
            tx, coop.fed.config, "assembly", "group", "Assembly", "", spare_keys(2)
        )
    remote.add_actor("bob")
    for author in (assembly, alice):
        status = await coop.says(author, "everybody", may=None if author is assembly else Rules())
        for number, deed in enumerate(DEEDS, 1 + 10 * (author is alice)):
            thing = deed_of(remote, deed, "bob", status.uri, number)
            await coop.receives(remote, "bob", request_of(remote, deed, "bob", thing, status.uri, number))
        await coop.settle()
        assert await counts(coop, status.uri) == (1, 1, 1)
    assert [bool(sent.get("result")) for _, sent in remote.received] == [True] * 6


@pytest.mark.parametrize("deed", DEEDS)
async def test_forged_requests_change_nothing(coop: Coop, remote: Remote, other: Remote, deed: Deed) -> None:
    alice = await coop.joins("alice")
    status, another = await coop.says(alice, "one"), await coop.says(alice, "two")
    remote.add_actor("bob")
    other.add_actor("mallory")
    of_bob = remote.serve(deed_of(remote, deed, "bob", status.uri))
    other_post = deed_of(remote, deed, "bob", another.uri, 2)
    foreign: Any = {**deed_of(other, deed, "mallory", status.uri), "id": f"{remote.base}/made-up/1"}
    await coop.receives(remote, "bob", request_of(remote, deed, "bob", other_post, status.uri))
    await coop.receives(other, "mallory", request_of(other, deed, "mallory", of_bob, status.uri))
    await coop.receives(other, "mallory", request_of(other, deed, "mallory", of_bob["id"], status.uri, 2))
    await coop.receives(other, "mallory", request_of(other, deed, "mallory", foreign, status.uri, 3))
    await coop.settle()
    assert (remote.received, other.received) == ([], [])
    for each in (status, another):
        assert await counts(coop, each.uri) == (0, 0, 0)


@pytest.mark.parametrize("deed", DEEDS)
async def test_what_waits_can_be_taken_back(coop: Coop, remote: Remote, deed: Deed) -> None:
    alice = await coop.joins("alice")
    remote.add_actor("bob")
    status = await coop.says(alice, "ask me", may=rules(ASKED))
    thing = deed_of(remote, deed, "bob", status.uri)
    await coop.receives(remote, "bob", request_of(remote, deed, "bob", thing, status.uri))
    kind, undone = ("Delete", thing["id"]) if deed == "reply" else ("Undo", thing["id"])
    await coop.receives(remote, "bob", remote.activity(kind, "bob", undone, 2))
    assert await known(coop, thing["id"]) is None
    assert await coop.status(thing["id"]) is None
