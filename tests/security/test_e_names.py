"""E: names. A handle is not the identity, and names cost whoever invents them."""

from __future__ import annotations

import itertools
import socket
from typing import Any

import pytest
from aiohttp import web
from aiohttp.abc import ResolveResult

from activitypub.addresses import Resolver
from activitypub.newcomers import MOST
from fedcoop import clock
from fedcoop.accounts import access
from tests.activitypub.remote import ACTIVITY, Remote
from tests.security.deliveries import follows, sends
from tests.words import Server, beside


async def test_e4_who_changes_their_name_stays_who_they_are(server: Server, remote: Remote) -> None:
    alice = await server.joins("alice")
    before = await follows(alice, remote, "bob")
    renamed = {**remote.documents["/users/bob"], "preferredUsername": "robert"}
    remote.documents["/users/bob"] = remote.documents["/users/robert"] = renamed
    await sends(server, remote, "bob", remote.activity("Update", "bob", renamed))
    after = await alice.get(f"/api/v1/accounts/{before['id']}")
    assert after["uri"] == before["uri"]
    (relation,) = await alice.get("/api/v1/accounts/relationships", id=before["id"])
    assert relation["following"]


async def test_e4_a_name_that_is_free_again_is_somebody_else(server: Server, remote: Remote) -> None:
    alice = await server.joins("alice")
    before = await follows(alice, remote, "bob")
    old = {**remote.documents["/users/bob"], "preferredUsername": "robert"}
    remote.documents["/users/bob"] = old
    new = remote.add_actor("two", preferredUsername="bob")
    owners = {"bob": new["id"], "robert": old["id"]}

    async def finger(request: web.Request) -> web.Response:
        handle = request.query["resource"].removeprefix("acct:")
        link = {"rel": "self", "type": ACTIVITY, "href": owners[handle.partition("@")[0]]}
        return web.json_response({"subject": f"acct:{handle}", "links": [link]})

    remote.handlers["/.well-known/webfinger"] = finger
    assert alice.account
    await sends(server, remote, "two", remote.activity("Follow", "two", alice.account.uri))
    await sends(server, remote, "bob", remote.activity("Update", "bob", old))
    assert (await alice.get(f"/api/v1/accounts/{before['id']}"))["acct"] == f"robert@{remote.host}"
    now = await alice.finds(f"bob@{remote.host}")
    assert now["uri"] == new["id"]
    first, second = [
        (await alice.get("/api/v1/accounts/relationships", id=one["id"]))[0] for one in (before, now)
    ]
    assert (first["following"], second["following"], second["followed_by"]) == (True, False, True)


async def test_e8_endless_servers_below_one_domain_are_heard_ten_a_day(
    server: Server, remote: Remote, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def resolve(self: Resolver, host: str, port: int = 0, family: Any = None) -> list[ResolveResult]:
        return [
            ResolveResult(hostname=host, host="127.0.0.1", port=port, family=socket.AF_INET, proto=0, flags=0)
        ]

    monkeypatch.setattr(Resolver, "resolve", resolve)
    alice = await server.joins("alice")
    port = remote.host.rpartition(":")[2]

    async def heard(host: str, process: Server = server) -> bool:
        """Somebody there follows alice."""
        remote.host, remote.base = f"{host}:{port}", f"http://{host}:{port}"
        remote.add_actor("bob")
        assert alice.account
        await sends(process, remote, "bob", remote.activity("Follow", "bob", alice.account.uri))
        async with server.db.read() as tx:
            return await access.by_uri(tx, remote.actor_id("bob")) is not None

    # Whichever process hears them, and also those who start now.
    async with beside(server) as second:
        processes = itertools.cycle((server, second))
        found = [await heard(f"x{number}.evil.test", next(processes)) for number in range(MOST + 5)]
    assert found == [True] * MOST + [False] * 5
    # Those who are known are heard as before, and so is everybody else.
    assert await heard("x1.evil.test")
    assert await heard("good.test")
    assert await heard("y.co.uk")
    clock.advance(seconds=25 * 3600)
    assert await heard("x99.evil.test")


@pytest.mark.parametrize("name", ["Admin", "admin", "аdmin", "adm1n", "alice", "ALICE", "a" * 31, "al ice"])
async def test_e9_names_that_are_somebodys_or_look_so_cannot_be_had(server: Server, name: str) -> None:
    await server.joins("alice")
    token = await server.anybody.post(
        "/api/v1/apps", client_name="x", redirect_uris="urn:ietf:wg:oauth:2.0:oob", scopes="read write"
    )
    granted = await server.anybody.post(
        "/oauth/token",
        grant_type="client_credentials",
        client_id=token["client_id"],
        client_secret=token["client_secret"],
        scope="read write",
    )
    await server.anybody.ask(
        "POST",
        "/api/v1/accounts",
        expect=422,
        headers={"Authorization": f"Bearer {granted['access_token']}"},
        json={
            "username": name,
            "email": "x@example.test",
            "password": "a long enough password",
            "agreement": True,
            "locale": "en",
        },
    )


async def test_e10_a_mention_is_of_whom_its_address_names(server: Server, remote: Remote) -> None:
    alice, carol = await server.joins("alice"), await server.joins("carol")
    assert alice.account
    assert carol.account
    tag = {"type": "Mention", "name": f"@{carol.handle}", "href": alice.account.uri}
    note = remote.note("bob", tag=[tag], cc=[alice.account.uri])
    assert await sends(server, remote, "bob", remote.activity("Create", "bob", note)) == 202
    assert [each["type"] for each in await alice.notifications()] == ["mention"]
    assert await carol.notifications() == []
