"""Relays of both styles (FEP-ae0c), joined by a vote: what is told to them, and what is believed from them."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from aiohttp import web

from activitypub.signatures import linked, load_public
from activitypub.signatures.keys import verify
from fedcoop import clock
from tests.accounts.test_deleting import deletes
from tests.activitypub.remote import ACTIVITY, AS, PUBLIC, Remote
from tests.moves.test_moving import moves, names_as_alias
from tests.second_factors.test_second_step import with_password
from tests.security.deliveries import kept, posts, sends
from tests.web.pages.browser import browser_of
from tests.web.test_decided import decide, repeal
from tests.words import Person, Server

Sent = list[tuple[str, dict[str, Any]]]


def to_relay(relay: Remote, kind: str) -> list[dict[str, Any]]:
    """Everything of a kind that came to the relay's inbox."""
    return [sent for path, sent in relay.received if path == "/inbox" and sent["type"] == kind]


async def asks(server: Server, relay: Remote, *, litepub: bool = False) -> tuple[Person, Any, dict[str, Any]]:
    """Members decide to belong to a relay; who did, the proposal, and the Follow that it got."""
    relay.add_actor("relay", type="Application", inbox=f"{relay.base}/inbox")
    alice = await server.joins("alice", member=True)
    address = relay.actor_id("relay") if litepub else f"{relay.base}/inbox"
    decided = await decide(server, alice, {"type": "join_relay", "relay": address})
    (follow,) = to_relay(relay, "Follow")
    return alice, decided, follow


async def belongs(server: Server, relay: Remote, *, litepub: bool = False) -> tuple[Person, Any]:
    """The same, and the relay accepts."""
    alice, decided, follow = await asks(server, relay, litepub=litepub)
    assert await sends(server, relay, "relay", relay.activity("Accept", "relay", follow)) == 202
    relay.received.clear()
    return alice, decided


def uri_of(person: Person) -> str:
    assert person.account is not None
    return person.account.uri


async def states(server: Server) -> str:
    """What an administrator reads."""
    root = server.people.get("robin") or await server.joins("robin", role="admin")
    return (await (await browser_of(root)).open("/admin/federation")).text


async def relayed(server: Server, relay: Remote, activity: dict[str, Any]) -> int:
    """The relay sends on what somebody else did, signing the request itself."""
    body = json.dumps(activity).encode()
    url = f"{server.config.base_url}/inbox"
    status = await posts(server, body, dict(relay.sign("relay", url, body)))
    await server.settle()
    return status


def signed_by(actor: dict[str, Any], document: dict[str, Any]) -> bool:
    """Does the LD signature hold, as a server checks it that gets the document from the relay?"""
    options = {**document["signature"]}
    assert options.pop("type") == "RsaSignature2017"
    assert options["creator"] == actor["publicKey"]["id"]
    value = base64.b64decode(options.pop("signatureValue"))
    bare = {key: found for key, found in document.items() if key != "signature"}
    return verify(load_public(actor["publicKey"]["publicKeyPem"]), value, linked.signed_bytes(bare, options))


async def from_elsewhere(alice: Person) -> list[str]:
    """What others posted or boosted that stands in her home timeline."""
    return [one["uri"] for one in await alice.home() if "@" in one["account"]["acct"]]


async def public(server: Server) -> list[str]:
    """Addresses of what stands in the public timeline of all servers."""
    return [one["uri"] for one in await server.anybody.get("/api/v1/timelines/public", remote="true")]


@pytest.mark.parametrize("litepub", [False, True])
async def test_a_vote_makes_the_server_follow_a_relay_and_repealing_it_takes_that_back(
    server: Server, remote: Remote, litepub: bool
) -> None:
    alice, decided, follow = await asks(server, remote, litepub=litepub)
    assert follow["actor"] == f"{server.config.base_url}/actor"
    assert follow["object"] == (remote.actor_id("relay") if litepub else PUBLIC)
    assert "asked" in await states(server)
    await alice.says("Too early")
    await server.settle()
    assert not to_relay(remote, "Create")
    assert not to_relay(remote, "Announce")
    await sends(server, remote, "relay", remote.activity("Accept", "relay", follow["id"]))
    assert "accepted" in await states(server)
    await repeal(server, alice, decided)
    (undo,) = to_relay(remote, "Undo")
    assert undo["object"] == {key: value for key, value in follow.items() if key != "@context"}
    assert "We belong to no relay" in await states(server)
    remote.received.clear()
    await alice.says("Too late")
    await server.settle()
    assert remote.received == []


