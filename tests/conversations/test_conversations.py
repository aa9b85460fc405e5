"""Direct conversations: who has them, what is unread, and what happens when words go."""

from __future__ import annotations

from typing import Any

from tests.streaming.listening import events
from tests.words import Person, Server


async def all_of(person: Person) -> list[Any]:
    return list(await person.get("/api/v1/conversations"))


async def test_both_sides_have_the_conversation_and_nobody_else(server: Server) -> None:
    alice, bob, carol = [await server.joins(name) for name in ("alice", "bob", "carol")]
    said = await alice.says("@bob hello", visibility="direct")
    await alice.says("@bob in public")
    (hers,), (his,) = await all_of(alice), await all_of(bob)
    assert (hers["unread"], his["unread"]) == (False, True)
    assert [each["username"] for each in hers["accounts"]] == ["bob"]
    assert [each["username"] for each in his["accounts"]] == ["alice"]
    assert hers["last_status"]["id"] == his["last_status"]["id"] == said["id"]
    assert await all_of(carol) == []
    for other, path in ((carol, his["id"]), (alice, his["id"])):
        await other.post(f"/api/v1/conversations/{path}/read", expect=404)
        await other.delete(f"/api/v1/conversations/{path}", expect=404)
    await server.anybody.get("/api/v1/conversations", expect=401)
    assert [each["id"] for each in await bob.get("/api/v1/timelines/direct")] == [said["id"]]
    assert await carol.get("/api/v1/timelines/direct") == []


async def test_an_answer_goes_on_and_is_unread_for_the_other(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    first = await alice.says("@bob hello", visibility="direct")
    (his,) = await all_of(bob)
    assert (await bob.post(f"/api/v1/conversations/{his['id']}/read"))["unread"] is False
    answer = await bob.says("@alice hi", visibility="direct", in_reply_to_id=first["id"])
    (hers,), (again,) = await all_of(alice), await all_of(bob)
    assert (hers["unread"], hers["last_status"]["id"]) == (True, answer["id"])
    assert (again["id"], again["unread"]) == (his["id"], False)
    assert (await bob.post(f"/api/v1/conversations/{his['id']}/unread"))["unread"] is True


async def test_who_takes_part_makes_the_conversation(server: Server) -> None:
    alice, bob, carol = [await server.joins(name) for name in ("alice", "bob", "carol")]
    first = await alice.says("@bob hello", visibility="direct")
    await bob.says("@alice @carol join us", visibility="direct", in_reply_to_id=first["id"])
    assert sorted(len(each["accounts"]) for each in await all_of(alice)) == [1, 2]
    assert [len(each["accounts"]) for each in await all_of(carol)] == [2]
    await alice.says("to myself", visibility="direct")
    newest = (await all_of(alice))[0]
    assert [each["username"] for each in newest["accounts"]] == ["alice"]


async def test_when_the_last_words_go_the_ones_before_are_the_last(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    first = await alice.says("@bob one", visibility="direct")
    second = await alice.says("@bob two", visibility="direct", in_reply_to_id=first["id"])
    await alice.delete(f"/api/v1/statuses/{second['id']}")
    assert [each["last_status"]["id"] for each in await all_of(bob)] == [first["id"]]
    await alice.delete(f"/api/v1/statuses/{first['id']}")
    assert await all_of(bob) == await all_of(alice) == []


async def test_a_dropped_conversation_begins_again_with_new_words(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    first = await alice.says("@bob one", visibility="direct")
    (his,) = await all_of(bob)
    await bob.delete(f"/api/v1/conversations/{his['id']}")
    assert await all_of(bob) == []
    assert (await bob.get(f"/api/v1/statuses/{first['id']}"))["id"] == first["id"]
    assert len(await all_of(alice)) == 1
    await alice.says("@bob two", visibility="direct", in_reply_to_id=first["id"])
    assert [each["unread"] for each in await all_of(bob)] == [True]
    writer = await server.joins("other", scopes="read write:statuses")
    await writer.delete(f"/api/v1/conversations/{his['id']}", expect=403)


async def test_who_is_blocked_or_muted_begins_no_conversation(server: Server) -> None:
    alice, bob, carol = [await server.joins(name) for name in ("alice", "bob", "carol")]
    await bob.post(f"/api/v1/accounts/{alice.id}/block")
    await carol.post(f"/api/v1/accounts/{alice.id}/mute")
    await alice.says("@bob @carol hello", visibility="direct")
    assert await all_of(bob) == await all_of(carol) == []
    assert await carol.get("/api/v1/timelines/direct") == []


async def test_conversations_come_in_pages_by_their_last_words(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    said = [await alice.says(f"@bob {number}", visibility="direct") for number in range(3)]
    first = await bob.ask("GET", "/api/v1/conversations", params={"limit": 2})
    assert [each["last_status"]["id"] for each in first.body] == [said[2]["id"], said[1]["id"]]
    following = first.headers["Link"].partition(">")[0].removeprefix("<")
    rest = await bob.ask("GET", following)
    assert [each["last_status"]["id"] for each in rest.body] == [said[0]["id"]]


async def test_words_from_elsewhere_begin_a_conversation_and_are_heard(server: Server, other: Server) -> None:
    alice, bob = await server.joins("alice"), await other.joins("bob")
    async with events(alice, "direct") as heard:
        await bob.finds(alice.handle)
        await bob.says(f"@{alice.handle} hello", visibility="direct")
        await other.settle(server)
        name, conversation = await heard.next()
        assert (name, conversation["unread"]) == ("conversation", True)
        assert conversation["last_status"]["content"].endswith("hello</p>")
    (hers,) = await all_of(alice)
    assert hers == conversation
    assert [each["acct"] for each in hers["accounts"]] == [bob.handle]
