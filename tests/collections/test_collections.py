"""Collections of recommended accounts: made, shown to whom they may be, and left by whoever does not want to be in
them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.words import Person, Server

API = "/api/v1/collections"


async def collect(owner: Person, name: str = "Good company", *others: Person, **more: Any) -> Any:
    made = await owner.post(API, name=name, account_ids=[each.id for each in others], **more)
    return made["collection"]


async def in_it(viewer: Person, collection: Any) -> list[str]:
    found = await viewer.get(f"{API}/{collection['id']}")
    return [item["account_id"] for item in found["collection"]["items"]]


async def test_a_collection_is_shown_with_those_in_it(server: Server) -> None:
    alice = await server.joins("alice")
    bob = await server.joins("bob", discoverable=True)
    made = await collect(
        alice, "Good company", bob, description="Worth it", language="en", tag_name="#Friends"
    )
    assert made["tag"] == {"name": "Friends", "url": f"{server.config.base_url}/tags/friends"}
    assert (made["local"], made["discoverable"], made["sensitive"]) == (True, True, False)
    assert [(item["account_id"], item["state"]) for item in made["items"]] == [(bob.id, "accepted")]
    shown = await server.anybody.get(f"{API}/{made['id']}")
    assert shown["collection"] == made
    assert {account["username"] for account in shown["accounts"]} == {"alice", "bob"}
    assert (await server.anybody.get(f"/api/v1/accounts/{alice.id}/collections"))["collections"] == [made]


async def test_who_is_added_is_told_and_leaves_for_good(server: Server) -> None:
    alice = await server.joins("alice")
    bob = await server.joins("bob", discoverable=True)
    made = await collect(alice, "Good company", bob)
    (told,) = await bob.notifications()
    assert (told["type"], told["collection"]["id"]) == ("added_to_collection", made["id"])
    assert told["account"]["username"] == "alice"
    (found,) = (await bob.get(f"/api/v1/accounts/{bob.id}/in_collections"))["collections"]
    assert found["id"] == made["id"]
    item = made["items"][0]["id"]
    await alice.post(f"{API}/{made['id']}/items/{item}/revoke", expect=404)
    await bob.post(f"{API}/{made['id']}/items/{item}/revoke")
    assert await in_it(alice, made) == []
    assert (await bob.get(f"/api/v1/accounts/{bob.id}/in_collections"))["collections"] == []
    again = await alice.post(f"{API}/{made['id']}/items", account_id=bob.id, expect=422)
    assert "does not want to be in this collection" in again["error"]


async def test_those_in_a_collection_are_told_what_it_calls_itself(server: Server) -> None:
    alice = await server.joins("alice")
    bob = await server.joins("bob", discoverable=True)
    made = await collect(alice, "Good company", bob)
    await alice.ask("PATCH", f"{API}/{made['id']}", json={"name": "Fools"})
    told = (await bob.notifications())[0]
    assert (told["type"], told["collection"]["name"]) == ("collection_update", "Fools")


@pytest.mark.parametrize("wish", ["hidden", "locked", "blocked"])
async def test_nobody_is_added_who_does_not_consent(server: Server, wish: str) -> None:
    alice = await server.joins("alice")
    bob = await server.joins("bob", discoverable=wish != "hidden", locked=wish == "locked")
    if wish == "blocked":
        await bob.post(f"/api/v1/accounts/{alice.id}/block")
    made = await collect(alice)
    refused = await alice.post(f"{API}/{made['id']}/items", account_id=bob.id, expect=422)
    assert refused["error"] == "Validation failed: @bob does not let you add them to a collection"
    await alice.post(API, name="Another", account_ids=[bob.id], expect=422)
    assert await in_it(alice, made) == []
    assert len((await alice.get(f"/api/v1/accounts/{alice.id}/collections"))["collections"]) == 1


async def test_who_chooses_followers_is_recommended_by_them_alone(server: Server) -> None:
    alice, carol = await server.joins("alice"), await server.joins("carol")
    bob = await server.joins("bob", discoverable=True, locked=True)
    await alice.follows(bob)
    await bob.post(f"/api/v1/follow_requests/{alice.id}/authorize")
    for person, standing in ((alice, "automatic"), (carol, "denied"), (bob, "automatic")):
        approval = (await person.get(f"/api/v1/accounts/{bob.id}"))["feature_approval"]
        assert approval == {"automatic": ["followers"], "manual": [], "current_user": standing}
    (found,) = await alice.get("/api/v1/accounts/search", q="bob")
    assert found["feature_approval"]["current_user"] == "automatic"
    assert await in_it(alice, await collect(alice, "Good company", bob)) == [bob.id]


async def test_whom_one_blocks_one_does_not_see_recommended(server: Server) -> None:
    alice, carol = await server.joins("alice"), await server.joins("carol")
    bob = await server.joins("bob", discoverable=True)
    made = await collect(alice, "Good company", bob)
    await carol.post(f"/api/v1/accounts/{bob.id}/block")
    assert (await in_it(carol, made), await in_it(server.anybody, made)) == ([], [bob.id])
    await bob.post(f"/api/v1/accounts/{alice.id}/block")
    assert await in_it(server.anybody, made) == []


async def test_who_is_blocked_by_its_owner_sees_no_collection(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    made = await collect(alice)
    await alice.post(f"/api/v1/accounts/{bob.id}/block")
    await bob.get(f"{API}/{made['id']}", expect=404)
    assert (await bob.get(f"/api/v1/accounts/{alice.id}/collections"))["collections"] == []


async def test_what_is_not_to_be_discovered_is_not_on_the_profile(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    made = await collect(alice, discoverable=False)
    listed = f"/api/v1/accounts/{alice.id}/collections"
    assert (await bob.get(listed))["collections"] == []
    assert [each["id"] for each in (await alice.get(listed))["collections"]] == [made["id"]]
    assert (await bob.get(f"{API}/{made['id']}"))["collection"]["id"] == made["id"]


async def test_only_the_owner_changes_a_collection(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob", discoverable=True)
    carol = await server.joins("carol", discoverable=True)
    made = await collect(alice, "Good company", bob)
    item = f"{API}/{made['id']}/items/{made['items'][0]['id']}"
    await carol.ask("PATCH", f"{API}/{made['id']}", json={"name": "Mine"}, expect=403)
    await carol.delete(f"{API}/{made['id']}", expect=403)
    await carol.post(f"{API}/{made['id']}/items", account_id=carol.id, expect=403)
    await carol.delete(item, expect=403)
    await carol.post(f"{item}/revoke", expect=404)
    assert (await server.anybody.get(f"{API}/{made['id']}"))["collection"] == made
    await alice.delete(item)
    await alice.delete(item, expect=404)
    assert await in_it(alice, made) == []
    await alice.delete(f"{API}/{made['id']}")
    await alice.get(f"{API}/{made['id']}", expect=404)


async def test_who_else_is_in_which_collections_is_nobodys_business(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob", discoverable=True)
    await collect(alice, "Good company", bob)
    await alice.get(f"/api/v1/accounts/{bob.id}/in_collections", expect=403)
    await server.anybody.get(f"/api/v1/accounts/{bob.id}/in_collections", expect=401)


@pytest.mark.parametrize(
    ("sent", "field", "code"),
    [
        ({"name": " "}, "name", "ERR_BLANK"),
        ({"name": "n" * 41}, "name", "ERR_TOO_LONG"),
        ({"name": "n", "description": "d" * 101}, "description", "ERR_TOO_LONG"),
        ({"name": "n", "tag_name": "two words"}, "tag_name", "ERR_INVALID"),
        ({"name": "n", "language": "klingon please"}, "language", "ERR_INCLUSION"),
    ],
)
async def test_what_makes_no_collection_is_refused_with_its_field(
    server: Server, sent: dict[str, Any], field: str, code: str
) -> None:
    alice = await server.joins("alice")
    refused = await alice.post(API, expect=422, **sent)
    assert refused["details"][field][0]["error"] == code
    assert (await alice.get(f"/api/v1/accounts/{alice.id}/collections"))["collections"] == []


async def test_unknown_accounts_and_full_collections_are_refused(server: Server) -> None:
    alice = await server.joins("alice")
    made = await collect(alice)
    assert (await alice.post(f"{API}/{made['id']}/items", expect=422))["error"] == (
        "Validation failed: `account_id` parameter is missing"
    )
    await alice.post(f"{API}/{made['id']}/items", account_id="12345", expect=422)
    people = [await server.joins(f"person{number}", discoverable=True) for number in range(26)]
    for person in people[:25]:
        await alice.post(f"{API}/{made['id']}/items", account_id=person.id)
    refused = await alice.post(f"{API}/{made['id']}/items", account_id=people[25].id, expect=422)
    assert refused["error"] == "Validation failed: A collection has at most 25 accounts"
    for number in range(24):
        await collect(alice, f"number {number}")
    await alice.post(API, name="one more", expect=422)


async def test_collections_come_in_pages(server: Server) -> None:
    alice = await server.joins("alice")
    made = [await collect(alice, f"number {number}") for number in range(3)]
    listed = f"/api/v1/accounts/{alice.id}/collections"
    first = await alice.ask("GET", listed, params={"limit": "2"})
    assert [each["id"] for each in first["collections"]] == [made[2]["id"], made[1]["id"]]
    assert 'offset=2>; rel="next"' in first.headers["Link"]
    assert [each["id"] for each in (await alice.get(listed, limit=2, offset=2))["collections"]] == [
        made[0]["id"]
    ]


async def test_a_collection_has_a_page(server: Server) -> None:
    alice = await server.joins("alice")
    bob = await server.joins("bob", discoverable=True, display_name="Bob <b>Builder</b>")
    made = await collect(alice, "Good & company", bob, description="Worth <i>it</i>")
    page = (await server.anybody.ask("GET", made["url"])).body
    assert "Good &amp; company" in page
    assert "Worth &lt;i&gt;it" in page
    assert "Bob &lt;b&gt;Builder" in page
    await server.anybody.ask("GET", f"{server.config.base_url}/collections/1", expect=404)
