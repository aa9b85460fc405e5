"""Lists: who keeps them, who is in them, what they show, and to whom."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fedcoop.db.statement import Compiled
from fedcoop.timelines import queries
from tests.streaming.listening import events, socket
from tests.words import Person, Server, running


async def keeps(owner: Person, *members: Person, **more: Any) -> Any:
    """A new list with these accounts in it."""
    made = await owner.post("/api/v1/lists", title="a list", **more)
    await owner.post(f"/api/v1/lists/{made['id']}/accounts", account_ids=[each.id for each in members])
    return made


async def reads(owner: Person, made: Any, **params: Any) -> list[str]:
    """The words of the statuses in a list, without markup."""
    found = await owner.get(f"/api/v1/timelines/list/{made['id']}", **params)
    return [(each["reblog"] or each)["content"].removeprefix("<p>").removesuffix("</p>") for each in found]


async def at_home(person: Person) -> list[str]:
    found = await person.home()
    return [(each["reblog"] or each)["content"].removeprefix("<p>").removesuffix("</p>") for each in found]


async def crowd(server: Server) -> tuple[Person, Person, Person, Person]:
    """Alice, who follows bob and carol but not dave."""
    people = [await server.joins(name) for name in ("alice", "bob", "carol", "dave")]
    for other in people[1:3]:
        await people[0].follows(other)
    return people[0], people[1], people[2], people[3]


async def test_a_list_shows_what_those_in_it_post(server: Server) -> None:
    alice, bob, carol, _ = await crowd(server)
    await bob.says("before")
    made = await keeps(alice, bob)
    assert made == {"id": made["id"], "title": "a list", "replies_policy": "list", "exclusive": False}
    await bob.says("after")
    await carol.says("not in it")
    theirs = await carol.says("repeated")
    await bob.post(f"/api/v1/statuses/{theirs['id']}/reblog")
    assert await reads(alice, made) == ["repeated", "after", "before"]
    page = await alice.ask("GET", f"/api/v1/timelines/list/{made['id']}", params={"limit": 1})
    assert 'rel="next"' in page.headers["Link"]
    last = (await alice.get(f"/api/v1/timelines/list/{made['id']}"))[-1]
    assert await reads(alice, made, max_id=last["id"]) == []


async def test_nobody_reads_what_was_not_for_them_through_a_list(server: Server) -> None:
    alice, bob, carol, dave = await crowd(server)
    made = await keeps(alice, bob, carol)
    await bob.says("@dave in private", visibility="direct")
    await bob.says("@alice to you", visibility="direct")
    await bob.says("for followers", visibility="private")
    assert len(await reads(alice, made)) == 2
    await carol.says("of carol")
    await alice.post(f"/api/v1/accounts/{carol.id}/mute")
    assert "of carol" not in await reads(alice, made)
    path = f"/api/v1/timelines/list/{made['id']}"
    await dave.get(path, expect=404)
    await server.anybody.get(path, expect=401)
    await bob.post(f"/api/v1/accounts/{alice.id}/block")
    assert await reads(alice, made) == []
    assert await alice.get(f"/api/v1/lists/{made['id']}/accounts") != []
    assert [each["id"] for each in await alice.get(f"/api/v1/lists/{made['id']}/accounts")] == [carol.id]


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("followed", ["to bob", "to carol", "to alice", "own thread", "plain"]),
        ("list", ["to bob", "to alice", "own thread", "plain"]),
        ("none", ["to alice", "own thread", "plain"]),
    ],
)
async def test_a_list_shows_the_replies_that_its_policy_wants(
    server: Server, policy: str, expected: list[str]
) -> None:
    alice, bob, carol, dave = await crowd(server)
    eve = await server.joins("eve")
    await alice.follows(eve)
    made = await keeps(alice, eve, bob, replies_policy=policy)
    plain = await eve.says("plain")
    asked = {"own thread": eve, "to alice": alice, "to carol": carol, "to dave": dave, "to bob": bob}
    for words, other in asked.items():
        target = plain if other is eve else await other.says("something")
        await eve.says(words, in_reply_to_id=target["id"])
    found = [words for words in await reads(alice, made) if words != "something"]
    assert found == expected


async def test_an_exclusive_list_keeps_its_accounts_from_home(server: Server) -> None:
    alice, bob, carol, _ = await crowd(server)
    await bob.says("one")
    made = await keeps(alice, bob, exclusive=True)
    await bob.says("two")
    await carol.says("three")
    assert (await at_home(alice), await reads(alice, made)) == (["three"], ["two", "one"])
    path = f"/api/v1/lists/{made['id']}"
    assert (await alice.put(path, exclusive=False))["title"] == "a list"
    assert await at_home(alice) == ["three", "two", "one"]
    await alice.put(path, exclusive=True)
    assert await at_home(alice) == ["three"]
    await alice.delete(path)
    assert await at_home(alice) == ["three", "two", "one"]


async def test_who_leaves_a_list_or_is_followed_no_more_is_gone_from_it(server: Server) -> None:
    alice, bob, carol, _ = await crowd(server)
    made = await keeps(alice, bob, carol)
    await bob.says("of bob")
    await carol.says("of carol")
    path = f"/api/v1/lists/{made['id']}/accounts"
    assert await alice.get(f"/api/v1/accounts/{bob.id}/lists") == [made]
    await alice.ask("DELETE", path, data=[("account_ids[]", bob.id)])
    assert await reads(alice, made) == ["of carol"]
    await alice.post(f"/api/v1/accounts/{carol.id}/unfollow")
    assert await reads(alice, made) == []
    assert await alice.get(path) == []
    assert await alice.get(f"/api/v1/accounts/{carol.id}/lists") == []


async def test_only_who_is_followed_can_be_in_a_list(server: Server) -> None:
    alice, bob, carol, dave = await crowd(server)
    made = await alice.post("/api/v1/lists", title="empty")
    path = f"/api/v1/lists/{made['id']}/accounts"
    await alice.post(path, account_ids=[bob.id, dave.id], expect=404)
    assert await alice.get(path) == []
    await dave.post(path, account_ids=[bob.id], expect=404)
    await alice.post(path, account_ids=[bob.id, carol.id])
    await alice.post(path, account_ids=[bob.id])
    first = await alice.ask("GET", path, params={"limit": 1})
    assert [each["id"] for each in first.body] == [carol.id]
    following = first.headers["Link"].partition(">")[0].removeprefix("<")
    assert [each["id"] for each in (await alice.ask("GET", following)).body] == [bob.id]
    assert len(await alice.get(path, limit=0)) == 2


async def test_lists_are_their_owners_alone(server: Server) -> None:
    alice, bob, _, dave = await crowd(server)
    made = await keeps(alice, bob)
    path = f"/api/v1/lists/{made['id']}"
    for method, address in (
        ("GET", path), ("PUT", path), ("DELETE", path), ("GET", f"{path}/accounts"),
        ("POST", f"{path}/accounts"), ("DELETE", f"{path}/accounts"),
    ):  # fmt: skip
        await dave.ask(method, address, expect=404)
        await server.anybody.ask(method, address, expect=401)
    assert await dave.get("/api/v1/lists") == []
    assert await dave.get(f"/api/v1/accounts/{bob.id}/lists") == []
    reader = await server.joins("reader", scopes="read:lists")
    await reader.post("/api/v1/lists", title="no", expect=403)
    assert await reader.get("/api/v1/lists") == []
    other = await server.joins("other", scopes="read:statuses write:statuses")
    await other.get("/api/v1/lists", expect=403)


@pytest.mark.parametrize("wrong", [{"title": " "}, {"title": "x" * 256}, {"replies_policy": "some"}])
async def test_a_list_that_makes_no_sense_is_refused(server: Server, wrong: dict[str, Any]) -> None:
    alice = await server.joins("alice")
    await alice.post("/api/v1/lists", **{"title": "fine", **wrong}, expect=422)
    assert await alice.get("/api/v1/lists") == []
    made = await alice.post("/api/v1/lists", title="fine")
    await alice.put(f"/api/v1/lists/{made['id']}", **wrong, expect=422)
    assert await alice.get("/api/v1/lists") == [made]


async def test_there_are_at_most_fifty_lists(server: Server) -> None:
    alice = await server.joins("alice")
    for number in range(50):
        await alice.post("/api/v1/lists", title=str(number))
    assert "maximum" in (await alice.post("/api/v1/lists", title="51", expect=422))["error"]


async def test_a_list_is_listened_to_by_its_owner(server: Server) -> None:
    alice, bob, carol, dave = await crowd(server)
    made = await keeps(alice, bob)
    async with events(alice, "list", list=made["id"]) as heard:
        await carol.says("not in it")
        await bob.says("@dave in private", visibility="direct")
        said = await bob.says("in it")
        ((name, status),) = await heard.until("update")
        assert (name, status["id"]) == ("update", said["id"])
        await bob.delete(f"/api/v1/statuses/{said['id']}")
        assert await heard.next() == ("delete", said["id"])
    await dave.get("/api/v1/streaming/list", list=made["id"], expect=404)
    async with socket(dave) as ws:
        await ws.asks(type="subscribe", stream="list", list=made["id"])
        assert (await ws.said())["status"] == 404
    async with socket(alice, stream="list", list=made["id"]) as ws:
        await ws.asks(type="subscribe", stream="user")
        await bob.says("once more")
        streams = [(await ws.said())["stream"] for _ in range(2)]
        assert sorted(streams) == [["list", made["id"]], ["user"]]


async def test_the_list_timeline_finds_its_entries_by_index(sqlite_url: str, tmp_path: Path) -> None:
    import sqlite3

    compiled: Compiled = queries.LIST.from_above.compiled("sqlite")
    async with running(sqlite_url, str(tmp_path)):
        connection = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))
        rows = connection.execute(f"EXPLAIN QUERY PLAN {compiled.sql}", [0] * len(compiled.names))
        steps = [row[3] for row in rows]
        connection.close()
    assert steps[0] == "SEARCH list_entries USING PRIMARY KEY (list_id=? AND status_id>? AND status_id<?)"
    assert not [step for step in steps if step.startswith("SCAN") or "TEMP B-TREE FOR ORDER" in step]
