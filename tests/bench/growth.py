"""Does a home page cost more when there is more in the database? And how long does it hold the event loop?

Two servers in this process: one knows 2,000 statuses, one 200,000; on each somebody follows 1,000 people. Both are
asked in turn for the newest page and for fifty pages spread over the whole timeline. Part of `run`; alone:
`python tests/bench/run.py --only growth`.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import msgspec

from fedcoop.db import migrate
from fedcoop.db.sqlite import InlineTx
from tests.bench import crowd, load
from tests.bench.figures import Report
from tests.words import Person, running

FEW = 2_000
MANY = 200_000
PAGES = 50
ALLOWED = 1.5
"""A page among many statuses may cost so many times what it costs among few."""

RARE = {
    "media only": "/api/v1/timelines/public?only_media=true",
    "elsewhere only": "/api/v1/timelines/public?remote=true",
    "a tag nobody uses": "/api/v1/timelines/tag/nothing?only_media=true",
    "search": "/api/v2/search?q=author1",
    "whom the reader follows": "/api/v1/accounts/{reader}/following?limit=80",
}
"""Requests that may have to go through much to find little: what they take must not be taken from others."""


class Grown(msgspec.Struct):
    """A server with so many statuses, and its reader."""

    count: int
    reader: Person
    port: int
    domain: str
    base_url: str
    requests: list[str] = []


class Steps:
    """The longest step of the event loop, in milliseconds: of the clock, and of CPU where others disturb."""

    def __init__(self) -> None:
        self.longest = 0.0
        self.longest_cpu = 0.0


@contextmanager
def watched() -> Iterator[Steps]:
    """Time every callback that asyncio's own event loop runs meanwhile."""
    steps, original = Steps(), asyncio.Handle._run

    def run(handle: asyncio.Handle) -> None:
        since, cpu = time.perf_counter(), time.thread_time()
        original(handle)
        steps.longest_cpu = max(steps.longest_cpu, 1000 * (time.thread_time() - cpu))
        steps.longest = max(steps.longest, 1000 * (time.perf_counter() - since))

    asyncio.Handle._run = run  # type: ignore[method-assign, assignment]
    try:
        yield steps
    finally:
        asyncio.Handle._run = original  # type: ignore[method-assign]


@asynccontextmanager
async def grown(folder: Path, count: int) -> AsyncIterator[Grown]:
    """A server in this process whose reader follows a thousand people among `count` statuses."""
    database = f"sqlite:///{folder}/{count}.sqlite3"
    await migrate.upgrade(database)
    async with running(database, str(folder)) as server:
        reader = await server.joins("reader")
        assert reader.account is not None
        authors = await crowd.accounts(server.db)
        await crowd.follow_all(server.db, reader.account, authors)
        await crowd.write(server.db, authors, count)
        config = server.config
        yield Grown(count, reader, config.port, config.domain, config.base_url)


async def measure(report: Report, folder: Path, *, reps: int, seconds: float, many: int = MANY) -> None:
    """Both servers, in turns; and the ratio between them."""
    async with AsyncExitStack() as stack:
        servers = [await stack.enter_async_context(grown(folder, count)) for count in (FEW, many)]
        for server in servers:
            await _prepare(server, report)
            await _rare(server, report)
        for _ in range(reps):
            newest = [await _newest(server, report, seconds) for server in servers]
            spread = [await _spread(server, report, seconds) for server in servers]
            report.add("growth: newest page, ratio", ratio=newest[1] / newest[0], allowed=ALLOWED)
            report.add("growth: fifty pages, ratio", ratio=spread[1] / spread[0], allowed=ALLOWED)


async def _prepare(server: Grown, report: Report) -> None:
    """Count statements, look for full pages, and read every page once: what was never rendered costs most."""
    async with server.reader.server.db.read() as tx:
        assert isinstance(tx, InlineTx)
        connection = tx.connection
    counted: list[str] = []
    await server.reader.home(limit=20)
    connection.set_trace_callback(counted.append)
    page = await server.reader.home(limit=20)
    connection.set_trace_callback(None)
    newest = int(page[0]["id"])
    # The last of the pages still has a twentieth of the time behind it.
    step = ((crowd.SPAN - crowd.SPAN // 20) << 16) // PAGES
    bounds = [newest - place * step for place in range(PAGES)]
    for found in (page, await server.reader.home(limit=20, max_id=str(bounds[-1]))):
        if len(found) != 20:
            raise RuntimeError(f"a home page should have 20 statuses, it has {len(found)}")
    token = {"Authorization": f"Bearer {server.reader.token}"}
    server.requests = [
        load.raw(server, "GET", f"/api/v1/timelines/home?limit=20&max_id={bound}", token) for bound in bounds
    ]
    cpu, steps = await _ask(server, server.requests, None)
    report.add(
        f"growth: {server.count:,} statuses, fifty pages once", cpu_ms=cpu, statements=len(counted), **steps
    )


async def _rare(server: Grown, report: Report) -> None:
    """Each once, as the first one to ask for it."""
    for name, path in RARE.items():
        with watched() as steps:
            since = time.monotonic()
            await server.reader.get(path.format(reader=server.reader.id))
            seconds = time.monotonic() - since
        report.add(
            f"growth: {server.count:,} statuses, {name}",
            seconds=seconds,
            longest_step_ms=steps.longest,
            longest_step_cpu_ms=steps.longest_cpu,
        )


async def _newest(server: Grown, report: Report, seconds: float) -> float:
    token = {"Authorization": f"Bearer {server.reader.token}"}
    request = load.raw(server, "GET", "/api/v1/timelines/home?limit=20", token)
    cpu, steps = await _ask(server, [request], seconds)
    report.add(f"growth: {server.count:,} statuses, newest page", cpu_ms=cpu, **steps)
    return cpu


async def _spread(server: Grown, report: Report, seconds: float) -> float:
    cpu, steps = await _ask(server, server.requests, seconds)
    report.add(f"growth: {server.count:,} statuses, fifty pages", cpu_ms=cpu, **steps)
    return cpu


async def _ask(server: Grown, requests: list[str], seconds: float | None) -> tuple[float, dict[str, Any]]:
    """CPU milliseconds of this process for each request, and the longest step of its event loop."""
    with watched() as steps:
        cpu = time.process_time()
        answered = await asyncio.to_thread(load.send, server, requests, connections=4, seconds=seconds)
        cpu = time.process_time() - cpu
    if answered.refused:
        raise RuntimeError(f"{answered.refused} of {answered.requests} pages were refused")
    longest = {"longest_step_ms": steps.longest, "longest_step_cpu_ms": steps.longest_cpu}
    return 1000 * cpu / max(1, answered.requests), longest