async def test_only_the_relay_that_was_asked_answers(server: Server, remote: Remote, other: Remote) -> None:
    _, _, follow = await asks(server, remote)
    other.add_actor("mallory")
    await sends(server, other, "mallory", other.activity("Accept", "mallory", follow))
    await sends(server, other, "mallory", other.activity("Accept", "mallory", follow["id"], 2))
    assert "asked" in await states(server)
    invented = {**follow, "id": f"{follow['id']}0"}
    await sends(server, remote, "relay", remote.activity("Accept", "relay", invented))
    assert "asked" in await states(server)
    await sends(server, remote, "relay", remote.activity("Reject", "relay", follow))
    assert "refused" in await states(server)
    await sends(server, remote, "relay", remote.activity("Accept", "relay", follow, 2))
    assert "accepted" in await states(server)


async def test_a_relay_of_litepub_is_no_other_actor_of_its_server(server: Server, remote: Remote) -> None:
    _, _, follow = await asks(server, remote, litepub=True)
    remote.add_actor("mallory")
    await sends(server, remote, "mallory", remote.activity("Accept", "mallory", follow["id"]))
    assert "asked" in await states(server)


async def test_what_is_public_goes_to_a_relay_once_and_nothing_else(server: Server, remote: Remote) -> None:
    alice, _ = await belongs(server, remote)
    for visibility in ("unlisted", "private", "direct"):
        await alice.says("Not for all", visibility=visibility)
    await server.settle()
    assert remote.received == []
    remote.add_actor("bob")
    # somebody of the relay's server is mentioned, so its inbox is meant twice
    said = await alice.says(f"For all @bob@{remote.host}")
    await server.settle()
    (create,) = to_relay(remote, "Create")
    assert create["object"]["id"] == said["uri"]
    found = await server.anybody.ask("GET", create["actor"], headers={"Accept": ACTIVITY})
    actor = found.body
    assert signed_by(actor, create)
    assert not signed_by(actor, {**create, "to": []})
    await alice.put(f"/api/v1/statuses/{said['id']}", status="For all of you")
    await server.settle()
    await alice.post(f"/api/v1/statuses/{said['id']}/reblog")
    await server.settle()
    assert len(to_relay(remote, "Update")) == len(to_relay(remote, "Announce")) == 1
    await alice.delete(f"/api/v1/statuses/{said['id']}")
    await server.settle()
    assert said["uri"] in [one["object"]["id"] for one in to_relay(remote, "Delete")]


async def test_a_relay_of_litepub_gets_an_announce_by_the_server(server: Server, remote: Remote) -> None:
    alice, _ = await belongs(server, remote, litepub=True)
    said = await alice.says("For all")
    await alice.says("Not for all", visibility="unlisted")
    await server.settle()
    ((_, announce),) = remote.received
    assert (announce["type"], announce["object"]) == ("Announce", said["uri"])
    assert announce["actor"] == f"{server.config.base_url}/actor"
    assert announce["published"]
    # such relays follow in return
    back = remote.activity("Follow", "relay", f"{server.config.base_url}/actor")
    await sends(server, remote, "relay", back)
    (accept,) = to_relay(remote, "Accept")
    assert accept["object"]["id"] == back["id"]
    await alice.delete(f"/api/v1/statuses/{said['id']}")
    await server.settle()
    assert len(to_relay(remote, "Delete")) == 1


async def test_a_relay_is_told_who_moves_and_who_goes(server: Server, remote: Remote) -> None:
    await belongs(server, remote)
    bob, browser = await with_password(server, "bob")
    new = await server.joins("newbob")
    await names_as_alias(new, bob)
    await moves(browser, new)
    await server.settle()
    (move,) = to_relay(remote, "Move")
    assert move["target"] == uri_of(new)
    assert PUBLIC in move["to"]
    assert "signature" in move
    assert not to_relay(remote, "Update"), "profiles are for those who know somebody"
    await deletes(browser, username="bob")
    await server.settle()
    assert uri_of(bob) in [one["object"] for one in to_relay(remote, "Delete") if "signature" in one]


async def test_the_server_is_followed_by_relays_alone(server: Server, remote: Remote, other: Remote) -> None:
    await belongs(server, remote, litepub=True)
    other.add_actor("mallory")
    follow = other.activity("Follow", "mallory", f"{server.config.base_url}/actor")
    assert await sends(server, other, "mallory", follow) == 202
    (_, answer) = other.received[-1]
    assert (answer["type"], answer["object"]["id"]) == ("Reject", follow["id"])


async def test_what_is_not_public_is_not_taken_from_a_relay(
    server: Server, remote: Remote, other: Remote
) -> None:
    alice, _ = await belongs(server, remote)
    other.add_actor("carol")
    followers = f"{other.actor_id('carol')}/followers"
    audiences = [{"to": [followers], "cc": []}, {"to": [alice.handle], "cc": []}, {"to": [], "cc": [PUBLIC]}]
    for number, audience in enumerate(audiences):
        post = other.serve(other.note("carol", number, **audience))
        copy = {**post, "to": [PUBLIC]}
        assert await relayed(server, remote, other.activity("Create", "carol", copy, number)) == 202
        announce = remote.activity("Announce", "relay", post["id"], number, to=[PUBLIC])
        assert await sends(server, remote, "relay", announce) == 202
        assert await kept(server, post["id"]) is None, audience


