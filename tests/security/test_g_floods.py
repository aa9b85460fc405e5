"""G: size, depth and number. What is too much is cut or refused, and nobody else notices."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from tests.activitypub.remote import ACTIVITY, Remote
from tests.security.deliveries import follows, kept, posts, sends
from tests.words import Server, running
from web.limits import INBOX

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


async def test_g8_a_flood_from_one_address_leaves_room_for_the_others(
    sqlite_url: str, tmp_path: Path, remote: Remote
) -> None:
    async with running(sqlite_url, str(tmp_path), rate_limits=True) as server:
        url = f"{server.config.base_url}/inbox"

        async def deliver(number: int, http: aiohttp.ClientSession) -> aiohttp.ClientResponse:
            like = remote.activity("Like", "bob", f"{server.config.base_url}/nothing", number)
            body = json.dumps(like).encode()
            async with http.post(url, data=body, headers=dict(remote.sign("bob", url, body))) as answer:
                return answer

        for _ in range(INBOX.most - 1):
            server.instance.services.counters.hit(INBOX, "127.0.0.1")
        assert (await deliver(1, server.http)).status == 202
        refused = await deliver(2, server.http)
        assert refused.status == 429
        assert 0 < int(refused.headers["Retry-After"]) <= INBOX.seconds
        elsewhere = aiohttp.TCPConnector(local_addr=("127.0.0.2", 0))
        async with aiohttp.ClientSession(connector=elsewhere) as http:
            assert (await deliver(3, http)).status == 202


POST = b"POST /api/v1/apps HTTP/1.1\r\nHost: x\r\n"
FORM = POST + b"Content-Type: multipart/form-data; boundary=b\r\nConnection: close\r\n"
PART = b'--b\r\nContent-Disposition: form-data; name="client_name"\r\n'


def _form(body: bytes) -> bytes:
    return FORM + b"Content-Length: %d\r\n\r\n" % len(body) + body


@pytest.mark.parametrize(
    "said",
    [
        b"GET /" + b"x" * 200_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"x" * 200_000 + b"\r\n\r\n",
        POST + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        POST + b"Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcd",
        POST + b"Content-Length: -1\r\n\r\n",
        POST + b"Transfer-Encoding: chunked\r\n\r\nZZZ\r\n",
        _form(PART + b"X-Long: " + b"x" * 200_000 + b"\r\n\r\nx\r\n--b--\r\n"),
        _form(PART + b"X-Many: x\r\n" * 20_000 + b"\r\nx\r\n--b--\r\n"),
        _form(b"--b\r\n" * 50_000),
    ],
    ids=["line", "field", "both lengths", "two lengths", "negative", "chunk", "part", "fields", "parts"],
)
async def test_g10_broken_http_is_refused_and_harms_nobody(small: Server, said: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", small.config.port)
    writer.write(said)
    answer = await asyncio.wait_for(reader.readline(), 30)
    assert answer.split()[1:2] in ([b"400"], [b"422"], [b"413"], [b"431"]), answer
    writer.close()
    assert (await small.anybody.get("/api/v2/instance"))["domain"] == small.config.domain


async def test_g10_many_requests_at_once_on_one_connection_are_answered_in_order(small: Server) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", small.config.port)
    for number in range(50):
        path = "/api/v1/instance/rules" if number % 2 else "/api/v1/nothing"
        writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    seen = []
    for _ in range(50):
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 30)
        seen.append(int(head.split()[1]))
        (length,) = (
            int(line.split(b":")[1])
            for line in head.splitlines()
            if line.lower().startswith(b"content-length")
        )
        await reader.readexactly(length)
    writer.close()
    assert seen == [404, 200] * 25


async def test_g13_a_post_for_many_members_is_kept_once_and_costs_no_statement_more(
    server: Server, remote: Remote, statements: list[str]
) -> None:
    async def costs(number: int) -> int:
        statements.clear()
        note = remote.note("bob", number)
        assert await sends(server, remote, "bob", remote.activity("Create", "bob", note, number)) == 202
        return len(statements)

    readers = [await server.joins("reader0")]
    await follows(readers[0], remote, "bob")
    await costs(1)
    for_one = await costs(2)
    for number in range(1, 9):
        readers.append(await server.joins(f"reader{number}"))
        await follows(readers[-1], remote, "bob")
    assert await costs(3) == for_one
    ids = {(await reader.home())[0]["id"] for reader in readers}
    assert len(ids) == 1


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
