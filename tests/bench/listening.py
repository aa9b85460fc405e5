"""Members who listen, each on a WebSocket of their own: how soon all of them have a new status, and what it costs
the server that they are there."""

from __future__ import annotations

import asyncio
import resource
import statistics
import time
from pathlib import Path

from fedcoop.accounts import actions as accounts
from fedcoop.accounts.types import NewAccount
from fedcoop.config import Config
from fedcoop.db import Database
from fedcoop.oauth import actions as oauth
from fedcoop.relationships import actions as relationships
from fedcoop.vault import Vault
from tests.bench.figures import Report
from tests.bench.instance import Instance
from tests.keys import spare_keys

PATIENCE = 60.0
RESTING = 5.0
AT_ONCE = 200
"""Connections opened at the same time; a server's queue of them is not endless."""
AUTHOR = "author"


async def measure(report: Report, work: Path, *, reps: int, listeners: int, idle: int) -> None:
    """One status to `listeners` members who follow its author; then the memory with `idle` streams open."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    folder = work / "listening"
    server = Instance(folder)
    tokens = await _members(server, folder, listeners)
    server.started()
    alone = server.resident()
    streams = await _opened(server, [tokens[f"l{number}"] for number in range(listeners)])
    for number in range(reps + 1):
        server.ready()
        before = server.cpu()
        took = await _told(server, tokens[AUTHOR], streams, f"number {number}")
        await asyncio.sleep(1)
        # The first time compiles statements and fills caches.
        if number:
            report.add(
                f"one status to {listeners:,} streams",
                p50_ms=statistics.median(took) * 1000,
                slowest_ms=max(took) * 1000,
                cpu_ms=(server.cpu() - before) * 1000,
            )
    more = [tokens[f"l{number % listeners}"] for number in range(idle - listeners)]
    streams += await _opened(server, more)
    await asyncio.sleep(RESTING)
    report.add(f"{len(streams):,} idle streams", rss_mib=server.resident(), rss_alone_mib=alone)
    for _, writer in streams:
        writer.close()
    server.stop()


async def _members(server: Instance, folder: Path, count: int) -> dict[str, str]:
    """The author and its followers, made by the verbs themselves; the token of each."""
    config = Config(domain=server.domain, scheme="http", data=str(folder))
    db = Database(config.database, vault=Vault(config.key_path))
    await db.open()
    tokens: dict[str, str] = {}
    author = None
    async with db.write() as tx:
        for number, name in enumerate([AUTHOR, *(f"l{number}" for number in range(count))]):
            new = NewAccount(
                username=name, email=f"{name}@example.test", password_hash="", keys=spare_keys(number)
            )
            account = await accounts.create(tx, config, new)
            tokens[name] = await oauth.issue(tx, account.id, "read write", "bench")
            if author is None:
                author = account
            else:
                await relationships.follow(tx, account, author)
    await db.close()
    return tokens


Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def _opened(server: Instance, tokens: list[str]) -> list[Stream]:
    streams: list[Stream] = []
    for start in range(0, len(tokens), AT_ONCE):
        streams += await asyncio.gather(*(_open(server, token) for token in tokens[start : start + AT_ONCE]))
    return streams


async def _open(server: Instance, token: str) -> Stream:
    """A WebSocket whose first stream is the member's own. Raises `RuntimeError` unless it is taken in."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(
        f"GET /api/v1/streaming?stream=user HTTP/1.1\r\nHost: {server.domain}\r\n"
        f"Authorization: Bearer {token}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
    )
    answer = await reader.readuntil(b"\r\n\r\n")
    if b" 101 " not in answer.split(b"\r\n", 1)[0]:
        raise RuntimeError(f"the stream was refused: {answer[:200]!r}")
    return reader, writer


async def _told(server: Instance, token: str, streams: list[Stream], text: str) -> list[float]:
    """Post, and return after how many seconds each stream had it."""
    since = time.perf_counter()
    waiting = [asyncio.create_task(_hear(reader, text.encode(), since)) for reader, _ in streams]
    await asyncio.to_thread(server.caller.post, "/api/v1/statuses", token, status=text, visibility="public")
    async with asyncio.timeout(PATIENCE):
        return list(await asyncio.gather(*waiting))


async def _hear(reader: asyncio.StreamReader, text: bytes, since: float) -> float:
    heard = b""
    while text not in heard:
        part = await reader.read(65_536)
        if not part:
            raise RuntimeError("the server ended a stream")
        heard += part
    return time.perf_counter() - since
