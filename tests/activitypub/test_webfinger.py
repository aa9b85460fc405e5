"""Handles and actors must name each other."""

import pytest
from aiohttp import web

from activitypub.client import Client
from activitypub.errors import BadAnswer, FetchError
from activitypub.parse import parse_document
from activitypub.vocabulary import Actor
from activitypub.webfinger import confirmed_handle, lookup, read, split_handle
from fedcoop.errors import Invalid
from tests.activitypub.remote import ACTIVITY, Remote


def actor(remote: Remote, name: str) -> Actor:
    found = parse_document(remote.add_actor(name))
    assert isinstance(found, Actor)
    return found


async def test_a_handle_leads_to_its_actor(client: Client, remote: Remote) -> None:
    remote.add_actor("bob")
    found = await lookup(client, "bob", remote.host)
    assert (found.username, found.domain, found.actor) == ("bob", remote.host, remote.actor_id("bob"))


async def test_a_handle_may_live_on_another_domain_that_agrees(
    client: Client, remote: Remote, other: Remote
) -> None:
    bob = actor(remote, "bob")
    subject = {
        "subject": f"acct:Bob@{other.host}",
        "links": [{"rel": "self", "type": ACTIVITY, "href": remote.actor_id("bob")}],
    }

    async def finger(_: web.Request) -> web.Response:
        return web.json_response(subject)

    remote.handlers["/.well-known/webfinger"] = finger
    assert await confirmed_handle(client, bob) == ("bob", remote.host)  # the other domain knows nothing
    other.handlers["/.well-known/webfinger"] = finger
    assert await confirmed_handle(client, bob) == ("Bob", other.host)


async def test_an_actor_names_its_handle_and_the_domain_in_it_has_to_agree(
    client: Client, remote: Remote, other: Remote
) -> None:
    """FEP-2c59: also where the actor's own host has no WebFinger."""
    claims = parse_document(remote.add_actor("bob", webfinger=f"acct:robert@{other.host}"))
    assert isinstance(claims, Actor)
    said = {
        "subject": f"acct:robert@{other.host}",
        "links": [{"rel": "self", "type": ACTIVITY, "href": f"{claims.id}2"}],
    }

    async def nothing(_: web.Request) -> web.Response:
        return web.Response(status=404)

    async def finger(_: web.Request) -> web.Response:
        return web.json_response(said)

    remote.handlers["/.well-known/webfinger"] = nothing
    other.handlers["/.well-known/webfinger"] = finger
    assert await confirmed_handle(client, claims) == ("bob", remote.host)  # that is somebody else
    said["links"] = [{"rel": "self", "type": ACTIVITY, "href": claims.id}]
    assert await confirmed_handle(client, claims) == ("robert", other.host)
    said["subject"] = f"acct:alice@{other.host}"
    assert await confirmed_handle(client, claims) == ("bob", remote.host)


async def test_nobody_takes_a_handle_of_another_domain(client: Client, remote: Remote, other: Remote) -> None:
    other.add_actor("alice")
    mallory = actor(remote, "mallory")

    async def finger(_: web.Request) -> web.Response:
        link = {"rel": "self", "type": ACTIVITY, "href": mallory.id}
        return web.json_response({"subject": f"acct:alice@{other.host}", "links": [link]})

    remote.handlers["/.well-known/webfinger"] = finger
    assert await confirmed_handle(client, mallory) == ("mallory", remote.host)


async def test_an_actor_whose_host_has_no_webfinger_is_named_after_its_host(
    client: Client, remote: Remote
) -> None:
    bob = actor(remote, "bob")
    del remote.documents["/users/bob"]
    assert await confirmed_handle(client, bob) == ("bob", remote.host)
    with pytest.raises(FetchError):
        await lookup(client, "bob", remote.host)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"subject":"bob"}',
        b'{"subject":"acct:bob@b.test"}',
        b'{"subject":"acct:bob@b.test","links":{}}',
        b'{"subject":"acct:bob@b.test","links":[{"rel":"self","type":"text/html","href":"https://b.test/bob"}]}',
        b'{"subject":"acct:bob@b.test","links":[{"rel":"self","type":"application/activity+json","href":"data:x"}]}',
        b'{"subject":17,"links":[null]}',
    ],
)
def test_answers_of_no_use(body: bytes) -> None:
    with pytest.raises(BadAnswer):
        read(body)


def test_handles_are_taken_apart() -> None:
    assert split_handle("@Alice@B.Test") == ("Alice", "b.test")
    assert split_handle("acct:alice@bücher.test") == ("alice", "xn--bcher-kva.test")
    for wrong in ("alice", "@alice", "a@b@c", "@@b.test", "a b@c.test", "alice@", "x" * 400 + "@b.test"):
        with pytest.raises(Invalid):
            split_handle(wrong)
