"""B: a signed request means one thing, once."""

from __future__ import annotations

import json

from fedcoop import clock
from tests.activitypub.remote import Remote
from tests.security.deliveries import follows, posts
from tests.words import Server


async def test_b7_the_same_delivery_has_one_effect_and_none_after_its_day(
    server: Server, remote: Remote
) -> None:
    alice = await server.joins("alice")
    await follows(alice, remote, "bob")
    mention = {"type": "Mention", "href": alice.account.uri if alice.account else ""}
    note = remote.note("bob", tag=[mention], cc=[mention["href"]])
    body = json.dumps(remote.activity("Create", "bob", note)).encode()
    headers = dict(remote.sign("bob", f"{server.config.base_url}/inbox", body))
    for _ in range(3):
        assert await posts(server, body, headers) == 202
        await server.settle()
    assert len(await alice.home()) == 1
    assert [each["type"] for each in await alice.notifications()] == ["mention"]
    clock.advance(seconds=14 * 3600)
    assert await posts(server, body, headers) == 401


async def test_b4_a_signature_does_not_move_to_another_inbox(server: Server, remote: Remote) -> None:
    alice = await server.joins("alice")
    await follows(alice, remote, "bob")
    body = json.dumps(remote.activity("Create", "bob", remote.note("bob"))).encode()
    headers = dict(remote.sign("bob", f"{server.config.base_url}/inbox", body))
    assert await posts(server, body, headers, f"/ap/users/{alice.id}/inbox") == 401
    assert await posts(server, body, headers, "/actor/inbox") == 401
    await server.settle()
    assert await alice.home() == []
