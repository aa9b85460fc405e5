"""Quotes between two servers of ours: asked for, consented to, refused, taken back, and outlived."""

from __future__ import annotations

from typing import Any

import pytest

from tests.words import Person, Server


async def quotes(server: Server, other: Server, **policy: Any) -> tuple[Person, Person, Any, Any]:
    """Alice here says something, and bob elsewhere quotes it: both, and what each of them said."""
    alice, bob = await server.joins("alice"), await other.joins("bob")
    await alice.follows(bob)
    await bob.follows(alice)
    await server.settle(other)
    status = await alice.says("a walnut", **policy)
    await server.settle(other)
    there = await bob.sees(status["uri"])
    quote = await bob.says("see", quoted_status_id=there["id"])
    return alice, bob, status, quote


async def state(who: Person, quote: Any) -> str:
    return str((await who.sees(quote["uri"]))["quote"]["state"])


async def test_a_quote_is_shown_on_both_sides_with_consent(server: Server, other: Server) -> None:
    alice, bob, status, quote = await quotes(server, other)
    assert quote["quote"]["state"] == "pending"
    await server.settle(other)
    for who in (alice, bob):
        seen = (await who.sees(quote["uri"]))["quote"]
        assert (seen["state"], seen["quoted_status"]["uri"]) == ("accepted", status["uri"])
    assert (await alice.get(f"/api/v1/statuses/{status['id']}"))["quotes_count"] == 1
    assert "quote" in [each["type"] for each in await alice.notifications()]
    # The consent can be read where it was given, and nowhere once it is taken back.
    assert alice.account is not None
    here = await alice.sees(quote["uri"])
    stamp = f"{alice.account.uri}/quote_authorizations/{here['id']}"
    document = (await server.anybody.ask("GET", stamp, headers={"Accept": "application/activity+json"})).body
    assert (document["interactingObject"], document["interactionTarget"]) == (quote["uri"], status["uri"])
    await alice.post(f"/api/v1/statuses/{status['id']}/quotes/{here['id']}/revoke")
    await server.settle(other)
    assert [await state(who, quote) for who in (alice, bob)] == ["revoked", "revoked"]
    await server.anybody.ask("GET", stamp, expect=404, headers={"Accept": "application/activity+json"})


async def test_who_may_no_longer_quote_is_refused(server: Server, other: Server) -> None:
    alice, bob, status, quote = await quotes(server, other)
    # Alice changes her mind before the request arrives.
    await alice.put(f"/api/v1/statuses/{status['id']}/interaction_policy", quote_approval_policy="nobody")
    await server.settle(other)
    assert await state(bob, quote) == "rejected"
    assert (await alice.get(f"/api/v1/statuses/{status['id']}"))["quotes_count"] == 0


async def test_whom_the_policy_leaves_out_is_told_at_once(server: Server, other: Server) -> None:
    alice, bob = await server.joins("alice"), await other.joins("bob")
    await bob.follows(alice)
    await server.settle(other)
    status = await alice.says("a walnut", quote_approval_policy="nobody")
    await server.settle(other)
    there = await bob.sees(status["uri"])
    assert there["quote_approval"]["current_user"] == "denied"
    await bob.post("/api/v1/statuses", status="see", quoted_status_id=there["id"], expect=403)


@pytest.mark.parametrize("first", ["quoted", "quoting"])
async def test_either_end_goes_and_the_other_stays(server: Server, other: Server, first: str) -> None:
    alice, bob, status, quote = await quotes(server, other)
    await server.settle(other)
    if first == "quoted":
        await alice.delete(f"/api/v1/statuses/{status['id']}")
        await server.settle(other)
        assert [await state(who, quote) for who in (alice, bob)] == ["deleted", "deleted"]
    else:
        await bob.delete(f"/api/v1/statuses/{quote['id']}")
        await server.settle(other)
        assert (await alice.get(f"/api/v1/statuses/{status['id']}"))["quotes_count"] == 0


async def test_quotes_from_a_server_one_wants_nothing_from_are_marked(server: Server, other: Server) -> None:
    alice, bob = await server.joins("alice"), await other.joins("bob")
    carol = await server.joins("carol")
    said = await bob.says("a walnut")
    there = await alice.sees(said["uri"])
    quote = await alice.says("see", quoted_status_id=there["id"])
    await server.settle(other)
    await carol.post("/api/v1/domain_blocks", domain=other.config.domain)
    seen = await carol.get(f"/api/v1/statuses/{quote['id']}")
    assert seen["quote"]["state"] == "blocked_domain"
