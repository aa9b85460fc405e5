"""Two servers agree on who follows whom (FEP-8fcf; docs/security.md H21)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from activitypub import synchronising
from activitypub.receive import receive
from activitypub.signatures import sign_cavage, sign_rfc9421
from fedcoop import clock
from fedcoop.accounts.types import Account
from tests.activitypub.coop import BASE, Coop
from tests.activitypub.remote import Remote, key
from tests.activitypub.samples import SAMPLES, needs_samples


@needs_samples
def test_the_digests_are_those_of_the_vectors() -> None:
    cases = json.loads((SAMPLES / "signatures" / "fep-8fcf-digest.json").read_text("utf-8"))["cases"]
    for case in cases:
        assert synchronising.digest_of(case["followers"]) == case["digest"]


@pytest.mark.parametrize(
    "header",
    [
        "",
        "nonsense",
        'collectionId="https://b.test/f", url="https://b.test/s"',
        'collectionId="https://b.test/f", url="https://b.test/s", digest="xyz"',
        'url="https://b.test/s", digest="' + "0" * 64 + '"',
    ],
)
def test_a_header_that_says_too_little_is_none(header: str) -> None:
    assert synchronising.read(header) is None


def header_of(remote: Remote, name: str, uris: list[str], url: str = "") -> str:
    actor = remote.actor_id(name)
    url = url or f"{actor}/followers_synchronization"
    return f'collectionId="{actor}/followers", url="{url}", digest="{synchronising.digest_of(uris)}"'


async def says_who_follows(
    coop: Coop, remote: Remote, header: str, listed: list[str], number: int, **more: Any
) -> None:
    """Bob posts for his followers; with it comes a header, and at its address there is a list."""
    actor = remote.actor_id("bob")
    path = "/users/bob/followers_synchronization"
    remote.documents[path] = {
        "id": f"{actor}/followers_synchronization",
        "type": "OrderedCollection",
        "totalItems": len(listed),
        "orderedItems": listed,
        **more,
    }
    note = remote.note("bob", number, to=[f"{actor}/followers"], cc=[])
    body = json.dumps(remote.activity("Create", "bob", note, number)).encode()
    headers = [*remote.sign("bob", f"{BASE}/inbox", body), ("Collection-Synchronization", header)]
    await receive(coop.fed, "POST", "/inbox", headers, body)
    await coop.worker.run_until_idle()


async def follows(coop: Coop, member: Account, remote: Remote) -> bool:
    bob = await coop.knows(remote, "bob")
    assert bob is not None
    async with coop.db.read() as tx:
        from activitypub import queries

        return member.uri in await tx.scalars(queries.LOCAL_FOLLOWERS, account_id=bob.id)


async def test_a_follow_that_the_other_server_does_not_know_of_ends(coop: Coop, remote: Remote) -> None:
    alice, carol = await coop.joins("alice"), await coop.joins("carol")
    remote.add_actor("bob")
    await coop.follows(alice, remote, "bob")
    await coop.follows(carol, remote, "bob")
    asked = len(remote.asked)
    both = [alice.uri, carol.uri]
    await says_who_follows(coop, remote, header_of(remote, "bob", both), both, 1)
    assert not [path for path in remote.asked[asked:] if "synchronization" in path]

    await says_who_follows(coop, remote, header_of(remote, "bob", [alice.uri]), [alice.uri], 2)
    assert await follows(coop, alice, remote)
    assert not await follows(coop, carol, remote)
    # Nobody is told: the other server does not know of the follow.
    assert "Undo" not in [sent["type"] for _, sent in remote.received]


async def test_a_follow_that_nobody_here_means_is_taken_back(coop: Coop, remote: Remote) -> None:
    alice, dora = await coop.joins("alice"), await coop.joins("dora")
    remote.add_actor("bob")
    await coop.follows(alice, remote, "bob")
    both = [alice.uri, dora.uri, f"{BASE}/ap/users/404"]
    await says_who_follows(coop, remote, header_of(remote, "bob", both), both, 1)
    await coop.settle()
    undone = [sent for _, sent in remote.received if sent["type"] == "Undo"]
    assert [sent["actor"] for sent in undone] == [dora.uri]
    assert undone[0]["object"]["object"] == remote.actor_id("bob")
    assert await follows(coop, alice, remote)


async def test_a_list_that_is_not_whole_or_not_its_own_ends_nothing(
    coop: Coop, remote: Remote, other: Remote
) -> None:
    alice = await coop.joins("alice")
    remote.add_actor("bob")
    other.add_actor("mallory")
    await coop.follows(alice, remote, "bob")
    nobody = header_of(remote, "bob", [])
    elsewhere = header_of(remote, "bob", [], url=f"{other.base}/users/mallory/list")
    others = header_of(other, "mallory", [])
    for number, (header, more) in enumerate(
        (
            (nobody, {"next": f"{remote.actor_id('bob')}/more"}),
            (nobody, {"first": f"{remote.actor_id('bob')}/first"}),
            (nobody, {"type": "Note"}),
            (elsewhere, {}),
            (others, {}),
        )
    ):
        clock.advance(seconds=700)
        await says_who_follows(coop, remote, header, [], number, **more)
        assert await follows(coop, alice, remote), header
    assert not [path for path in other.asked if "list" in path]


async def test_only_what_is_for_followers_tells_who_they_are(
    coop: Coop, remote: Remote, other: Remote
) -> None:
    alice = await coop.joins("alice")
    remote.add_actor("bob")
    other.add_actor("carol")
    await coop.is_followed(alice, remote, "bob")
    await coop.is_followed(alice, other, "carol")
    remote.headers.clear()
    await coop.says(alice, "To everybody")
    await coop.says(alice, "To my followers", visibility="private")
    await coop.settle()
    sent = [each.get("Collection-Synchronization") for each in remote.headers if "Signature" in each]
    told = [synchronising.read(each) for each in sent if each]
    assert len(sent) > len(told) == 1
    assert told[0] is not None
    # Each server learns of its own people alone.
    assert told[0].digest == synchronising.digest_of([remote.actor_id("bob")])
    signature = next(each["Signature"] for each in remote.headers if "Collection-Synchronization" in each)
    assert "collection-synchronization" in signature


def test_more_headers_can_be_signed_in_both_ways() -> None:
    more = {"Collection-Synchronization": "x"}
    old = sign_cavage(key("bob"), "https://b.test/k", "POST", "https://a.test/", 1, b"{}", "", more)
    assert 'headers="(request-target) host date digest collection-synchronization"' in old["Signature"]
    new = sign_rfc9421(key("bob"), "https://b.test/k", "POST", "https://a.test/", 1, b"{}", more)
    assert '"content-digest" "collection-synchronization")' in new["Signature-Input"]
