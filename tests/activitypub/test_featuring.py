"""Collections between servers (FEP-7aa9): consent is asked for, given by a stamp that binds both ends, taken back;
and those of others are shown with those alone who consent."""

from __future__ import annotations

import json
from typing import Any

import pytest

from activitypub import documents, resolve
from fedcoop.accounts import actions as account_actions
from fedcoop.accounts.types import Account, ProfileEdit
from fedcoop.collections import access, actions, consenting, queries
from fedcoop.collections.types import Collection, Draft, Item
from fedcoop.errors import Invalid, NotFound
from tests.activitypub.coop import Coop
from tests.activitypub.remote import AS, PUBLIC, Remote

POLICY = {"interactionPolicy": {"canFeature": {"automaticApproval": [PUBLIC]}}}


async def discoverable(coop: Coop, name: str, *, locked: bool = False) -> Account:
    account = await coop.joins(name)
    async with coop.db.write() as tx:
        edit = ProfileEdit(discoverable=True, locked=locked)
        return await account_actions.edit_profile(tx, coop.fed.config, account, edit)


def collection(remote: Remote, owner: str, *items: Any, **changes: Any) -> dict[str, Any]:
    return remote.serve(
        {
            "@context": [AS, "https://w3id.org/fep/7aa9"],
            "id": f"{remote.actor_id(owner)}/featured/1",
            "type": "FeaturedCollection",
            "name": "Cats",
            "summary": "People with cats",
            "attributedTo": remote.actor_id(owner),
            "topic": {"type": "Hashtag", "name": "#cats"},
            "totalItems": len(items),
            "orderedItems": list(items),
            **changes,
        }
    )


def item(remote: Remote, owner: str, number: int, account: str, stamp: str) -> dict[str, Any]:
    return {
        "id": f"{remote.actor_id(owner)}/featured/1/items/{number}",
        "type": "FeaturedItem",
        "featuredObject": account,
        "featureAuthorization": stamp,
    }


def stamp(remote: Remote, where: str, featured: str, **changes: Any) -> str:
    served = {
        "@context": AS,
        "id": f"{remote.base}/stamps/{len(remote.documents)}",
        "type": "FeatureAuthorization",
        "interactingObject": where,
        "interactionTarget": featured,
        **changes,
    }
    return str(remote.serve(served)["id"])


async def kept(coop: Coop, uri: str) -> Collection | None:
    async with coop.db.read() as tx:
        return await tx.one(queries.BY_URI, uri=uri)


async def people(coop: Coop, uri: str) -> list[tuple[int, str]]:
    found = await kept(coop, uri)
    async with coop.db.read() as tx:
        shown = await access.items(tx, 0, [found.id]) if found else {}
    return [(each.account_id, each.state) for each in shown.get(found.id if found else 0, [])]


async def ours(coop: Coop, remote: Remote) -> tuple[Account, Collection, Item, dict[str, Any]]:
    """Alice puts bob of elsewhere into a collection; the request as it went out."""
    alice = await discoverable(coop, "alice")
    remote.add_actor("bob", **POLICY)
    bob = await resolve.account(coop.fed, remote.actor_id("bob"))
    async with coop.db.write() as tx:
        made = await actions.create(tx, coop.fed.config, alice, Draft(name="Good company"))
        entry = await actions.add(tx, alice, made, bob)
    await coop.settle()
    return alice, made, entry, next(sent for _, sent in remote.received if sent["type"] == "FeatureRequest")


async def state_of(coop: Coop, entry: Item) -> str:
    async with coop.db.read() as tx:
        found = await tx.one(queries.ITEM, id=entry.id)
    return found.state if found else "gone"


async def test_our_collection_asks_and_shows_who_consents(coop: Coop, remote: Remote) -> None:
    alice, made, entry, asked = await ours(coop, remote)
    assert (asked["object"], asked["instrument"]) == (remote.actor_id("bob"), made.uri)
    assert await people(coop, made.uri) == []
    await coop.is_followed(alice, remote, "bob")
    consent = stamp(remote, made.uri, remote.actor_id("bob"))
    await coop.receives(remote, "bob", remote.activity("Accept", "bob", asked["id"], 7, result=consent))
    assert await people(coop, made.uri) == [(entry.account_id, "accepted")]
    await coop.settle()
    added = next(sent for _, sent in remote.received if sent["type"] == "Add")
    assert (added["target"], added["object"]["featureAuthorization"]) == (made.uri, consent)
    served = json.loads(await documents.featured_collection(coop.fed, alice.id, made.id))
    assert served["type"] == "FeaturedCollection"
    assert [each["featuredObject"] for each in served["orderedItems"]] == [remote.actor_id("bob")]
    listed = json.loads(await documents.featured_collections(coop.fed, alice.id))
    actor = json.loads(await documents.actor(coop.fed, alice.id))
    assert (actor["featuredCollections"], listed["orderedItems"]) == (listed["id"], [made.uri])


