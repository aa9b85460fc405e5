"""The door: who may deliver, and what is kept."""

import json

from activitypub.receive import Outcome, receive
from fedcoop import clock
from fedcoop.domains import restrict
from tests.activitypub.coop import BASE, Coop
from tests.activitypub.remote import Remote, key


async def test_a_signed_delivery_is_accepted_once(coop: Coop, remote: Remote) -> None:
    alice = await coop.joins("alice")
    remote.add_actor("bob")
    follow = remote.activity("Follow", "bob", alice.uri)
    assert (await coop.receives(remote, "bob", follow)).outcome is Outcome.ACCEPTED
    assert await coop.knows(remote, "bob") is not None
    again = await coop.receives(remote, "bob", follow)
    assert again.outcome is Outcome.ACCEPTED
    assert again.reason == "received before"


async def test_an_unknown_sender_is_fetched_once_and_then_known(coop: Coop, remote: Remote) -> None:
    alice = await coop.joins("alice")
    remote.add_actor("bob")
    await coop.receives(remote, "bob", remote.activity("Follow", "bob", alice.uri))
    asked = remote.asked.count("/users/bob")
    assert asked == 1
    await coop.receives(remote, "bob", remote.activity("Block", "bob", alice.uri))
    assert remote.asked.count("/users/bob") == 1


async def test_a_wrong_signature_leaves_nothing_behind(coop: Coop, remote: Remote) -> None:
    alice = await coop.joins("alice")
    remote.add_actor("bob")
    remote.add_actor("mallory")
    follow = remote.activity("Follow", "bob", alice.uri)
    assert (await coop.receives(remote, "bob", follow, signed_by="mallory")).outcome is Outcome.UNPROVEN
    assert await coop.knows(remote, "bob") is None
    body = json.dumps(follow).encode()
    headers = remote.sign("bob", f"{BASE}/inbox", body)
    tampered = body.replace(b"Follow", b"Block ")
    assert (await receive(coop.fed, "POST", "/inbox", headers, tampered)).outcome is Outcome.UNPROVEN
    assert (await receive(coop.fed, "POST", "/inbox", [], body)).outcome is Outcome.UNPROVEN
    elsewhere = "/ap/users/1/inbox"
    assert (await receive(coop.fed, "POST", elsewhere, headers, body)).outcome is Outcome.UNPROVEN


async def test_what_cannot_be_read_is_malformed(coop: Coop, remote: Remote) -> None:
    remote.add_actor("bob")
    for body in (b"{", b"[]", b"{}", b'{"actor":"http://coop.test/ap/users/1"}', b'{"actor":1,"actor":2}'):
        headers = remote.sign("bob", f"{BASE}/inbox", body)
        assert (await receive(coop.fed, "POST", "/inbox", headers, body)).outcome is Outcome.MALFORMED
    verdict = await receive(coop.fed, "POST", "/inbox", [], b" " * 1_000_001)
    assert verdict.outcome is Outcome.TOO_LARGE


async def test_a_suspended_server_is_turned_away_before_anything_is_asked(coop: Coop, remote: Remote) -> None:
    alice = await coop.joins("alice")
    remote.add_actor("bob")
    async with coop.db.write() as tx:
        await restrict(tx, "127.0.0.1", severity="suspend", because="a test")
    verdict = await coop.receives(remote, "bob", remote.activity("Follow", "bob", alice.uri))
    assert verdict.outcome is Outcome.BLOCKED
    assert remote.asked == []


async def test_a_delete_from_somebody_unknown_is_accepted_and_nobody_asked(
    coop: Coop, remote: Remote
) -> None:
    identity = remote.actor_id("ghost")
    verdict = await coop.receives(remote, "ghost", remote.activity("Delete", "ghost", identity))
    assert verdict.outcome is Outcome.ACCEPTED
    assert remote.asked == []


async def test_a_new_key_is_fetched_once_and_then_believed(coop: Coop, remote: Remote) -> None:
    alice = await coop.joins("alice")
    remote.add_actor("bob")
    await coop.receives(remote, "bob", remote.activity("Follow", "bob", alice.uri))
    old = key("bob")
    from activitypub.signatures import public_pem

    remote.documents["/users/bob"]["publicKey"]["publicKeyPem"] = public_pem(key("bob, later"))
    asked = remote.asked.count("/users/bob")
    body = json.dumps(remote.activity("Block", "bob", alice.uri)).encode()
    headers = [
        *remote.sign("bob", f"{BASE}/inbox", body),
    ]
    from activitypub.signatures import sign_cavage

    fresh = sign_cavage(
        key("bob, later"),
        f"{remote.actor_id('bob')}#main-key",
        "POST",
        f"{BASE}/inbox",
        clock.now() // 1000,
        body,
    )
    verdict = await receive(coop.fed, "POST", "/inbox", fresh.items(), body)
    assert verdict.outcome is Outcome.ACCEPTED
    assert remote.asked.count("/users/bob") == asked + 1
    # the old key is worth nothing now, and a flood of it asks nobody
    for _ in range(5):
        verdict = await receive(coop.fed, "POST", "/inbox", headers, body)
        assert verdict.outcome is Outcome.UNPROVEN
    assert remote.asked.count("/users/bob") == asked + 1
    assert old is not key("bob, later")


async def test_a_key_of_another_server_proves_nothing(coop: Coop, remote: Remote, other: Remote) -> None:
    alice = await coop.joins("alice")
    remote.add_actor("bob")
    mallory = other.add_actor("mallory")
    # mallory's server serves a document that claims to be bob, with her key
    other.documents["/users/bob"] = {**remote.documents["/users/bob"], "publicKey": mallory["publicKey"]}
    follow = remote.activity("Follow", "bob", alice.uri)
    body = json.dumps(follow).encode()
    headers = other.sign("mallory", f"{BASE}/inbox", body)
    assert (await receive(coop.fed, "POST", "/inbox", headers, body)).outcome is Outcome.UNPROVEN
    headers = other.sign("bob", f"{BASE}/inbox", body)
    assert (await receive(coop.fed, "POST", "/inbox", headers, body)).outcome is Outcome.UNPROVEN
    assert await coop.knows(remote, "bob") is None


async def test_an_old_delivery_is_not_accepted_again(coop: Coop, remote: Remote) -> None:
    alice = await coop.joins("alice")
    remote.add_actor("bob")
    body = json.dumps(remote.activity("Follow", "bob", alice.uri)).encode()
    headers = remote.sign("bob", f"{BASE}/inbox", body)
    clock.advance(seconds=13 * 3600)
    assert (await receive(coop.fed, "POST", "/inbox", headers, body)).outcome is Outcome.UNPROVEN
