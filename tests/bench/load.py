"""Load on a server: by `wrk` where it is installed, else by `sender`; and what it cost the server."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import msgspec

from tests.bench import machine
from tests.bench.instance import Instance

ROOT = Path(__file__).resolve().parents[2]
UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}


class Target(Protocol):
    """Where requests go."""

    port: int
    domain: str
    base_url: str


class Answered(msgspec.Struct, frozen=True):
    """What a client saw. Milliseconds are medians and 99th percentiles over all requests."""

    requests: int
    seconds: float
    refused: int
    p50_ms: float
    p99_ms: float


def get(server: Target, path: str, *, connections: int, seconds: float, token: str = "") -> Answered:
    """Ask for one path again and again."""
    if shutil.which("wrk") and seconds >= 1:
        return _wrk(server, path, connections, seconds, token)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    request = raw(server, "GET", path, headers)
    return send(server, [request], connections=connections, seconds=seconds)


def send(
    server: Target, requests: Sequence[str], *, connections: int, seconds: float | None = None
) -> Answered:
    """Send these requests: each once, or for some seconds from the beginning again."""
    wanted = {
        "host": "127.0.0.1",
        "port": server.port,
        "connections": connections,
        "seconds": seconds,
        "requests": list(requests),
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.sender"],
        input=json.dumps(wanted) + "\n",
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    if done.returncode:
        raise RuntimeError(f"sending failed: {done.stderr[-2000:]}")
    said = json.loads(done.stdout)
    statuses = {int(status): count for status, count in said["statuses"].items()}
    return Answered(
        requests=sum(statuses.values()),
        seconds=said["seconds"],
        refused=sum(count for status, count in statuses.items() if not 200 <= status < 300),
        p50_ms=said["p50_ms"],
        p99_ms=said["p99_ms"],
    )


def raw(server: Target, method: str, path: str, headers: dict[str, str], body: str = "") -> str:
    """One HTTP request as text."""
    lines = [f"{method} {path} HTTP/1.1"]
    sent = {"Host": server.domain, "Accept": "application/json", **headers}
    lines += [f"{name}: {value}" for name, value in sent.items()]
    if body or method != "GET":
        lines.append(f"Content-Length: {len(body.encode())}")
    return "\r\n".join(lines) + "\r\n\r\n" + body


def _wrk(server: Target, path: str, connections: int, seconds: float, token: str) -> Answered:
    words = ["wrk", "-t1", f"-c{connections}", f"-d{seconds:.0f}s", "--timeout", "20s", "--latency"]
    if token:
        words += ["-H", f"Authorization: Bearer {token}"]
    done = subprocess.run([*words, server.base_url + path], capture_output=True, text=True, check=False)
    total = re.search(r"(\d+) requests in ([\d.]+)(us|ms|s|m)\b", done.stdout)
    if not total:
        raise RuntimeError(f"wrk said: {done.stdout}{done.stderr}")
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", done.stdout)
    return Answered(
        requests=int(total[1]),
        seconds=float(total[2]) * UNITS[total[3]] / 1000,
        refused=int(refused[1]) if refused else 0,
        p50_ms=_percentile(done.stdout, 50),
        p99_ms=_percentile(done.stdout, 99),
    )


def _percentile(text: str, which: int) -> float:
    found = re.search(rf"\b{which}%\s+([\d.]+)(us|ms|s|m)\b", text)
    return float(found[1]) * UNITS[found[2]] if found else 0.0


class Meter:
    """What happens between making it and `read`: CPU seconds of a server, and of everybody else."""

    def __init__(self, server: Instance) -> None:
        self.server = server
        self.cpu = server.cpu()
        self.busy = machine.busy_seconds()

    def read(self) -> tuple[float, float]:
        """CPU seconds of the server, and of the whole machine."""
        return self.server.cpu() - self.cpu, machine.busy_seconds() - self.busy
