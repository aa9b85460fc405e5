"""Hashtags that somebody follows, asks for together, or shows on the profile."""

from __future__ import annotations

from typing import Any

import pytest

from tests.streaming.listening import events
from tests.words import Person, Server


async def at_home(person: Person) -> list[str]:
    return [words(each) for each in await person.home()]


def words(status: Any) -> str:
    return str(status["content"]).removeprefix("<p>").partition(" ")[0]


async def test_a_followed_hashtag_brings_its_public_statuses_home(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    followed = await alice.post("/api/v1/tags/Fediverse/follow")
    assert (followed["name"], followed["following"]) == ("Fediverse", True)
    assert (await alice.post("/api/v1/tags/fediverse/follow"))["id"] == followed["id"]
    assert [each["name"] for each in await alice.get("/api/v1/followed_tags")] == ["Fediverse"]
    assert await bob.get("/api/v1/followed_tags") == []
    await bob.says("first #fediverse")
    await bob.says("second #other")
    assert await at_home(alice) == ["first"]
    assert (await bob.get("/api/v1/tags/fediverse"))["following"] is False
    assert (await alice.get("/api/v1/tags/fediverse"))["following"] is True


async def test_only_what_everybody_may_read_comes_by_hashtag(server: Server) -> None:
    alice, bob, carol = [await server.joins(name) for name in ("alice", "bob", "carol")]
    await alice.post("/api/v1/tags/cats/follow")
    for visibility in ("unlisted", "private", "direct"):
        await bob.says(f"{visibility} #cats @carol", visibility=visibility)
    assert await at_home(alice) == []
    await alice.post(f"/api/v1/accounts/{carol.id}/mute")
    await bob.post(f"/api/v1/accounts/{alice.id}/block")
    await carol.says("muted #cats")
    await bob.says("blocking #cats")
    assert await at_home(alice) == []


async def test_following_no_more_takes_only_what_the_hashtag_brought(server: Server) -> None:
    alice, bob, carol = [await server.joins(name) for name in ("alice", "bob", "carol")]
    await alice.follows(carol)
    for tag in ("cats", "dogs"):
        await alice.post(f"/api/v1/tags/{tag}/follow")
    await bob.says("one #cats")
    await bob.says("two #cats #dogs")
    await carol.says("three #cats")
    await alice.says("four #cats")
    assert (await alice.post("/api/v1/tags/cats/unfollow"))["following"] is False
    assert await at_home(alice) == ["four", "three", "two"]
    await bob.says("five #cats")
    assert len(await at_home(alice)) == 3


async def test_a_followed_hashtag_is_heard_and_its_deletion_too(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    await alice.post("/api/v1/tags/cats/follow")
    async with events(alice) as heard:
        status = await bob.says("listen #cats")
        assert (await heard.next())[1]["id"] == status["id"]
        await bob.delete(f"/api/v1/statuses/{status['id']}")
        assert await heard.next() == ("delete", status["id"])


async def test_followed_hashtags_come_in_pages(server: Server) -> None:
    alice = await server.joins("alice")
    for tag in ("one", "two", "three"):
        await alice.post(f"/api/v1/tags/{tag}/follow")
    first = await alice.ask("GET", "/api/v1/followed_tags", params={"limit": 2})
    assert [each["name"] for each in first.body] == ["three", "two"]
    following = first.headers["Link"].partition(">")[0].removeprefix("<")
    assert [each["name"] for each in (await alice.ask("GET", following)).body] == ["one"]
    await server.anybody.get("/api/v1/followed_tags", expect=401)
    other = await server.joins("other", scopes="read:statuses write:statuses")
    await other.get("/api/v1/followed_tags", expect=403)
    await other.post("/api/v1/tags/one/follow", expect=403)


@pytest.mark.parametrize("name", ["two words", "123", "a-b", "x" * 101])
async def test_what_is_no_hashtag_cannot_be_followed(server: Server, name: str) -> None:
    alice = await server.joins("alice")
    assert (await alice.post(f"/api/v1/tags/{name}/follow", expect=422))["error"]
    await alice.post("/api/v1/featured_tags", name=name, expect=422)
    assert await alice.get("/api/v1/followed_tags") == []


async def test_hashtags_are_asked_for_together(server: Server) -> None:
    alice = await server.joins("alice")
    for text in ("1 #a", "2 #a #b", "3 #b", "4 #a #b #c", "5 #c"):
        await alice.says(text)
    await alice.says("6 #a #b", visibility="unlisted")

    async def found(tag: str, **more: str) -> str:
        params = [(f"{key}[]", each) for key, value in more.items() for each in value.split()]
        page = await server.anybody.ask("GET", f"/api/v1/timelines/tag/{tag}", params=params)
        return "".join(words(each) for each in page.body)

    assert await found("a") == "421"
    assert await found("a", any="B c") == "54321"
    assert await found("a", all="b") == "42"
    assert await found("a", all="b", none="c") == "2"
    assert await found("a", all="nobody") == ""
    assert await found("nobody", any="b") == "432"


async def test_an_accounts_statuses_with_a_hashtag(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    await alice.says("1 #cats")
    await alice.says("2 #dogs")
    await alice.says("3 #cats", visibility="private")
    path = f"/api/v1/accounts/{alice.id}/statuses"
    assert [words(each) for each in await bob.get(path, tagged="Cats")] == ["1"]
    assert [words(each) for each in await alice.get(path, tagged="#cats")] == ["3", "1"]
    assert await bob.get(path, tagged="nothing") == []


async def test_hashtags_are_featured_on_the_profile(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    for _ in range(2):
        await alice.says("I like #Cats")
    await alice.says("and #dogs", visibility="unlisted")
    await alice.says("but not #birds", visibility="private")
    suggested = await alice.get("/api/v1/featured_tags/suggestions")
    assert [each["name"] for each in suggested] == ["Cats", "dogs"]
    made = await alice.post("/api/v1/featured_tags", name="CATS")
    assert (made["name"], made["statuses_count"]) == ("CATS", "2")
    assert made["last_status_at"]
    assert await alice.post("/api/v1/featured_tags", name="cats") == made
    shown = await server.anybody.get(f"/api/v1/accounts/{alice.id}/featured_tags")
    assert shown == [made] == await alice.get("/api/v1/featured_tags")
    assert (await alice.get("/api/v1/tags/cats"))["featuring"] is True
    assert [each["name"] for each in await alice.get("/api/v1/featured_tags/suggestions")] == ["dogs"]
    await bob.delete(f"/api/v1/featured_tags/{made['id']}", expect=404)
    await alice.delete(f"/api/v1/featured_tags/{made['id']}")
    assert await bob.get(f"/api/v1/accounts/{alice.id}/featured_tags") == []
    assert (await alice.post("/api/v1/tags/dogs/feature"))["featuring"] is True
    assert (await alice.post("/api/v1/tags/dogs/unfeature"))["featuring"] is False
    for number in range(10):
        await alice.post(f"/api/v1/tags/tag{number}/feature")
    refused = await alice.post("/api/v1/featured_tags", name="eleventh", expect=422)
    assert "maximum number" in refused["error"]


async def test_featured_hashtags_are_served_to_other_servers(server: Server) -> None:
    alice = await server.joins("alice")
    await alice.post("/api/v1/featured_tags", name="Cats")
    accept = {"Accept": "application/activity+json"}
    actor = await server.anybody.ask("GET", f"/ap/users/{alice.id}", headers=accept)
    served = await server.anybody.ask("GET", actor["featuredTags"], headers=accept)
    assert (served["type"], served["totalItems"]) == ("Collection", 1)
    assert served["items"] == [
        {"type": "Hashtag", "href": f"{server.config.base_url}/tags/cats", "name": "#Cats"}
    ]


async def test_a_hashtag_that_comes_with_an_edit_brings_the_status(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    await bob.post("/api/v1/tags/tea/follow")
    status = await alice.says("a cup")
    hidden = await alice.says("another", visibility="unlisted")
    assert await bob.home() == []
    for each in (status, hidden):
        await alice.put(f"/api/v1/statuses/{each['id']}", status="a cup of #tea")
    assert [each["id"] for each in await bob.home()] == [status["id"]]
    await alice.put(f"/api/v1/statuses/{status['id']}", status="a cup of #tea, please")
    assert [each["id"] for each in await bob.home()] == [status["id"]]
