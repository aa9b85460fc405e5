"""Quoting, through the API: who may, who is shown what, and how it ends. Between servers it is
`tests/activitypub/test_quotes.py`."""

from __future__ import annotations

from typing import Any

import pytest

from fedcoop.statuses.quotes.hydrate import without_reference
from tests.words import Person, Server


async def look(who: Person, status: Any) -> Any:
    return await who.get(f"/api/v1/statuses/{status['id']}")


async def test_a_quote_of_a_private_status_shows_it_to_followers_only(server: Server) -> None:
    alice, bob, carol = [await server.joins(name) for name in ("alice", "bob", "carol")]
    await bob.follows(alice)
    secret = await alice.says("for followers", visibility="private")
    # Only its author may quote it, and the quote reaches no more people than the status did.
    await bob.post("/api/v1/statuses", status="look", quoted_status_id=secret["id"], expect=403)
    quote = await alice.says("once more", quoted_status_id=secret["id"])
    assert quote["visibility"] == "private"
    await carol.get(f"/api/v1/statuses/{quote['id']}", expect=404)
    seen = await look(bob, quote)
    assert seen["quote"]["state"] == "accepted"
    assert seen["quote"]["quoted_status"]["content"] == "<p>for followers</p>"
    assert await carol.home() == []


async def test_what_a_viewer_may_not_see_leaks_through_no_quote(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    # Alice mentions nobody: the quoted status is for her followers, the quoting one names bob.
    secret = await alice.says("between us", visibility="private")
    quote = await alice.says("hello @bob", visibility="direct", quoted_status_id=secret["id"])
    seen = await look(bob, quote)
    assert seen["quote"] == {"state": "unauthorized", "quoted_status": None}
    assert "between us" not in str(await bob.notifications())
    found = await bob.get("/api/v2/search", q="between us", type="statuses")
    assert found["statuses"] == []


async def test_nested_quotes_are_ids_and_only_for_who_may_see_them(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    first = await alice.says("first")
    second = await bob.says("second", quoted_status_id=first["id"])
    third = await bob.says("third", quoted_status_id=second["id"])
    seen = await look(server.anybody, third)
    inner = seen["quote"]["quoted_status"]
    assert inner["content"] == "<p>second</p>"
    assert inner["quote"] == {"state": "accepted", "quoted_status_id": first["id"]}
    await alice.post(f"/api/v1/accounts/{bob.id}/block")
    inner = (await look(bob, third))["quote"]["quoted_status"]
    assert inner["quote"] == {"state": "unauthorized", "quoted_status_id": None}


async def test_blocked_and_muted_people_are_marked_in_quotes(server: Server) -> None:
    alice, bob, carol = [await server.joins(name) for name in ("alice", "bob", "carol")]
    status = await alice.says("something")
    quote = await bob.says("see", quoted_status_id=status["id"])
    await carol.post(f"/api/v1/accounts/{alice.id}/mute")
    assert (await look(carol, quote))["quote"]["state"] == "muted_account"
    await carol.post(f"/api/v1/accounts/{alice.id}/block")
    assert (await look(carol, quote))["quote"]["state"] == "blocked_account"
    await alice.post(f"/api/v1/accounts/{carol.id}/block")
    assert (await look(carol, quote))["quote"] == {"state": "unauthorized", "quoted_status": None}


async def test_a_quote_is_shown_counted_and_told(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    status = await alice.says("quote me")
    assert status["quote"] is None
    assert status["quote_approval"] == {"automatic": ["public"], "manual": [], "current_user": "automatic"}
    quote = await bob.says("", quoted_status_id=status["id"])
    assert quote["quote"]["state"] == "accepted"
    assert quote["quote"]["quoted_status"]["id"] == status["id"]
    assert (await look(alice, status))["quotes_count"] == 1
    (told,) = await alice.notifications()
    assert (told["type"], told["status"]["id"]) == ("quote", quote["id"])
    assert [each["id"] for each in await alice.get(f"/api/v1/statuses/{status['id']}/quotes")] == [
        quote["id"]
    ]
    await bob.delete(f"/api/v1/statuses/{quote['id']}")
    assert (await look(alice, status))["quotes_count"] == 0


@pytest.mark.parametrize(("policy", "stranger", "follower"), [("nobody", 403, 403), ("followers", 403, 200)])
async def test_the_author_decides_who_may_quote(
    server: Server, policy: str, stranger: int, follower: int
) -> None:
    alice, bob, carol = [await server.joins(name) for name in ("alice", "bob", "carol")]
    await carol.follows(alice)
    status = await alice.says("mine", quote_approval_policy=policy)
    standing = {200: "automatic", 403: "denied"}
    assert (await look(bob, status))["quote_approval"]["current_user"] == standing[stranger]
    assert (await look(carol, status))["quote_approval"]["current_user"] == standing[follower]
    await bob.post("/api/v1/statuses", status="?", quoted_status_id=status["id"], expect=stranger)
    await carol.post("/api/v1/statuses", status="?", quoted_status_id=status["id"], expect=follower)
    assert (await look(alice, status))["quotes_count"] == (1 if follower == 200 else 0)
    # The author may always.
    await alice.says("I said", quoted_status_id=status["id"])


async def test_the_policy_can_be_changed_and_has_a_default(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    changed = await alice.ask(
        "PATCH", "/api/v1/accounts/update_credentials", json={"source": {"quote_policy": "nobody"}}
    )
    assert changed["source"]["quote_policy"] == "nobody"
    assert (await alice.get("/api/v1/preferences"))["posting:default:quote_policy"] == "nobody"
    refused = await alice.ask(
        "PATCH", "/api/v1/accounts/update_credentials", json={"source": {"quote_policy": "x"}}, expect=422
    )
    assert "quote policy" in refused["error"]
    status = await alice.says("mine")
    assert status["quote_approval"]["automatic"] == []
    path = f"/api/v1/statuses/{status['id']}/interaction_policy"
    opened = await alice.put(path, quote_approval_policy="public")
    assert opened["quote_approval"]["automatic"] == ["public"]
    await bob.put(path, quote_approval_policy="nobody", expect=404)
    await alice.put(path, quote_approval_policy="friends", expect=422)
    private = await alice.says("less", visibility="private")
    path = f"/api/v1/statuses/{private['id']}/interaction_policy"
    still = await alice.put(path, quote_approval_policy="public")
    assert still["quote_approval"]["automatic"] == []


async def test_consent_is_taken_back_by_the_author_only(server: Server) -> None:
    alice, bob, carol = [await server.joins(name) for name in ("alice", "bob", "carol")]
    status = await alice.says("quote me")
    quote = await bob.says("see", quoted_status_id=status["id"])
    path = f"/api/v1/statuses/{status['id']}/quotes/{quote['id']}/revoke"
    for stranger in (bob, carol):
        await stranger.post(path, expect=404)
    other = await alice.says("another")
    await alice.post(f"/api/v1/statuses/{other['id']}/quotes/{quote['id']}/revoke", expect=404)
    revoked = await alice.post(path)
    assert revoked["quote"] == {"state": "revoked", "quoted_status": None}
    assert (await look(bob, quote))["quote"]["state"] == "revoked"
    assert (await look(alice, status))["quotes_count"] == 0
    assert await alice.get(f"/api/v1/statuses/{status['id']}/quotes") == []
    await alice.post(path, expect=404)


async def test_a_quote_outlives_what_it_quotes(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    status = await alice.says("soon gone")
    quote = await bob.says("see", quoted_status_id=status["id"])
    await alice.delete(f"/api/v1/statuses/{status['id']}")
    assert (await look(bob, quote))["quote"] == {"state": "deleted", "quoted_status": None}


async def test_who_quoted_hears_of_an_edit(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    status = await alice.says("first")
    quote = await bob.says("see", quoted_status_id=status["id"])
    await alice.put(f"/api/v1/statuses/{status['id']}", status="second")
    (told,) = await bob.notifications()
    assert (told["type"], told["status"]["id"]) == ("quoted_update", quote["id"])
    assert (await look(bob, quote))["quote"]["quoted_status"]["content"] == "<p>second</p>"


async def test_what_is_not_there_or_for_others_is_not_quoted(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    secret = await alice.says("secret", visibility="private")
    for id_ in (secret["id"], "1"):
        await bob.post("/api/v1/statuses", status="?", quoted_status_id=id_, expect=404)
    letter = await alice.says("hello @bob", visibility="direct")
    await bob.post("/api/v1/statuses", status="?", quoted_status_id=letter["id"], expect=403)
    assert await bob.home() == []


async def test_a_page_full_of_quotes_costs_one_statement_more(server: Server, statements: list[str]) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    await bob.follows(alice)
    status = await alice.says("quote me")
    counts = []
    for _ in range(3):
        for _ in range(3):
            await alice.says("see", quoted_status_id=status["id"])
        await bob.home()
        statements.clear()
        await bob.home()
        counts.append(len(statements))
    assert counts[0] == counts[1] == counts[2]


async def test_an_edit_keeps_the_policy_or_changes_it(server: Server) -> None:
    alice = await server.joins("alice")
    status = await alice.says("mine", quote_approval_policy="followers")
    path = f"/api/v1/statuses/{status['id']}"
    edited = await alice.put(path, status="mine still")
    assert edited["quote_approval"]["automatic"] == ["followers"]
    await alice.put(path, status="mine", quote_approval_policy="friends", expect=422)
    edited = await alice.put(path, status="mine alone", quote_approval_policy="nobody")
    assert (edited["content"], edited["quote_approval"]["automatic"]) == ("<p>mine alone</p>", [])


async def test_only_what_quotes_may_have_no_words(server: Server) -> None:
    alice = await server.joins("alice")
    first = await alice.says("first")
    await alice.post("/api/v1/statuses", status="", quoted_status_id="1", expect=404)
    path = f"/api/v1/statuses/{first['id']}"
    await alice.put(path, status=" ", quoted_status_id=first["id"], expect=422)
    assert (await look(alice, first))["content"] == "<p>first</p>"
    quote = await alice.says("see", quoted_status_id=first["id"])
    edited = await alice.put(f"/api/v1/statuses/{quote['id']}", status="")
    assert (edited["content"], edited["quote"]["quoted_status"]["id"]) == ("", first["id"])


async def test_every_version_shows_what_is_quoted_to_whom_it_is_shown(server: Server) -> None:
    alice, bob, carol = [await server.joins(name) for name in ("alice", "bob", "carol")]
    status = await alice.says("quote me")
    quote = await bob.says("see", quoted_status_id=status["id"])
    await bob.put(f"/api/v1/statuses/{quote['id']}", status="see there")
    path = f"/api/v1/statuses/{quote['id']}/history"
    versions = await carol.get(path)
    assert [each["content"] for each in versions] == ["<p>see</p>", "<p>see there</p>"]
    assert [each["quote"]["quoted_status"]["id"] for each in versions] == [status["id"]] * 2
    await alice.post(f"/api/v1/accounts/{carol.id}/block")
    assert [each["quote"]["state"] for each in await carol.get(path)] == ["unauthorized"] * 2


async def test_quotes_are_found_as_such(server: Server) -> None:
    alice = await server.joins("alice")
    status = await alice.says("walnut")
    quote = await alice.says("walnut again", quoted_status_id=status["id"])

    async def found(words: str) -> list[str]:
        answer = await alice.get("/api/v2/search", q=words, type="statuses")
        return [each["id"] for each in answer["statuses"]]

    assert await found("walnut is:quote") == [quote["id"]]
    assert await found("walnut -is:quote") == [status["id"]]


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        ("<p><span>so true<br><br>RE: </span><a href='#'>x</a></p>", "<p><span>so true</span></p>"),
        ("<p>so true<br>RE: <a href='#'>x</a></p>", "<p>so true</p>"),
        ("<p>so true</p><p>RE: <a href='#'>x</a></p>", "<p>so true</p>"),
        ("<p>RE: <a href='#'>x</a> is wrong</p>", None),
        ("<p>RE: <a href='#'>x</a></p><p>so true</p>", None),
        ("<p>MORE: <a href='#'>x</a></p>", None),
        ("<br>" * 30_000 + "RE: <", None),
    ],
)
def test_the_line_that_stands_for_a_quote_is_known(content: str, shown: str | None) -> None:
    assert without_reference(content) == (content if shown is None else shown)
