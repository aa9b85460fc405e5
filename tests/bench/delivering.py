"""What delivering costs when some do not answer, when there are very many, and while they wait.

`python -m tests.bench.delivering` sends in one process, to a thousand loopback ports of another
(`fediverse`): to healthy servers alone, then with a third that refuse or keep silent; then to more and more
inboxes; then it looks at the memory while a hundred thousand wait. Figures are in docs/performance.md.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import resource
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from statistics import median
from typing import Any

from activitypub.client import Client
from activitypub.delivery import Deliverer
from activitypub.federate.recipients import enqueue
from activitypub.federation import DELIVER, Federation
from fedcoop.accounts import actions, keys
from fedcoop.config import Config
from fedcoop.db import Database, migrate
from tests.bench.load import ROOT
from tests.keys import VAULT

HOSTS = 1_000
BODY = json.dumps({"type": "Create", "id": "https://coop.test/1", "content": "x" * 1_500})
PATIENCE = 120.0
SILENCE = 12.0
"""Longer than a server may keep silent."""


class Others:
    """A process with servers that answer, ports where nobody listens, and sockets that accept and keep
    silent."""

    def __init__(self, healthy: int, dead: int, silent: int, closing: ExitStack) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.fediverse", "--origins", str(healthy)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        closing.callback(self.process.kill)
        self.healthy = [_inbox(port) for port in self._line()["ports"]]
        bound = [closing.enter_context(socket.socket()) for _ in range(dead + silent)]
        for number, each in enumerate(bound):
            each.bind(("127.0.0.1", 0))
            if number >= dead:
                each.listen(16)
        self.failing = [_inbox(each.getsockname()[1]) for each in bound]

    def _line(self) -> Any:
        assert self.process.stdout is not None
        return json.loads(self.process.stdout.readline())

    def tell(self, line: str) -> Any:
        assert self.process.stdin is not None
        print(line, file=self.process.stdin, flush=True)
        return self._line()


def _inbox(port: int) -> tuple[str, str]:
    return f"http://127.0.0.1:{port}/users/ann/inbox", f"127.0.0.1:{port}"


@asynccontextmanager
async def sending(folder: Path) -> AsyncIterator[tuple[Federation, int]]:
    """The half of a server that delivers, and the account that writes."""
    url = f"sqlite:///{folder / 'delivering.sqlite3'}"
    await migrate.upgrade(url)
    db = Database(url, vault=VAULT)
    await db.open()
    config = Config(domain="coop.test", scheme="http", allow_private_peers=True, data=str(folder))
    fed = Federation(db=db, client=Client(allow_private=True, own_host="coop.test"), config=config)
    pair = keys.generate()
    async with db.write() as tx:
        author = await actions.create_actor(tx, config, "coop.test", "application", "", "", pair)
    await fed.start()
    try:
        yield fed, author.id
    finally:
        await fed.close()
        await db.close()


async def deliver(
    others: Others, inboxes: Sequence[tuple[str, str]], healthy: int, posts: int = 1
) -> list[tuple[float, float]]:
    """One post after the other to all of them: for each the seconds until every healthy one has it, and those of
    CPU until then. Nothing is known of them before the first."""
    took = []
    with tempfile.TemporaryDirectory() as folder:
        async with sending(Path(folder)) as (fed, author):
            working = asyncio.create_task(Deliverer(fed).run())
            for _ in range(posts):
                others.tell("count Create")
                cpu, began = time.process_time(), time.monotonic()
                async with fed.db.write() as tx:
                    await enqueue(tx, author, BODY, inboxes)
                    tx.wake.add(DELIVER)
                while (told := await asyncio.to_thread(others.tell, "counted"))["count"] < healthy:
                    if time.monotonic() - began > PATIENCE:
                        raise RuntimeError(f"{told['count']} of {healthy} have it after {PATIENCE} s")
                    await asyncio.sleep(0.02)
                took.append((float(told["last"]) - began, time.process_time() - cpu))
                # Until it is known who does not answer.
                await asyncio.sleep(SILENCE)
            working.cancel()
            await asyncio.wait([working])
    return took


async def unwell() -> None:
    """A third of a thousand servers are dead or silent."""
    third = HOSTS // 3
    with ExitStack() as closing:
        others = Others(HOSTS - third, third // 2, third - third // 2, closing)
        mixed = others.healthy + others.failing
        random.Random(1).shuffle(mixed)
        count = len(others.healthy)
        await deliver(others, others.healthy, count)
        rounds = [
            (await deliver(others, others.healthy, count, 2), await deliver(others, mixed, count, 2))
            for _ in range(3)
        ]
    for number, which in enumerate(("nothing is known of", "are known to fail")):
        alone, among = [median(each[kind][number][0] for each in rounds) for kind in (0, 1)]
        spent = [1000 * median(each[kind][number][1] for each in rounds) / count for kind in (0, 1)]
        say(
            f"{count} healthy alone {alone:.2f} s ({spent[0]:.2f} ms of CPU each), among {third} that {which}"
            f" {among:.2f} s ({spent[1]:.2f} ms): {among / alone:.2f} times"
        )


async def growing(counts: Sequence[int]) -> None:
    """Milliseconds of CPU for each delivery, with more and more inboxes on five hundred servers."""
    with ExitStack() as closing:
        others = Others(500, 0, 0, closing)
        for count in counts:
            inboxes = [
                (inbox.replace("/ann/", f"/p{number // 500}/"), host)
                for number, (inbox, host) in zip(range(count), others.healthy * (count // 500), strict=False)
            ]
            ((seconds, spent),) = await deliver(others, inboxes, count)
            say(f"{count:,} inboxes: {count / seconds:,.0f}/s, {1000 * spent / count:.2f} ms of CPU each")


async def waiting(count: int) -> None:
    """Memory while very many wait for servers that keep silent."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as closing:
        others = Others(1, 0, 500, closing)
        async with sending(Path(folder)) as (fed, author):
            before = _resident()
            for part in range(count // 5_000):
                async with fed.db.write() as tx:
                    inboxes = [
                        (f"http://{host}/{part}/{n}/inbox", host)
                        for n in range(10)
                        for _, host in others.failing
                    ]
                    await enqueue(tx, author, BODY, inboxes)
            queued = _resident()
            working = asyncio.create_task(Deliverer(fed).run())
            most = 0.0
            for _ in range(30):
                await asyncio.sleep(1)
                most = max(most, _resident())
            working.cancel()
            await asyncio.wait([working])
    say(
        f"{count:,} waiting: {before:.0f} MiB before, {queued:.0f} once queued, at most {most:.0f} while sending"
    )


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


def say(words: str) -> None:
    sys.stdout.write(f"{words}  (load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores)\n")
    sys.stdout.flush()


async def main(only: str) -> None:
    if only in ("", "unwell"):
        await unwell()
    if only in ("", "growing"):
        await growing((500, 2_000, 10_000))
    if only in ("", "waiting"):
        await waiting(100_000)


if __name__ == "__main__":
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", choices=("", "unwell", "growing", "waiting"), default="")
    asyncio.run(main(parser.parse_args().only))