@pytest.mark.parametrize(
    "wrong",
    [
        {"interactingObject": "https://coop.test/another"},
        {"interactionTarget": "https://b.test/another"},
        {"attributedTo": "https://b.test/another"},
        {"type": "QuoteAuthorization", "attributedTo": "BOB"},
    ],
)
async def test_a_stamp_that_does_not_bind_both_ends_is_no_consent(
    coop: Coop, remote: Remote, wrong: dict[str, str]
) -> None:
    _, made, entry, asked = await ours(coop, remote)
    wrong = {key: remote.actor_id("bob") if value == "BOB" else value for key, value in wrong.items()}
    consent = stamp(remote, made.uri, remote.actor_id("bob"), **wrong)
    await coop.receives(remote, "bob", remote.activity("Accept", "bob", asked["id"], 7, result=consent))
    assert await state_of(coop, entry) == "pending"


async def test_nobody_else_answers_for_who_is_asked(coop: Coop, remote: Remote, other: Remote) -> None:
    _, made, entry, asked = await ours(coop, remote)
    for server in (remote, other):
        server.add_actor("mallory")
        consent = stamp(server, made.uri, remote.actor_id("bob"))
        accept = server.activity("Accept", "mallory", asked["id"], 7, result=consent)
        await coop.receives(server, "mallory", accept)
        await coop.receives(server, "mallory", server.activity("Reject", "mallory", asked["id"], 8))
    elsewhere = stamp(other, made.uri, remote.actor_id("bob"))
    await coop.receives(remote, "bob", remote.activity("Accept", "bob", asked["id"], 9, result=elsewhere))
    assert await state_of(coop, entry) == "pending"


async def test_consent_is_refused_or_taken_back(coop: Coop, remote: Remote) -> None:
    _, made, entry, asked = await ours(coop, remote)
    consent = stamp(remote, made.uri, remote.actor_id("bob"))
    await coop.receives(remote, "bob", remote.activity("Accept", "bob", asked["id"], 7, result=consent))
    remote.add_actor("mallory")
    await coop.receives(remote, "mallory", remote.activity("Delete", "mallory", consent))
    assert await state_of(coop, entry) == "accepted"
    deleted = remote.activity("Delete", "bob", {"id": consent, "type": "FeatureAuthorization"})
    await coop.receives(remote, "bob", deleted)
    assert (await state_of(coop, entry), await people(coop, made.uri)) == ("revoked", [])
    again = remote.activity("Accept", "bob", asked["id"], 9, result=consent)
    await coop.receives(remote, "bob", again)
    assert await state_of(coop, entry) == "revoked"


async def test_a_refusal_is_kept(coop: Coop, remote: Remote) -> None:
    _, _, entry, asked = await ours(coop, remote)
    await coop.receives(remote, "bob", remote.activity("Reject", "bob", asked, 7))
    assert await state_of(coop, entry) == "rejected"


async def test_who_says_nothing_is_not_asked(coop: Coop, remote: Remote) -> None:
    alice = await discoverable(coop, "alice")
    remote.add_actor("bob")
    bob = await resolve.account(coop.fed, remote.actor_id("bob"))
    async with coop.db.write() as tx:
        made = await actions.create(tx, coop.fed.config, alice, Draft(name="Good company"))
        with pytest.raises(Invalid):
            await actions.add(tx, alice, made, bob)


@pytest.mark.parametrize(
    ("wish", "answer"), [("anybody", "Accept"), ("followers", "Reject"), ("nobody", "Reject")]
)
async def test_a_member_is_in_the_collection_of_whoever_may(
    coop: Coop, remote: Remote, wish: str, answer: str
) -> None:
    if wish == "nobody":
        alice = await coop.joins("alice")
    else:
        alice = await discoverable(coop, "alice", locked=wish == "followers")
    remote.add_actor("bob")
    cats = collection(remote, "bob")
    asked = remote.activity("FeatureRequest", "bob", alice.uri, instrument=cats["id"])
    await coop.receives(remote, "bob", asked)
    await coop.settle()
    ((_, answered),) = remote.received
    assert (answered["type"], answered["object"]["instrument"]) == (answer, cats["id"])
    found = await people(coop, cats["id"])
    if answer == "Reject":
        assert found == []
        return
    assert found == [(alice.id, "accepted")]
    number = int(answered["result"].rpartition("/")[2])
    served = json.loads(await documents.feature_authorization(coop.fed, alice.id, number))
    assert (served["id"], served["type"]) == (answered["result"], "FeatureAuthorization")
    assert (served["interactingObject"], served["interactionTarget"]) == (cats["id"], alice.uri)


async def test_a_member_who_left_stays_away(coop: Coop, remote: Remote) -> None:
    alice = await discoverable(coop, "alice")
    remote.add_actor("bob")
    cats = collection(remote, "bob")
    asked = remote.activity("FeatureRequest", "bob", alice.uri, instrument=cats["id"])
    await coop.receives(remote, "bob", asked)
    await coop.settle()
    number = int(remote.received[-1][1]["result"].rpartition("/")[2])
    found = await kept(coop, cats["id"])
    assert found is not None
    async with coop.db.write() as tx:
        await consenting.revoke(tx, alice, found, number)
    await coop.settle()
    _, deleted = remote.received[-1]
    assert (deleted["type"], deleted["object"]) == ("Delete", f"{alice.uri}/feature_authorizations/{number}")
    with pytest.raises(NotFound):
        await documents.feature_authorization(coop.fed, alice.id, number)
    await coop.receives(remote, "bob", asked | {"id": f"{asked['id']}/again"})
    await coop.settle()
    assert remote.received[-1][1]["type"] == "Reject"
    assert await people(coop, cats["id"]) == []


