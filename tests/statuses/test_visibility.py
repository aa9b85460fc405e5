"""Nobody sees what is not theirs, whichever way they ask. The gates are `fedcoop/statuses/access.py`."""

from typing import Any

import pytest

from tests.words import Person, Server

# Every operation that could show a status or say that it exists.
LOOKS = [
    "/api/v1/statuses/{id}",
    "/api/v1/statuses/{id}/context",
    "/api/v1/statuses/{id}/favourited_by",
    "/api/v1/statuses/{id}/reblogged_by",
    "/api/v1/statuses/{id}/history",
    "/api/v1/statuses/{id}/source",
]
ACTS = ["favourite", "reblog", "bookmark", "mute"]


async def listed(person: Person, path: str) -> set[str]:
    return {status["id"] for status in await person.get(path)}


async def everything_shown_to(person: Person, author: Person) -> set[str]:
    seen = await listed(person, "/api/v1/timelines/public")
    seen |= await listed(person, "/api/v1/timelines/public?local=true")
    seen |= await listed(person, "/api/v1/timelines/tag/secret")
    seen |= await listed(person, f"/api/v1/accounts/{author.id}/statuses")
    if person.token:
        seen |= await listed(person, "/api/v1/timelines/home")
    return seen


@pytest.mark.parametrize("visibility", ["private", "direct"])
async def test_a_status_for_others_is_not_there(server: Server, visibility: str) -> None:
    alice, stranger = await server.joins("alice"), await server.joins("stranger")
    status = await alice.says("between us #secret", visibility=visibility)
    for person in (stranger, server.anybody):
        assert status["id"] not in await everything_shown_to(person, alice)
        for look in LOOKS:
            expected = 401 if person.token is None and look.endswith("source") else 404
            answer = await person.ask("GET", look.format(id=status["id"]), expect=expected)
            assert "between us" not in str(answer.body)
    for act in ACTS:
        await stranger.post(f"/api/v1/statuses/{status['id']}/{act}", expect=404)
    await stranger.post("/api/v1/statuses", status="me too", in_reply_to_id=status["id"], expect=404)


async def test_a_private_a_deleted_and_an_unknown_status_look_the_same(server: Server) -> None:
    alice, stranger = await server.joins("alice"), await server.joins("stranger")
    private = await alice.says("between us", visibility="private")
    deleted = await alice.says("gone soon")
    await alice.delete(f"/api/v1/statuses/{deleted['id']}")
    answers: list[Any] = [
        (await stranger.ask("GET", f"/api/v1/statuses/{id_}", expect=404)).body
        for id_ in (private["id"], deleted["id"], "1", "not-an-id", "9" * 30)
    ]
    assert answers == [{"error": "Record not found"}] * 5


async def test_a_private_status_is_for_followers(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    await bob.follows(alice)
    status = await alice.says("for those who follow", visibility="private")
    assert (await bob.get(f"/api/v1/statuses/{status['id']}"))["content"] == "<p>for those who follow</p>"
    assert [entry["id"] for entry in await bob.home()] == [status["id"]]
    assert await listed(bob, f"/api/v1/accounts/{alice.id}/statuses") == {status["id"]}
    assert await listed(bob, "/api/v1/timelines/public") == set()


async def test_a_direct_status_does_not_reach_followers(server: Server) -> None:
    alice, bob, carol = [await server.joins(name) for name in ("alice", "bob", "carol")]
    await bob.follows(alice)
    status = await alice.says("@carol only you", visibility="direct")
    assert await bob.home() == []
    await bob.get(f"/api/v1/statuses/{status['id']}", expect=404)
    assert (await carol.get(f"/api/v1/statuses/{status['id']}"))["visibility"] == "direct"
    assert [entry["type"] for entry in await carol.notifications(include_filtered="true")] == ["mention"]


async def test_a_private_status_cannot_be_spread(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    await bob.follows(alice)
    status = await alice.says("for those who follow", visibility="private")
    await bob.post(f"/api/v1/statuses/{status['id']}/reblog", expect=403)
    # One's own may be repeated, to the same people.
    again = await alice.post(f"/api/v1/statuses/{status['id']}/reblog")
    assert again["visibility"] == "private"


async def test_a_private_answer_does_not_show_in_a_public_counter(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    status = await alice.says("anybody?")
    await bob.says("@alice me, quietly", visibility="direct", in_reply_to_id=status["id"])
    assert (await server.anybody.get(f"/api/v1/statuses/{status['id']}"))["replies_count"] == 0
    await bob.says("@alice me", in_reply_to_id=status["id"])
    assert (await server.anybody.get(f"/api/v1/statuses/{status['id']}"))["replies_count"] == 1


async def test_a_thread_shows_each_reader_only_their_part(server: Server) -> None:
    alice, bob, carol = [await server.joins(name) for name in ("alice", "bob", "carol")]
    root = await alice.says("root")
    open_ = await bob.says("@alice open", in_reply_to_id=root["id"])
    closed = await bob.says("@alice closed", in_reply_to_id=root["id"], visibility="direct")
    below = await alice.says("@bob below", in_reply_to_id=closed["id"], visibility="direct")

    async def descendants(person: Person) -> list[str]:
        context = await person.get(f"/api/v1/statuses/{root['id']}/context")
        return [status["id"] for status in context["descendants"]]

    assert await descendants(alice) == [open_["id"], closed["id"], below["id"]]
    assert await descendants(carol) == [open_["id"]]
    assert await descendants(server.anybody) == [open_["id"]]


async def test_who_is_blocked_does_not_see(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    await bob.follows(alice)
    status = await alice.says("hello all")
    assert [entry["id"] for entry in await bob.home()] == [status["id"]]
    await alice.post(f"/api/v1/accounts/{bob.id}/block")
    assert await bob.home() == []
    assert await everything_shown_to(bob, alice) == set()
    await bob.get(f"/api/v1/statuses/{status['id']}", expect=404)
    await bob.post(f"/api/v1/statuses/{status['id']}/favourite", expect=404)


async def test_a_mute_hides_without_a_trace(server: Server) -> None:
    alice, bob, carol = [await server.joins(name) for name in ("alice", "bob", "carol")]
    await alice.follows(bob)
    await alice.follows(carol)
    said = await bob.says("noise")
    await carol.post(f"/api/v1/statuses/{said['id']}/reblog")
    await alice.post(f"/api/v1/accounts/{bob.id}/mute")
    assert await alice.home() == []
    await alice.post(f"/api/v1/accounts/{bob.id}/unmute")
    assert [entry["id"] for entry in await alice.home()] == [said["id"]]