async def test_a_relayed_post_is_fetched_where_it_lives_and_boosts_nothing(
    server: Server, remote: Remote, other: Remote
) -> None:
    alice, _ = await belongs(server, remote)
    await remote.is_followed(server, alice, "relay")  # who also follows the relay sees no boosts of it
    other.add_actor("carol")
    true = other.serve(other.note("carol", content="<p>True words</p>"))
    forged = {**true, "content": "<p>Forged words</p>"}
    signature = {"type": "RsaSignature2017", "creator": f"{other.actor_id('carol')}#main-key"}
    create = {**other.activity("Create", "carol", forged), "signature": signature}
    assert await relayed(server, remote, create) == 202
    announced = other.serve(other.note("carol", 2))
    announce = remote.activity("Announce", "relay", announced["id"], to=[PUBLIC])
    assert await sends(server, remote, "relay", announce) == 202
    assert set(await public(server)) == {true["id"], announced["id"]}
    shown = await alice.sees(true["id"])
    assert "True words" in shown["content"]
    assert (await alice.sees(announced["id"]))["reblogs_count"] == 0
    assert await from_elsewhere(alice) == []
    wrapped = other.serve(other.note("carol", 3))
    embedded = other.activity("Create", "carol", {"id": wrapped["id"], "type": "Note"})
    await sends(server, remote, "relay", remote.activity("Announce", "relay", embedded, 2, to=[PUBLIC]))
    assert wrapped["id"] in await public(server)


async def test_who_follows_the_author_has_a_relayed_post_at_home(
    server: Server, remote: Remote, other: Remote
) -> None:
    alice, _ = await belongs(server, remote)
    other.add_actor("carol")
    await other.is_followed(server, alice, "carol")
    post = other.serve(other.note("carol"))
    await relayed(server, remote, other.activity("Create", "carol", post))
    assert await from_elsewhere(alice) == [post["id"]]


async def test_nothing_is_taken_from_a_relay_before_it_accepts_and_after_it_is_left(
    server: Server, remote: Remote, other: Remote
) -> None:
    alice, decided, follow = await asks(server, remote)
    other.add_actor("carol")
    post = other.serve(other.note("carol"))
    create = other.activity("Create", "carol", post)
    announce = remote.activity("Announce", "relay", post["id"], to=[PUBLIC])
    assert await relayed(server, remote, create) == 401
    await sends(server, remote, "relay", announce)
    await sends(server, remote, "relay", remote.activity("Accept", "relay", follow))
    await repeal(server, alice, decided)
    assert await relayed(server, remote, create) == 401
    await sends(server, remote, "relay", {**announce, "id": f"{announce['id']}0"})
    assert await public(server) == []
    assert other.asked == []


async def test_a_relay_cannot_delete_change_or_speak_for_anybody(
    server: Server, remote: Remote, other: Remote
) -> None:
    alice, _ = await belongs(server, remote)
    other.add_actor("carol")
    post = other.serve(other.note("carol"))
    await relayed(server, remote, other.activity("Create", "carol", post))
    delete = other.activity("Delete", "carol", {"id": post["id"], "type": "Tombstone"})
    assert await relayed(server, remote, delete) == 202
    assert post["id"] in await public(server)
    changed = {**post, "content": "<p>Forged words</p>", "updated": "2026-02-02T03:04:05Z"}
    await relayed(server, remote, other.activity("Update", "carol", changed))
    assert "Good morning" in (await alice.sees(post["id"]))["content"]
    assert await relayed(server, remote, other.activity("Follow", "carol", f"{alice.handle}")) == 401
    ours = {"@context": AS, "type": "Note", "id": f"{server.config.base_url}/ap/users/1/statuses/1"}
    assert await relayed(server, remote, other.activity("Create", "carol", ours)) == 401


async def test_a_post_whose_server_does_not_answer_at_first_comes_later(
    server: Server, remote: Remote, other: Remote
) -> None:
    async def unwell(_request: web.Request) -> web.Response:
        return web.Response(status=503)

    await belongs(server, remote)
    other.add_actor("carol")
    post = other.serve(other.note("carol"))
    path = post["id"].removeprefix(other.base)
    other.handlers[path] = unwell
    await sends(server, remote, "relay", remote.activity("Announce", "relay", post["id"], to=[PUBLIC]))
    assert await public(server) == []
    del other.handlers[path]
    clock.advance(seconds=600)
    await server.settle()
    assert await public(server) == [post["id"]]
