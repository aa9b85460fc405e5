"""A: who signed and who owns. An object speaks for its own origin, and for its own author, alone."""

from __future__ import annotations

import json

import pytest

from tests.activitypub.remote import PUBLIC, Remote
from tests.security.deliveries import follows, kept, posts, sends
from tests.words import Server


@pytest.mark.parametrize(
    "signature",
    [
        None,
        "",
        'keyId="{key}",algorithm="none",headers="",signature=""',
        'keyId="{key}",algorithm="none",headers="(request-target) host date digest",signature="AAAA"',
        'keyId="{key}",algorithm="hs2019",headers="content-type",signature="AAAA"',
        'keyId="{key}",signature="AAAA"',
    ],
)
async def test_a3_a_delivery_without_a_whole_signature_is_refused(
    server: Server, remote: Remote, signature: str | None
) -> None:
    alice = await server.joins("alice")
    await follows(alice, remote, "bob")
    note = remote.note("bob")
    body = json.dumps(remote.activity("Create", "bob", note)).encode()
    headers = dict(remote.sign("bob", f"{server.config.base_url}/inbox", body))
    del headers["Signature"]
    if signature is not None:
        headers["Signature"] = signature.format(key=f"{remote.actor_id('bob')}#main-key")
    assert await posts(server, body, headers) == 401
    await server.settle()
    assert await kept(server, note["id"]) is None


async def test_a9_the_address_of_a_page_proves_nothing(server: Server, remote: Remote, evil: Remote) -> None:
    alice = await server.joins("alice")
    await follows(alice, evil, "mallory")
    note = evil.note("mallory", url=f"{remote.base}/@bob/1")
    assert await sends(server, evil, "mallory", evil.activity("Create", "mallory", note)) == 202
    (seen,) = await alice.home()
    assert seen["account"]["acct"] == f"mallory@{evil.host}"
    assert seen["uri"] == note["id"]
    # Whoever asks for that page is not shown her post.
    found = await alice.get("/api/v2/search", q=note["url"], resolve="true", type="statuses")
    assert found["statuses"] == []


@pytest.mark.parametrize("kind", ["Create", "Announce", "Update"])
async def test_a11_nobody_else_widens_the_audience_of_a_post(
    server: Server, remote: Remote, evil: Remote, kind: str
) -> None:
    alice, carol = await server.joins("alice"), await server.joins("carol")
    await follows(alice, remote, "bob")
    await follows(carol, evil, "mallory")
    note = remote.note("bob", to=[f"{remote.actor_id('bob')}/followers"], cc=[])
    assert await sends(server, remote, "bob", remote.activity("Create", "bob", note)) == 202
    widened = {**note, "to": [PUBLIC], "cc": [f"{evil.actor_id('mallory')}/followers"]}
    told = evil.activity(kind, "mallory", widened, to=[PUBLIC])
    await sends(server, evil, "mallory", told)
    found = await kept(server, note["id"])
    assert found is not None
    assert found.visibility == "private"
    assert await carol.home() == []
    await carol.get(f"/api/v1/statuses/{found.id}", expect=404)


async def test_a14_a_known_post_is_not_made_again_by_another_author(server: Server, remote: Remote) -> None:
    alice = await server.joins("alice")
    remote.add_actor("mallory")
    await follows(alice, remote, "bob")
    await follows(alice, remote, "mallory")
    note = remote.note("bob")
    await sends(server, remote, "bob", remote.activity("Create", "bob", note))
    stolen = {**note, "attributedTo": remote.actor_id("mallory"), "content": "<p>mine</p>"}
    await sends(server, remote, "mallory", remote.activity("Create", "mallory", stolen))
    (seen,) = await alice.home()
    assert (seen["account"]["username"], seen["content"]) == ("bob", "<p>Good morning</p>")


async def test_a16_we_never_ask_ourselves_what_somebody_else_says_is_ours(
    server: Server, remote: Remote
) -> None:
    alice = await server.joins("alice")
    await follows(alice, remote, "bob")
    invented = f"{server.config.base_url}/ap/users/{alice.id}/statuses/1"
    for kind in ("Announce", "Like"):
        activity = remote.activity(kind, "bob", invented, to=[PUBLIC])
        assert await sends(server, remote, "bob", activity) == 202
    reply = remote.note("bob", inReplyTo=invented)
    assert await sends(server, remote, "bob", remote.activity("Create", "bob", reply)) == 202
    assert await kept(server, invented) is None
    (seen,) = await alice.home()
    assert seen["in_reply_to_id"] is None


async def test_a24_a_profile_that_somebody_else_passes_on_changes_nothing(
    server: Server, remote: Remote, evil: Remote
) -> None:
    alice = await server.joins("alice")
    await follows(alice, remote, "bob")
    changed = {
        **remote.documents["/users/bob"],
        "name": "Changed",
        "attributionDomains": [evil.host],
        "signature": {
            "type": "RsaSignature2017",
            "creator": f"{remote.actor_id('bob')}#main-key",
            "created": "2026-01-01T00:00:00Z",
            "signatureValue": "AAAA",
        },
    }
    update = {**evil.activity("Update", "mallory", changed), "actor": remote.actor_id("bob")}
    await sends(server, evil, "mallory", update)
    assert (await alice.finds(f"bob@{remote.host}"))["display_name"] == "Bob"