async def test_nobody_asks_for_the_collection_of_another(coop: Coop, remote: Remote, other: Remote) -> None:
    alice = await discoverable(coop, "alice")
    remote.add_actor("bob")
    remote.add_actor("mallory")
    other.add_actor("mallory")
    cats = collection(remote, "bob")
    for server in (remote, other):
        asked = server.activity("FeatureRequest", "mallory", alice.uri, instrument=cats["id"])
        await coop.receives(server, "mallory", asked)
    await coop.settle()
    assert await people(coop, cats["id"]) == []
    assert [sent["type"] for _, sent in [*remote.received, *other.received]] == []


async def test_a_collection_of_elsewhere_shows_those_alone_who_consent(
    coop: Coop, remote: Remote, other: Remote
) -> None:
    alice = await discoverable(coop, "alice")
    where = f"{remote.actor_id('bob')}/featured/1"
    for name in ("carol", "dan", "eve"):
        other.add_actor(name)
    carol, dan, eve = (other.actor_id(name) for name in ("carol", "dan", "eve"))
    items = [
        item(remote, "bob", 1, carol, stamp(other, where, carol)),
        item(remote, "bob", 2, dan, stamp(remote, where, dan)),
        item(remote, "bob", 3, eve, stamp(other, where, carol)),
        item(remote, "bob", 4, alice.uri, f"{alice.uri}/feature_authorizations/1"),
        item(remote, "bob", 5, f"{other.base}/users/nobody", ""),
    ]
    collection(remote, "bob", *items, description="<b>x</b>")
    listed = f"{remote.actor_id('bob')}/collections"
    remote.add_actor("bob", featuredCollections=listed)
    remote.documents["/users/bob/collections"] = {
        "@context": AS,
        "id": listed,
        "type": "Collection",
        "items": [where, "https://elsewhere.example/1"],
    }
    await resolve.account(coop.fed, remote.actor_id("bob"))
    await coop.settle()
    shown = await coop.knows(other, "carol")
    assert shown is not None
    assert await people(coop, where) == [(shown.id, "accepted")]
    found = await kept(coop, where)
    assert found is not None
    assert (found.name, found.description, found.tag) == ("Cats", "People with cats", "cats")
    # What is taken out there is taken out here.
    collection(remote, "bob", name="Dogs")
    await coop.receives(remote, "bob", remote.activity("Remove", "bob", items[0]["id"], 3, target=where))
    await coop.settle()
    assert await people(coop, where) == []
    changed = await kept(coop, where)
    assert changed is not None
    assert changed.name == "Dogs"
    gone = remote.activity("Remove", "bob", where, 4, target=listed)
    await coop.receives(remote, "bob", gone)
    assert await kept(coop, where) is None


async def test_nobody_changes_the_collection_of_another(coop: Coop, remote: Remote, other: Remote) -> None:
    remote.add_actor("bob", featuredCollections=f"{remote.actor_id('bob')}/collections")
    other.add_actor("mallory", featuredCollections=f"{remote.actor_id('bob')}/collections")
    cats = collection(remote, "bob")
    await coop.receives(
        remote, "bob", remote.activity("Add", "bob", cats, 2, target=f"{remote.actor_id('bob')}/collections")
    )
    await coop.settle()
    assert await kept(coop, cats["id"]) is not None
    for target in (cats["id"], f"{remote.actor_id('bob')}/collections"):
        await coop.receives(
            other, "mallory", other.activity("Remove", "mallory", cats["id"], 3, target=target)
        )
    update = other.activity("Update", "mallory", cats | {"name": "Mine"}, 4)
    await coop.receives(other, "mallory", update)
    await coop.settle()
    still = await kept(coop, cats["id"])
    assert still is not None
    assert still.name == "Cats"


async def test_the_hashtags_of_a_profile_elsewhere_are_read(coop: Coop, remote: Remote) -> None:
    from fedcoop.tags import access as tags

    listed = f"{remote.actor_id('bob')}/tags"
    remote.add_actor("bob", featuredTags=listed)
    names = ["#Cats", "two words", *(f"#n{number}" for number in range(20))]
    remote.documents["/users/bob/tags"] = {
        "@context": AS,
        "id": listed,
        "type": "Collection",
        "items": [{"type": "Hashtag", "name": name} for name in names],
    }
    bob = await resolve.account(coop.fed, remote.actor_id("bob"))
    await coop.settle()
    async with coop.db.read() as tx:
        found = await tags.featured(tx, bob.id)
    assert [row["display_name"] for row in found] == ["Cats", *(f"n{number}" for number in range(9))]
