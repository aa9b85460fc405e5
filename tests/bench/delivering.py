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
from typing import Any

from activitypub.client import Client
from activitypub.delivery import Deliverer
from activitypub.federate.recipients import enqueue
from activitypub.federation import Federation
from fedcoop.accounts import actions, keys
from fedcoop.config import Config
from fedcoop.db import Database, migrate
from tests.bench.load import ROOT
from tests.keys import VAULT

HOSTS = 1_000
BODY = json.dumps({"type": "Create", "id": "https://coop.test/1", "content": "x" * 1_500})
PATIENCE = 120.0


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


async def deliver(others: Others, inboxes: Sequence[tuple[str, str]], healthy: int) -> tuple[float, float]:
    """One post to all of them: seconds until every healthy one has it, and CPU seconds until then."""
    others.tell("count Create")
    with tempfile.TemporaryDirectory() as folder:
        async with sending(Path(folder)) as (fed, author):
            async with fed.db.write() as tx:
                await enqueue(tx, author, BODY, inboxes)
            deliverer = Deliverer(fed)
            cpu, began = time.process_time(), time.monotonic()
            working = asyncio.create_task(deliverer.run())
            while (told := await asyncio.to_thread(others.tell, "counted"))["count"] < healthy:
                if time.monotonic() - began > PATIENCE:
                    raise RuntimeError(f"{told['count']} of {healthy} have it after {PATIENCE} s")
                await asyncio.sleep(0.02)
            spent = time.process_time() - cpu
            working.cancel()
            await asyncio.wait([working])
            return float(told["last"]) - began, spent


async def unwell() -> None:
    """A third of a thousand servers are dead or silent."""
    third = HOSTS // 3
    with ExitStack() as closing:
        others = Others(HOSTS - third, third // 2, third - third // 2, closing)
        mixed = others.healthy + others.failing
        random.Random(1).shuffle(mixed)
        await deliver(others, others.healthy, len(others.healthy))
        alone = min([(await deliver(others, others.healthy, len(others.healthy)))[0] for _ in range(3)])
        among = min([(await deliver(others, mixed, len(others.healthy)))[0] for _ in range(3)])
    told = f"{HOSTS - third} healthy alone {alone:.2f} s, among {third} that fail {among:.2f} s"
    say(f"{told}: {among / alone:.2f} times")


async def growing(counts: Sequence[int]) -> None:
    """Milliseconds of CPU for each delivery, with more and more inboxes on five hundred servers."""
    with ExitStack() as closing:
        others = Others(500, 0, 0, closing)
        for count in counts:
            inboxes = [
                (inbox.replace("/ann/", f"/p{number // 500}/"), host)
                for number, (inbox, host) in zip(range(count), others.healthy * (count // 500), strict=False)
            ]
            seconds, spent = await deliver(others, inboxes, count)
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
