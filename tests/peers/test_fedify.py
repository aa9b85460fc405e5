"""Two servers that have no line in common: ours, and a small one written with Fedify."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.activitypub.remote import Remote, remote_server
from tests.activitypub.test_relays import belongs, to_relay
from tests.moves.test_moving import moves, names_as_alias
from tests.peers.node import installed, served
from tests.ports import free_port
from tests.second_factors.test_second_step import with_password
from tests.words import Person, Server

pytestmark = installed


@dataclass
class Fedify:
    """The other server, steered from outside."""

    server: Server
    port: int

    def actor(self, name: str) -> str:
        return f"http://127.0.0.1:{self.port}/users/{name}"

    def handle(self, name: str) -> str:
        return f"{name}@127.0.0.1:{self.port}"

    async def does(self, act: str, who: str, **details: Any) -> Any:
        """Has somebody there do something; what it sets off here has happened when this returns."""
        body = {"do": act, "as": who, **details}
        async with self.server.http.post(f"http://127.0.0.1:{self.port}/control", json=body) as answer:
            said = await answer.json()
            assert answer.status == 200, said
        await self.server.settle()
        return said

    async def knows(self) -> Any:
        async with self.server.http.get(f"http://127.0.0.1:{self.port}/control") as answer:
            return await answer.json()

    async def got(self, kind: str) -> list[Any]:
        """The activities of one kind that arrived there and passed its checks, as JSON-LD."""
        return [each["json"] for each in (await self.knows())["arrived"] if each["type"] == kind]


@pytest.fixture
async def relay() -> AsyncIterator[Remote]:
    async with remote_server() as found:
        yield found


@pytest.fixture
async def fedify(server: Server) -> AsyncIterator[Fedify]:
    port = free_port()
    async with served("fedify.mjs", str(port)):
        yield Fedify(server, port)


async def follows_fay(fedify: Fedify, person: Person) -> Any:
    """`person` follows Fay, who accepts; returns her account as seen here."""
    account = await person.finds(fedify.handle("fay"))
    await person.post(f"/api/v1/accounts/{account['id']}/follow")
    await fedify.server.settle()
    return account


def uri_of(person: Person) -> str:
    assert person.account is not None
    return person.account.uri


async def test_following_is_asked_answered_and_ended_both_ways(server: Server, fedify: Fedify) -> None:
    alice = await server.joins("alice")
    account = await follows_fay(fedify, alice)
    assert account["display_name"] == "fay of Fedify"
    there = (await fedify.knows())["followers"]["fay"]
    assert there == [uri_of(alice)]
    [relationship] = await alice.get("/api/v1/accounts/relationships", **{"id[]": account["id"]})
    assert relationship["following"]

    await fedify.does("follow", "fay", target=uri_of(alice))
    assert [each["type"] for each in await alice.notifications()] == ["follow"]
    assert [each["object"]["actor"] for each in await fedify.got("Accept")] == [fedify.actor("fay")]
    await fedify.does("unfollow", "fay", target=uri_of(alice))
    assert await alice.get(f"/api/v1/accounts/{alice.id}/followers") == []

    await alice.post(f"/api/v1/accounts/{account['id']}/unfollow")
    await server.settle()
    assert (await fedify.knows())["followers"]["fay"] == []


async def test_posts_replies_likes_and_boosts_from_there_are_shown_here(
    server: Server, fedify: Fedify
) -> None:
    alice = await server.joins("alice")
    account = await follows_fay(fedify, alice)
    note = await fedify.does("post", "fay", content="<p>Hello from <b>Fedify</b></p>")
    [seen] = [each for each in await alice.home() if each["account"]["id"] == account["id"]]
    assert (seen["uri"], seen["content"]) == (note["id"], "<p>Hello from <b>Fedify</b></p>")

    await fedify.does("edit", "fay", id=note["id"], content="<p>Changed</p>")
    edited = await alice.get(f"/api/v1/statuses/{seen['id']}")
    assert edited["content"] == "<p>Changed</p>"
    assert edited["edited_at"]

    mine = await alice.says("What do you all think?")
    await server.settle()
    await fedify.does("post", "fred", content="<p>A lot</p>", inReplyTo=mine["uri"], to=uri_of(alice))
    await fedify.does("like", "fred", id=mine["uri"], to=uri_of(alice))
    await fedify.does("boost", "fred", id=mine["uri"], to=uri_of(alice))
    mine = await alice.get(f"/api/v1/statuses/{mine['id']}")
    assert (mine["replies_count"], mine["favourites_count"], mine["reblogs_count"]) == (1, 1, 1)
    thread = await alice.get(f"/api/v1/statuses/{mine['id']}/context")
    assert [each["account"]["acct"] for each in thread["descendants"]] == [fedify.handle("fred")]

    await fedify.does("delete", "fay", id=note["id"])
    await alice.get(f"/api/v1/statuses/{seen['id']}", expect=404)


async def test_what_people_here_do_is_understood_there(server: Server, fedify: Fedify) -> None:
    alice = await server.joins("alice")
    account = await follows_fay(fedify, alice)
    await fedify.does("follow", "fay", target=uri_of(alice))
    note = await fedify.does("post", "fay", content="<p>Ask me anything</p>")
    seen = await alice.sees(note["id"])

    post = await alice.says("Good morning #fediverse", spoiler_text="greeting")
    answer = await alice.says(f"@{fedify.handle('fay')} what is new?", in_reply_to_id=seen["id"])
    await server.settle()
    created = {each["object"]["id"]: each["object"] for each in await fedify.got("Create")}
    assert "Good morning" in created[post["uri"]]["content"]
    assert created[post["uri"]]["summary"] == "greeting"
    assert created[answer["uri"]]["inReplyTo"] == note["id"]

    await alice.post(f"/api/v1/statuses/{seen['id']}/favourite")
    await alice.post(f"/api/v1/statuses/{seen['id']}/reblog")
    await alice.put(f"/api/v1/statuses/{post['id']}", status="Good evening #fediverse")
    await server.settle()
    assert [each["object"] for each in await fedify.got("Like")] == [note["id"]]
    assert [each["object"] for each in await fedify.got("Announce")] == [note["id"]]
    [update] = [each for each in await fedify.got("Update") if each["object"]["id"] == post["uri"]]
    assert "Good evening" in update["object"]["content"]

    await alice.delete(f"/api/v1/statuses/{post['id']}")
    await alice.post(f"/api/v1/statuses/{seen['id']}/unfavourite")
    await server.settle()
    await alice.post(f"/api/v1/accounts/{account['id']}/block")
    await server.settle()
    deleted = [each["object"] for each in await fedify.got("Delete")]
    assert post["uri"] in [each if isinstance(each, str) else each["id"] for each in deleted]
    assert "Like" in [each["object"]["type"] for each in await fedify.got("Undo")]
    assert [each["object"] for each in await fedify.got("Block")] == [fedify.actor("fay")]


async def test_who_is_blocked_there_hears_nothing_more(server: Server, fedify: Fedify) -> None:
    alice = await server.joins("alice")
    account = await follows_fay(fedify, alice)
    await fedify.does("block", "fay", target=uri_of(alice))
    [relationship] = await alice.get("/api/v1/accounts/relationships", **{"id[]": account["id"]})
    assert relationship["blocked_by"]
    assert not relationship["following"]


async def test_documents_fetched_with_a_signature_parse_there(server: Server, fedify: Fedify) -> None:
    alice = await server.joins("alice", display_name="Alice", note="Hello")
    post = await alice.says("Look at me", poll={"options": ["yes", "no"], "expires_in": 3600})
    actor = (await fedify.does("look", "fred", target=uri_of(alice)))["found"]
    assert (actor["preferredUsername"], actor["name"]) == ("alice", "Alice")
    question = (await fedify.does("look", "fred", target=post["uri"]))["found"]
    assert question["type"] == "Question"


async def test_who_moves_there_takes_followers_from_here_along(server: Server, fedify: Fedify) -> None:
    alice = await server.joins("alice")
    old = await follows_fay(fedify, alice)
    await fedify.does("move", "fay", target=fedify.actor("newfay"))
    new = await alice.finds(fedify.handle("newfay"))
    assert (await fedify.knows())["followers"]["newfay"] == [uri_of(alice)]
    [relationship] = await alice.get("/api/v1/accounts/relationships", **{"id[]": new["id"]})
    assert relationship["following"]
    moved = await alice.get(f"/api/v1/accounts/{old['id']}")
    assert moved["moved"]["acct"] == fedify.handle("newfay")


async def test_nobody_there_moves_to_an_account_that_does_not_say_so(server: Server, fedify: Fedify) -> None:
    alice = await server.joins("alice")
    await follows_fay(fedify, alice)
    await fedify.does("move", "fay", target=fedify.actor("fred"))
    assert (await fedify.knows())["followers"]["fred"] == []
    assert (await fedify.knows())["followers"]["fay"] == [uri_of(alice)]


async def test_who_moves_here_tells_followers_there(server: Server, fedify: Fedify) -> None:
    alice, browser = await with_password(server)
    new = await server.joins("newalice")
    await fedify.does("follow", "fay", target=uri_of(alice))
    await names_as_alias(new, alice)
    assert "You have moved" in await moves(browser, new)
    await server.settle()
    [move] = await fedify.got("Move")
    assert (move["object"], move["target"]) == (uri_of(alice), uri_of(new))
    there = (await fedify.does("look", "fay", target=uri_of(new)))["found"]
    assert uri_of(alice) in str(there["alsoKnownAs"])


async def test_what_a_relay_gets_is_believed_when_it_passes_it_on(
    server: Server, fedify: Fedify, relay: Remote
) -> None:
    alice, _ = await belongs(server, relay)
    said = await alice.says(
        "For all of you :blobcat: #relays", poll={"options": ["a", "b"], "expires_in": 3600}
    )
    await server.settle()
    (create,) = to_relay(relay, "Create")
    forged = {**create, "id": f"{create['id']}/forged", "object": {**create["object"], "content": "Forged"}}
    for sent in (forged, create):
        body = json.dumps(sent).encode()
        url = f"http://127.0.0.1:{fedify.port}/inbox"
        async with server.http.post(url, data=body, headers=dict(relay.sign("relay", url, body))) as answer:
            await answer.read()
    [got] = await fedify.got("Create")
    assert got["object"]["id"] == said["uri"]
