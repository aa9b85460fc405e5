"""Open streams through real sockets: what is told, for how long, and how fast one has to read."""

from __future__ import annotations

import asyncio
import socket as socketlib
from contextlib import suppress
from typing import Any

import aiohttp
import pytest
from mastodon import Mastodon, StreamListener

from fedcoop.accounts import actions as accounts
from fedcoop.db import Database
from fedcoop.oauth import actions as oauth
from tests.streaming.listening import PATIENCE, events, socket
from tests.words import Person, Server
from web.streaming import hub, sockets


async def test_a_home_stream_tells_posts_reblogs_edits_and_deletions(server: Server) -> None:
    alice, bob, carol = [await server.joins(name) for name in ("alice", "bob", "carol")]
    await bob.follows(alice)
    async with events(bob) as stream:
        status = await alice.says("hello")
        assert await stream.next() == ("update", await bob.get(f"/api/v1/statuses/{status['id']}"))
        await alice.put(f"/api/v1/statuses/{status['id']}", status="hello again")
        event, payload = await stream.next()
        assert (event, payload["content"]) == ("status.update", "<p>hello again</p>")
        await alice.delete(f"/api/v1/statuses/{status['id']}")
        assert await stream.next() == ("delete", status["id"])
        other = await carol.says("from carol")
        await alice.post(f"/api/v1/statuses/{other['id']}/reblog")
        event, payload = await stream.next()
        assert (event, payload["reblog"]["id"]) == ("update", other["id"])
        await carol.delete(f"/api/v1/statuses/{other['id']}")
        assert await stream.next() == ("delete", payload["id"])


async def test_public_streams_are_told_apart(server: Server, other: Server) -> None:
    alice, bob = await server.joins("alice"), await other.joins("bob")
    await alice.follows(bob)
    await server.settle(other)
    async with (
        events(alice, "public") as everything,
        events(alice, "public/local") as local,
        events(alice, "public/remote") as remote,
        events(alice, "hashtag", tag="Tea") as tagged,
        events(alice, "hashtag/local", tag="tea") as tagged_here,
    ):
        await bob.says("far #tea")
        await other.settle(server)
        await alice.says("near #tea")
        assert [payload["account"]["acct"] for _, payload in await everything.until("update", "near")] == [
            bob.handle,
            "alice",
        ]
        assert len(await tagged.until("update", "near")) == 2
        for stream in (local, tagged_here):
            assert len(await stream.until("update", "near")) == 1
        assert (await remote.next())[1]["account"]["acct"] == bob.handle


async def test_one_socket_carries_several_streams(small: Server) -> None:
    alice, bob = await small.joins("alice"), await small.joins("bob")
    async with socket(alice, stream="user") as ws:
        await ws.asks(type="subscribe", stream="hashtag", tag="Tea")
        await ws.asks(type="subscribe", stream="nonsense")
        assert await ws.said() == {"error": "Unknown stream type", "status": 400}
        await bob.says("#tea")
        said = await ws.said()
        assert (said["stream"], said["event"]) == (["hashtag", "Tea"], "update")
        await ws.asks(type="unsubscribe", stream="hashtag", tag="tea")
        await ws.asks(type="subscribe", stream="list", list="1")
        assert (await ws.said())["status"] == 404
        await ws.ws.send_str("no JSON")
        assert (await ws.said())["status"] == 400
        await bob.says("more #tea")
        await bob.follows(alice)
        said = await ws.said()
        assert (said["stream"], said["event"]) == (["user"], "notification")


async def test_a_token_may_come_in_three_ways(small: Server) -> None:
    alice = await small.joins("alice")
    base = f"{small.config.base_url}/api/v1/streaming"
    assert alice.token
    async with small.http.ws_connect(base, params={"access_token": alice.token, "stream": "user"}) as ws:
        assert not ws.closed
    async with small.http.get(f"{base}/user", params={"access_token": alice.token}) as response:
        assert response.status == 200
    async with small.http.ws_connect(f"{base}?stream=user", protocols=[alice.token]) as ws:
        assert ws.protocol == alice.token
        await alice.says("hello")
        assert (await ws.receive_json())["event"] == "update"
    nobody = small.anybody
    await nobody.get("/api/v1/streaming/user", expect=401)
    await nobody.get("/api/v1/timelines/home", expect=401, access_token=alice.token)
    await nobody.get("/api/v1/streaming/public", expect=401)
    await nobody.get("/api/v1/streaming/user", expect=401, access_token="nonsense")
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await small.http.ws_connect(f"{base}?stream=user")
    assert refused.value.status == 401


async def test_a_stream_asks_for_its_scope(small: Server) -> None:
    for number, (scopes, path, status) in enumerate(
        [
            ("write", "user", 403),
            ("read:accounts", "public", 403),
            ("read:notifications", "user", 403),
            ("read:statuses", "user/notification", 403),
            ("read", "list", 404),
            ("read", "hashtag", 400),
            ("read", "nonsense", 400),
        ]
    ):
        somebody = await small.joins(f"somebody{number}", scopes=scopes)
        assert (await somebody.get(f"/api/v1/streaming/{path}", expect=status))["error"]


