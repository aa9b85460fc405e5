"""Sends prepared requests over a few keep-alive connections, in a process of its own. Started by `load`.

Reads one JSON line from standard input: `host`, `port`, `connections`, `seconds` (none: each request once), and
`requests` (raw HTTP, as text). `NUMBER` in a request is replaced by a number of the same width. Writes one JSON
line: how many answers of which status, in how many seconds, and the median and 99th percentile in milliseconds.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

NUMBER = b"@NUMBER@"


class Sender:
    """All connections share one stream of requests."""

    def __init__(self, host: str, port: int, requests: Iterator[bytes]) -> None:
        self.host = host
        self.port = port
        self.requests = requests
        self.numbers = itertools.count()
        self.statuses: Counter[int] = Counter()
        self.latencies: list[float] = []

    async def work(self, until: float | None) -> None:
        """One connection: the next request when the last one is answered."""
        reader, writer = await asyncio.open_connection(self.host, self.port)
        for request in self.requests:
            if until is not None and time.monotonic() > until:
                break
            if NUMBER in request:
                request = request.replace(NUMBER, b"%08d" % next(self.numbers))
            since = time.monotonic()
            writer.write(request)
            status, stays = await _answer(reader)
            self.latencies.append(time.monotonic() - since)
            self.statuses[status] += 1
            if not stays:
                writer.close()
                reader, writer = await asyncio.open_connection(self.host, self.port)
        writer.close()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bool]:
    """Read one answer to its end: its status, and whether the connection stays open."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    status = int(head[9:12])
    at = head.find(b"\r\ncontent-length:")
    if at >= 0:
        await reader.readexactly(int(head[at + 17 :].split(b"\r\n", 1)[0]))
    elif b"transfer-encoding: chunked" in head:
        while size := int((await reader.readline()).strip(), 16):
            await reader.readexactly(size + 2)
        await reader.readexactly(2)
    return status, b"\r\nconnection: close" not in head


async def main(wanted: dict[str, Any]) -> dict[str, Any]:
    """Do what one line of standard input asks for."""
    prepared = [text.encode("latin-1") for text in wanted["requests"]]
    seconds = wanted["seconds"]
    requests = itertools.cycle(prepared) if seconds else iter(prepared)
    sender = Sender(wanted["host"], wanted["port"], requests)
    since = time.monotonic()
    until = since + seconds if seconds else None
    await asyncio.gather(*[sender.work(until) for _ in range(wanted["connections"])])
    taken = time.monotonic() - since
    ordered = sorted(sender.latencies) or [0.0]
    return {
        "seconds": taken,
        "statuses": dict(sender.statuses),
        "p50_ms": 1000 * ordered[len(ordered) // 2],
        "p99_ms": 1000 * ordered[len(ordered) * 99 // 100],
    }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main(json.loads(sys.stdin.readline())))))
