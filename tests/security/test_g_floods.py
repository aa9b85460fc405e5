"""G: size, depth and number. What is too much is cut or refused, and nobody else notices."""

from __future__ import annotations

from typing import Any

import pytest
from aiohttp import web

from tests.activitypub.remote import ACTIVITY, Remote
from tests.security.deliveries import follows, kept, posts, sends
from tests.words import Server

LONG = "x" * 500_000


async def test_g1_a_poll_has_at_most_so_many_options(server: Server, remote: Remote) -> None:
    alice = await server.joins("alice")
    await follows(alice, remote, "bob")
    options = [{"type": "Note", "name": f"{n}", "replies": {"totalItems": 1}} for n in range(10_000)]
    note = remote.note("bob", type="Question", oneOf=options, endTime="2027-01-01T00:00:00Z")
    await sends(server, remote, "bob", remote.activity("Create", "bob", note))
    seen = [each["poll"]["options"] for each in await alice.home() if each["poll"]]
    assert all(len(each) <= 500 for each in seen)


async def test_g2_words_from_elsewhere_are_cut(server: Server, remote: Remote) -> None:
    alice = await server.joins("alice")
    remote.add_actor("long", name=LONG[:300_000], summary=LONG)
    account = await follows(alice, remote, "long")
    assert len(account["display_name"]) <= 2_048
    assert len(account["note"]) <= 21_000
    note = remote.note("long", content=LONG, summary=LONG[:300_000])
    await sends(server, remote, "long", remote.activity("Create", "long", note))
    assert all(len(each["content"]) <= 410_000 for each in await alice.home())
    fields = [{"type": "PropertyValue", "name": "n" * 3_000, "value": "v" * 3_000}] * 90
    remote.add_actor("fields", attachment=fields)
    account = await alice.finds(f"fields@{remote.host}")
    assert len(account["fields"]) <= 50
    assert all(len(each["name"]) <= 2_048 and len(each["value"]) <= 4_096 for each in account["fields"])


@pytest.mark.parametrize(
    ("method", "path", "field"),
    [
        ("POST", "/api/v1/statuses", "status"),
        ("POST", "/api/v1/statuses", "spoiler_text"),
        ("PATCH", "/api/v1/accounts/update_credentials", "display_name"),
        ("PATCH", "/api/v1/accounts/update_credentials", "note"),
        ("POST", "/api/v1/lists", "title"),
        ("POST", "/api/v2/filters", "title"),
        ("POST", "/api/v1/apps", "client_name"),
    ],
)
async def test_g2_words_of_members_are_refused_when_they_are_too_many(
    server: Server, method: str, path: str, field: str
) -> None:
    alice = await server.joins("alice")
    body: dict[str, Any] = {"status": "x", "redirect_uris": "x://y", "client_name": "x", "context": ["home"]}
    answer = await alice.ask(method, path, expect=422, json=body | {field: LONG})
    assert answer["error"]


@pytest.mark.parametrize("opening", ["[", '{"a":', '{"object":[', '{"type":"Create","object":'])
async def test_g3_depth_breaks_nothing(server: Server, remote: Remote, opening: str) -> None:
    body = (opening * 20_000).encode()
    headers = dict(remote.sign("bob", f"{server.config.base_url}/inbox", body))
    assert await posts(server, body, headers) == 400
    answer = await server.anybody.ask(
        "POST",
        "/api/v1/apps",
        expect=None,
        data=opening * 20_000,
        headers={"Content-Type": "application/json"},
    )
    assert answer.status in (400, 422)
    assert (await server.anybody.get("/api/v2/instance"))["domain"] == server.config.domain


async def test_g4_an_endless_thread_is_followed_only_so_far(server: Server, remote: Remote) -> None:
    alice = await server.joins("alice")
    await follows(alice, remote, "bob")

    async def endless(request: web.Request) -> web.StreamResponse:
        number = int(request.path.rpartition("/")[2])
        note = remote.note("bob", number, inReplyTo=f"{remote.base}/endless/{number + 1}")
        note["id"] = f"{remote.base}/endless/{number}"
        return web.json_response(note, content_type=ACTIVITY)

    for number in range(3_000):
        remote.handlers[f"/endless/{number}"] = endless
    reply = remote.note("bob", inReplyTo=f"{remote.base}/endless/1")
    await sends(server, remote, "bob", remote.activity("Create", "bob", reply))
    assert await kept(server, reply["id"]) is not None
    assert sum(path.startswith("/endless/") for path in remote.asked) <= 100


async def test_g6_counts_of_others_are_numbers_within_reason(server: Server, remote: Remote) -> None:
    alice = await server.joins("alice")
    for number, count in enumerate([10**30, -5, 1.5, "many", None]):
        name = f"popular{number}"
        remote.add_actor(name)
        collection = {"id": f"{remote.actor_id(name)}/followers", "type": "Collection", "totalItems": count}
        remote.serve(collection)
        account = await alice.finds(f"{name}@{remote.host}")
        assert 0 <= account["followers_count"] <= 10**9


async def test_g7_a_flood_of_mentions_tells_a_member_once(server: Server, remote: Remote) -> None:
    alice = await server.joins("alice")
    assert alice.account
    tags = [{"type": "Mention", "href": alice.account.uri, "name": "@alice"}] * 5_000
    tags += [{"type": "Hashtag", "name": f"#flood{n}", "href": f"{remote.base}/tags/{n}"} for n in range(900)]
    note = remote.note("bob", tag=tags, cc=[alice.account.uri] * 5_000)
    assert await sends(server, remote, "bob", remote.activity("Create", "bob", note)) == 202
    (told,) = await alice.notifications()
    assert len(told["status"]["tags"]) <= 100
    assert len(told["status"]["mentions"]) <= 100


async def test_g15_a_post_from_another_time_keeps_its_place_below_those_of_today(
    server: Server, remote: Remote
) -> None:
    alice = await server.joins("alice")
    await follows(alice, remote, "bob")
    await alice.says("today")
    times = ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "2026-06-30T23:59:60Z", "nonsense", ""]
    for number, published in enumerate(times):
        note = remote.note("bob", number + 1, published=published)
        await sends(server, remote, "bob", remote.activity("Create", "bob", note, number + 1))
    seen = await alice.home()
    assert any(each["content"] == "<p>today</p>" for each in seen)
    assert all(each["created_at"] < "2100" for each in seen)
    await alice.says("later")
    assert (await alice.home())[0]["content"] == "<p>later</p>"