async def test_without_the_scope_no_notification_is_told(small: Server) -> None:
    alice, bob = await small.joins("alice", scopes="read:statuses write"), await small.joins("bob")
    async with events(alice) as stream:
        await bob.follows(alice)
        await alice.says("end")
        assert [event for event, _ in await stream.until("update")] == ["update"]


async def test_health_and_where_streams_are(small: Server) -> None:
    assert await small.anybody.get("/api/v1/streaming/health") == "OK"
    await small.anybody.get("/api/v1/streaming", expect=404)
    address = f"ws://{small.config.domain}"
    assert (await small.anybody.get("/api/v2/instance"))["configuration"]["urls"]["streaming"] == address
    assert (await small.anybody.get("/api/v1/instance"))["urls"]["streaming_api"] == address


async def revoked(server: Server, alice: Person) -> None:
    assert alice.account
    async with server.db.write() as tx:
        await oauth.revoke_all(tx, alice.account.id)


async def suspended(server: Server, alice: Person) -> None:
    assert alice.account
    async with server.db.write() as tx:
        await accounts.suspend(tx, alice.account.id)


async def disabled(server: Server, alice: Person) -> None:
    assert alice.account
    async with server.db.write() as tx:
        await accounts.disable(tx, alice.account.id)


@pytest.mark.parametrize("end", [revoked, suspended, disabled])
async def test_streams_end_with_the_access_they_were_opened_with(server: Server, end: Any) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    async with (
        events(alice) as stream,
        socket(alice, stream="user") as ws,
        events(bob) as another,
    ):
        await end(server, alice)
        await stream.over()
        await ws.over()
        await bob.says("still here")
        assert (await another.next())[0] == "update"


@pytest.fixture
def _checked_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "RECHECK_EVERY", 0.1)


@pytest.mark.usefixtures("_checked_often")
async def test_streams_end_when_another_program_takes_the_access_back(small: Server) -> None:
    alice, bob = await small.joins("alice"), await small.joins("bob")
    async with events(alice) as stream, events(bob) as another:
        program = Database(small.db.url)
        await program.open()
        try:
            assert alice.account
            async with program.write() as tx:
                await oauth.revoke_all(tx, alice.account.id)
        finally:
            await program.close()
        await stream.over()
        await bob.says("still here")
        assert (await another.next())[0] == "update"


async def test_thumps_keep_a_stream_alive(monkeypatch: pytest.MonkeyPatch, small: Server) -> None:
    alice = await small.joins("alice")
    monkeypatch.setattr(hub, "THUMP_EVERY", 1)
    async with events(alice) as stream, asyncio.timeout(PATIENCE):
        assert await stream.response.content.readline() == b":thump\n"


async def test_a_reader_that_is_too_slow_is_dropped(small: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "MOST_BYTES", 40_000)
    alice = await small.joins("alice")
    with socketlib.socket() as raw:
        # As little as possible fits into the network itself.
        raw.setsockopt(socketlib.SOL_SOCKET, socketlib.SO_RCVBUF, 4096)
        raw.setblocking(False)
        await asyncio.get_running_loop().sock_connect(raw, ("127.0.0.1", small.config.port))
        reader, writer = await asyncio.open_connection(sock=raw, limit=1024)
        writer.write(
            f"GET /api/v1/streaming/public?access_token={alice.token} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
        )
        await reader.readuntil(b":)\n")
        async with events(alice, "public") as quick, socket(alice, stream="public") as too:
            # More than the network's own buffers may grow to, 4 MiB by default.
            posts = 250
            for _ in range(posts):
                await alice.says("\N{TURTLE}" * 5000)
                await quick.next()
                await too.next()
        raw.setsockopt(socketlib.SOL_SOCKET, socketlib.SO_RCVBUF, 2**20)
        received = b""
        with suppress(ConnectionError):
            async with asyncio.timeout(PATIENCE):
                while data := await reader.read(2**16):
                    received += data
        assert received.count(b"event: update") < posts
        writer.close()


async def test_mastodon_py_listens(small: Server) -> None:
    alice, bob = await small.joins("alice"), await small.joins("bob")
    await alice.follows(bob)
    loop = asyncio.get_running_loop()
    heard: asyncio.Queue[tuple[str, Any]] = asyncio.Queue()

    def note(event: str, payload: Any) -> None:
        loop.call_soon_threadsafe(heard.put_nowait, (event, payload))

    class Listener(StreamListener):
        def on_update(self, status: Any) -> None:
            note("update", status.content)

        def on_notification(self, notification: Any) -> None:
            note("notification", notification.type)

        def on_delete(self, status_id: Any) -> None:
            note("delete", str(status_id))

    client = Mastodon(access_token=alice.token, api_base_url=small.config.base_url)
    assert await asyncio.to_thread(client.stream_healthy)
    handle = await asyncio.to_thread(client.stream_user, Listener(), run_async=True)
    try:
        status = await bob.says("hello")
        await bob.follows(alice)
        await bob.delete(f"/api/v1/statuses/{status['id']}")
        async with asyncio.timeout(10):
            assert [await heard.get() for _ in range(3)] == [
                ("update", "<p>hello</p>"),
                ("notification", "follow"),
                ("delete", status["id"]),
            ]
    finally:
        # It closes once it has read something.
        closing = asyncio.create_task(asyncio.to_thread(handle.close))
        await bob.says("bye")
        await closing
