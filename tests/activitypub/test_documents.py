"""What we show to other servers, and to whom."""

from __future__ import annotations

import json
from typing import Any

import pytest

from activitypub import discovery, documents, resolve
from activitypub.errors import BadSignature
from activitypub.parse import parse
from activitypub.receive import requester
from activitypub.signatures import sign_cavage
from activitypub.vocabulary import Actor, Collection, Post
from fedcoop import clock
from fedcoop.accounts import access as account_access
from fedcoop.errors import Gone, Invalid, NotFound
from fedcoop.statuses import actions as status_actions
from fedcoop.statuses import reblogs
from tests.activitypub.coop import BASE, Coop
from tests.activitypub.remote import Remote, key


def read(body: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(body)
    return found


async def test_actors_are_what_others_need(coop: Coop) -> None:
    alice = await coop.joins("alice")
    body = await documents.actor(coop.fed, alice.id)
    found = parse(body)
    assert isinstance(found, Actor)
    assert (found.id, found.username, found.webfinger) == (alice.uri, "alice", "alice@coop.test")
    assert found.inbox == f"{alice.uri}/inbox"
    assert found.shared_inbox == f"{BASE}/inbox"
    assert found.keys[0].id == f"{alice.uri}#main-key"
    with pytest.raises(NotFound):
        await documents.actor(coop.fed, 1)


async def test_the_server_itself_is_an_application(coop: Coop) -> None:
    found = read(await documents.instance_actor(coop.fed))
    assert (found["id"], found["type"]) == (f"{BASE}/actor", "Application")
    # It signs with both of its keys, so both can be had.
    assert [key["id"] for key in found["assertionMethod"]] == [f"{BASE}/actor#ed25519-key"]


async def test_a_status_is_shown_to_whoever_may_see_it(coop: Coop, remote: Remote) -> None:
    alice = await coop.joins("alice")
    remote.add_actor("bob")
    remote.add_actor("eve")
    bob = await coop.is_followed(alice, remote, "bob")
    eve = await resolve.account(coop.fed, remote.actor_id("eve"))
    public = await coop.says(alice, "to all")
    private = await coop.says(alice, "among us", visibility="private")
    found = parse(await documents.status(coop.fed, alice.id, public.id))
    assert isinstance(found, Post)
    assert found.id == public.uri
    assert read(await documents.activity(coop.fed, alice.id, public.id))["type"] == "Create"
    assert await documents.status(coop.fed, alice.id, private.id, bob)
    for viewer in (None, eve):
        with pytest.raises(NotFound):
            await documents.status(coop.fed, alice.id, private.id, viewer)
        with pytest.raises(NotFound):
            await documents.replies(coop.fed, alice.id, private.id, viewer)
    with pytest.raises(NotFound):
        await documents.status(coop.fed, alice.id, 1)
    carol = await coop.joins("carol")
    with pytest.raises(NotFound):
        await documents.status(coop.fed, carol.id, public.id)


async def test_what_was_deleted_is_gone(coop: Coop) -> None:
    alice = await coop.joins("alice")
    status = await coop.says(alice, "oops")
    async with coop.db.write() as tx:
        await status_actions.delete(tx, status)
    with pytest.raises(Gone):
        await documents.status(coop.fed, alice.id, status.id)
    assert read(documents.tombstone(status.uri))["type"] == "Tombstone"


async def test_the_outbox_has_what_is_public(coop: Coop) -> None:
    alice = await coop.joins("alice")
    carol = await coop.joins("carol")
    said = [await coop.says(alice, f"number {number}") for number in range(21)]
    await coop.says(alice, "not for all", visibility="private")
    theirs = await coop.says(carol, "share this")
    async with coop.db.write() as tx:
        await reblogs.add(tx, alice, theirs)
    whole = read(await documents.outbox(coop.fed, alice.id))
    assert whole["first"] == f"{alice.uri}/outbox?page=true"
    first = read(await documents.outbox(coop.fed, alice.id, page=True))
    assert [one["type"] for one in first["orderedItems"]] == ["Announce"] + ["Create"] * 19
    cursor = int(first["next"].rpartition("=")[2])
    last = read(await documents.outbox(coop.fed, alice.id, page=True, max_id=cursor))
    assert [one["object"]["id"] for one in last["orderedItems"]] == [said[1].uri, said[0].uri]
    assert "next" not in last


async def test_followers_are_listed_unless_hidden(coop: Coop, remote: Remote) -> None:
    from fedcoop.accounts.actions import edit_profile
    from fedcoop.accounts.types import ProfileEdit

    alice = await coop.joins("alice")
    remote.add_actor("bob")
    bob = await coop.is_followed(alice, remote, "bob")
    found = parse(await documents.followers(coop.fed, alice.id))
    assert isinstance(found, Collection)
    assert found.total == 1
    assert read(await documents.followers(coop.fed, alice.id, page=True))["orderedItems"] == [bob.uri]
    assert read(await documents.following(coop.fed, alice.id))["totalItems"] == 0
    async with coop.db.write() as tx:
        alice = await account_access.find(tx, alice.id)
        await edit_profile(tx, coop.fed.config, alice, ProfileEdit(hide_collections=True))
    hidden = read(await documents.followers(coop.fed, alice.id, page=True))
    assert hidden["totalItems"] == 1
    assert "orderedItems" not in hidden
    assert "first" not in hidden


async def test_answers_and_counts_are_served(coop: Coop) -> None:
    alice = await coop.joins("alice")
    status = await coop.says(alice, "first")
    reply = await coop.says(alice, "second", in_reply_to_id=status.id)
    assert read(await documents.replies(coop.fed, alice.id, status.id))["orderedItems"] == [reply.uri]
    assert read(await documents.likes(coop.fed, alice.id, status.id))["totalItems"] == 0
    assert read(await documents.shares(coop.fed, alice.id, status.id))["totalItems"] == 0
    assert read(await documents.featured(coop.fed, alice.id))["orderedItems"] == []


async def test_handles_lead_to_actors_and_strangers_nowhere(coop: Coop) -> None:
    alice = await coop.joins("alice")
    for resource in ("acct:alice@coop.test", "acct:ALICE@COOP.TEST", "alice@coop.test", alice.uri, alice.url):
        found = read(await discovery.webfinger(coop.fed, resource))
        assert found["subject"] == "acct:alice@coop.test"
        assert {"rel": "self", "type": "application/activity+json", "href": alice.uri} in found["links"]
    for resource in ("acct:coop.test@coop.test", BASE, f"{BASE}/"):
        found = read(await discovery.webfinger(coop.fed, resource))
        assert any(link.get("href") == f"{BASE}/actor" for link in found["links"])
    for resource in (
        "acct:nobody@coop.test",
        "acct:alice@elsewhere.test",
        "https://elsewhere.test/alice",
        "alice",
    ):
        with pytest.raises(NotFound):
            await discovery.webfinger(coop.fed, resource)
    with pytest.raises(Invalid):
        await discovery.webfinger(coop.fed, "")


async def test_the_server_describes_itself(coop: Coop) -> None:
    alice = await coop.joins("alice")
    await coop.says(alice, "hello")
    assert b"webfinger?resource={uri}" in discovery.host_meta(coop.fed)
    links = read(discovery.nodeinfo_links(coop.fed))["links"]
    assert [link["href"] for link in links][:2] == [f"{BASE}/nodeinfo/2.0", f"{BASE}/nodeinfo/2.1"]
    for version in ("2.0", "2.1"):
        found = read(await discovery.nodeinfo(coop.fed, version))
        assert found["version"] == version
        assert found["usage"] == {
            "users": {"total": 1, "activeMonth": 1, "activeHalfyear": 1},
            "localPosts": 1,
        }
        assert ("homepage" in found["software"]) is (version == "2.1")
    with pytest.raises(NotFound):
        await discovery.nodeinfo(coop.fed, "3.0")


@pytest.mark.parametrize(
    ("accept", "wanted"),
    [
        ("application/activity+json", True),
        ('application/ld+json; profile="https://www.w3.org/ns/activitystreams", text/html;q=0.1', True),
        ("text/html,application/xhtml+xml", False),
        ("*/*", False),
        ("", False),
    ],
)
def test_browsers_get_pages_and_servers_documents(accept: str, wanted: bool) -> None:
    assert documents.wants_document(accept) is wanted


async def test_who_asks_is_told_by_the_signature(coop: Coop, remote: Remote) -> None:
    remote.add_actor("bob")
    url = f"{BASE}/ap/users/1/statuses/2"
    target = "/ap/users/1/statuses/2"
    key_id = f"{remote.actor_id('bob')}#main-key"
    headers = sign_cavage(key("bob"), key_id, "GET", url, clock.now() // 1000)
    found = await requester(coop.fed, "GET", target, headers.items())
    assert found is not None
    assert found.uri == remote.actor_id("bob")
    assert await requester(coop.fed, "GET", target, [("Host", "coop.test")]) is None
    with pytest.raises(BadSignature):
        await requester(coop.fed, "GET", "/elsewhere", headers.items())
