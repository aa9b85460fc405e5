"""Threads between servers: told as collections, and asked for where others have them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from fedcoop import clock
from tests.activitypub.remote import ACTIVITY, AS, Remote
from tests.words import Person, Server

MINUTE = 60


async def document(server: Server, url: str) -> Any:
    async with server.http.get(url, headers={"Accept": ACTIVITY}) as answer:
        return json.loads(await answer.read()) if answer.status == 200 else answer.status


def collection(remote: Remote, path: str, pages: list[list[Any]]) -> str:
    """A collection in pages on `remote`."""
    url = f"{remote.base}{path}"
    remote.serve({"@context": AS, "id": url, "type": "OrderedCollection", "first": f"{url}/1"})
    for number, items in enumerate(pages, 1):
        page = {
            "@context": AS,
            "id": f"{url}/{number}",
            "type": "OrderedCollectionPage",
            "orderedItems": items,
        }
        remote.serve(page | ({"next": f"{url}/{number + 1}"} if number < len(pages) else {}))
    return url


async def opened(server: Server, alice: Person, uri: str) -> tuple[list[str], str]:
    """What alice finds below a status, once others have answered; and the header that she got first."""
    status = await alice.sees(uri)
    answer = await alice.ask("GET", f"/api/v1/statuses/{status['id']}/context")
    await server.settle()
    thread = await alice.get(f"/api/v1/statuses/{status['id']}/context")
    return [one["uri"] for one in thread["descendants"]], answer.headers.get("Mastodon-Async-Refresh", "")


async def test_answers_are_told_page_by_page_the_authors_own_first(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    root = await alice.says("root")
    others = [(await bob.says(f"bob {n}", in_reply_to_id=root["id"]))["uri"] for n in range(45)]
    own = [(await alice.says(f"alice {n}", in_reply_to_id=root["id"]))["uri"] for n in range(3)]
    await alice.says("for followers", in_reply_to_id=root["id"], visibility="private")
    note = await document(server, root["uri"])
    found = await document(server, note["replies"])
    assert "orderedItems" not in found
    told: list[str] = []
    url = found["first"]
    while url:
        page = await document(server, url)
        assert page["partOf"] == note["replies"]
        told += page["orderedItems"]
        url = page.get("next", "")
    assert told == [*own, *others]


async def test_a_thread_that_began_here_is_told_as_a_whole(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    root = await alice.says("root")
    answer = await bob.says("answer", in_reply_to_id=root["id"])
    below = [await alice.says(f"below {n}", in_reply_to_id=answer["id"]) for n in range(45)]
    await bob.says("a secret", in_reply_to_id=root["id"], visibility="private")
    notes = [await document(server, one["uri"]) for one in (root, answer, below[-1])]
    context = notes[0]["context"]
    assert {note["context"] for note in notes} == {context}
    found = await document(server, context)
    assert found["attributedTo"] == notes[0]["attributedTo"]
    assert found["totalItems"] == 47
    first = await document(server, found["first"])
    second = await document(server, first["next"])
    assert "next" not in second
    told = [*first["orderedItems"], *second["orderedItems"]]
    assert told == [one["uri"] for one in (root, answer, *below)]


@pytest.mark.parametrize("visibility", ["private", "direct"])
async def test_a_thread_that_is_not_for_everybody_is_told_to_nobody(server: Server, visibility: str) -> None:
    alice = await server.joins("alice")
    root = await alice.says("root", visibility=visibility)
    answer = await alice.says("answer", in_reply_to_id=root["id"])
    base = server.config.base_url
    assert await document(server, f"{base}/ap/contexts/{root['id']}") == 404
    assert await document(server, f"{base}/ap/contexts/{answer['id']}") == 404
    assert await document(server, f"{base}/ap/contexts/1") == 404


async def test_opening_a_thread_brings_the_answers_that_its_server_knows(
    server: Server, remote: Remote, other: Remote
) -> None:
    alice = await server.joins("alice")
    remote.add_actor("bob")
    other.add_actor("carol")
    root = remote.serve(remote.note("bob", 1))
    await alice.sees(root["id"])  # before anybody has answered
    await server.settle()
    first = other.note("carol", 2, inReplyTo=root["id"])
    first["replies"] = collection(other, "/replies/2", [[f"{other.actor_id('carol')}/statuses/4"]])
    other.serve(first)
    second = remote.serve(remote.note("bob", 3, inReplyTo=root["id"]))
    third = other.serve(other.note("carol", 4, inReplyTo=first["id"]))
    remote.serve({**root, "replies": collection(remote, "/replies/1", [[first["id"]], [second["id"]]])})
    found, header = await opened(server, alice, root["id"])
    assert sorted(found) == sorted([first["id"], second["id"], third["id"]])
    assert "retry=3, result_count=0" in header
    refresh = header.split('"')[1]
    shown = await alice.get(f"/api/v1_alpha/async_refreshes/{refresh}")
    assert shown == {"async_refresh": {"id": refresh, "status": "finished", "result_count": 3}}


async def test_of_a_post_that_is_met_a_few_answers_are_asked_for(server: Server, remote: Remote) -> None:
    alice = await server.joins("alice")
    remote.add_actor("bob")
    root = remote.note("bob", 1, published=clock.iso(clock.now()))
    answers = [remote.serve(remote.note("bob", n, inReplyTo=root["id"]))["id"] for n in range(2, 32)]
    status = await alice.sees(
        remote.serve({**root, "replies": collection(remote, "/replies/1", [answers])})["id"]
    )
    await server.settle()

    async def below() -> int:
        return len((await server.anybody.get(f"/api/v1/statuses/{status['id']}/context"))["descendants"])

    assert await below() == 0  # it has had no time to be answered
    clock.advance(seconds=6 * MINUTE)
    await server.settle()
    assert await below() == 20


async def test_the_context_is_asked_instead_of_the_answers_where_there_is_one(
    server: Server, remote: Remote, other: Remote
) -> None:
    alice = await server.joins("alice")
    remote.add_actor("bob")
    other.add_actor("carol")
    context = f"{remote.base}/contexts/1"
    root = remote.note("bob", 1, context=context, replies=f"{remote.base}/replies/1")
    answer = other.serve(other.note("carol", 2, inReplyTo=root["id"], context=context))
    deep = other.serve(other.note("carol", 3, inReplyTo=answer["id"], context=context))
    collection(remote, "/contexts/1", [[root["id"], answer["id"]], [deep["id"]]])
    remote.serve(root)
    found, _ = await opened(server, alice, root["id"])
    assert found == [answer["id"], deep["id"]]
    assert "/replies/1" not in remote.asked


async def test_what_does_not_belong_to_the_thread_is_not_kept(
    server: Server, remote: Remote, other: Remote
) -> None:
    alice = await server.joins("alice")
    remote.add_actor("bob")
    other.add_actor("carol")
    root = remote.note("bob", 1)
    unrelated = other.serve(other.note("carol", 2))
    forged = other.note("carol", 3, inReplyTo=root["id"])  # her server does not know it
    followers = f"{other.actor_id('carol')}/followers"
    private = other.serve(other.note("carol", 4, inReplyTo=root["id"], to=[followers], cc=[]))
    named = [unrelated["id"], forged, private["id"], 7]
    remote.serve({**root, "replies": collection(remote, "/replies/1", [named])})
    found, _ = await opened(server, alice, root["id"])
    assert found == []
    async with server.db.read() as tx:
        from fedcoop.statuses import queries

        for one in (unrelated, forged, private):
            assert await tx.one(queries.BY_URI, uri=one["id"]) is None


async def test_a_thread_without_end_is_asked_for_in_part(server: Server, remote: Remote) -> None:
    alice = await server.joins("alice")
    remote.add_actor("bob")
    url = f"{remote.base}/endless"
    asked = 0

    async def endless(request: Any) -> Any:
        nonlocal asked
        asked += 1
        from aiohttp import web

        page = {"@context": AS, "id": f"{remote.base}{request.path_qs}", "type": "CollectionPage"}
        return web.json_response({**page, "next": f"{url}?n={asked}"}, content_type=ACTIVITY)

    remote.handlers["/endless"] = endless
    root = remote.serve(remote.note("bob", 1, replies=url))
    await opened(server, alice, root["id"])
    assert 400 < asked <= 1_000


async def test_a_thread_is_asked_for_every_fifteen_minutes_at_most(server: Server, remote: Remote) -> None:
    alice, dora = await server.joins("alice"), await server.joins("dora")
    remote.add_actor("bob")
    root = remote.serve(remote.note("bob", 1, published=clock.iso(clock.now())))
    root["replies"] = collection(remote, "/replies/1", [[]])
    _, header = await opened(server, alice, root["id"])
    assert header == ""  # it is too young
    clock.advance(seconds=6 * MINUTE)
    await server.settle()
    _, header = await opened(server, alice, root["id"])
    assert header
    asked = len(remote.asked)
    for _ in range(2):
        _, again = await opened(server, dora, root["id"])
        assert again == ""
    assert len(remote.asked) == asked
    clock.advance(seconds=16 * MINUTE)
    _, header = await opened(server, dora, root["id"])
    assert header


async def test_nobody_is_asked_for_the_threads_of_members_or_by_strangers(
    server: Server, remote: Remote
) -> None:
    alice = await server.joins("alice")
    remote.add_actor("bob")
    own = await alice.says("root")
    clock.advance(seconds=6 * MINUTE)
    _, header = await opened(server, alice, own["uri"])
    assert header == ""
    root = remote.serve(remote.note("bob", 1, replies=f"{remote.base}/replies/1"))
    status = await alice.sees(root["id"])
    await server.settle()
    asked = len(remote.asked)
    answer = await server.anybody.ask("GET", f"/api/v1/statuses/{status['id']}/context")
    await server.settle()
    assert "Mastodon-Async-Refresh" not in answer.headers
    assert len(remote.asked) == asked


async def test_a_refresh_that_is_not_there_is_not_found(server: Server) -> None:
    alice = await server.joins("alice")
    await alice.get("/api/v1_alpha/async_refreshes/12345", expect=404)
    await alice.get("/api/v1_alpha/async_refreshes/x", expect=404)
    await server.anybody.get("/api/v1_alpha/async_refreshes/12345", expect=401)
