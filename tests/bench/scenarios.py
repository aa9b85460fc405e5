"""Starting, reading and posting. What involves other servers is `federating`."""

from __future__ import annotations

import json
import time

from tests.bench import load
from tests.bench.figures import Report
from tests.bench.load import Answered, Meter
from tests.bench.seeding import Town
from tests.bench.sender import NUMBER

RESTING = 5.0
"""Seconds after its start at which a server's memory is called idle."""
POSTING = 8


def start(town: Town, report: Report) -> None:
    """Seconds from the start of the process to its first answer, and its memory a little later."""
    seconds = town.server.started()
    time.sleep(RESTING)
    report.add("start", seconds=seconds, rss_mib=town.server.resident())


def paths(town: Town) -> dict[str, tuple[str, str]]:
    """What is read, and with whose token."""
    token = town.reader
    return {
        "home": ("/api/v1/timelines/home?limit=20", token),
        "local public": ("/api/v1/timelines/public?limit=20&local=true", token),
        "account statuses": (f"/api/v1/accounts/{town.ids[town.people[1]]}/statuses?limit=20", token),
        "thread of 20 replies": (f"/api/v1/statuses/{town.thread}/context", token),
        "notifications": ("/api/v1/notifications?limit=20", token),
        "verify_credentials": ("/api/v1/accounts/verify_credentials", token),
        "instance v2": ("/api/v2/instance", ""),
    }


def warm_up(town: Town) -> None:
    """Ask for everything a few times, so that what is measured is not the first time."""
    for path, token in paths(town).values():
        load.get(town.server, path, connections=2, seconds=1, token=token)


def reads(town: Town, report: Report, seconds: float) -> None:
    """Every read with one connection and with eight."""
    for name, (path, token) in paths(town).items():
        for connections in (1, 8):
            town.server.ready()
            meter = Meter(town.server)
            answered = load.get(town.server, path, connections=connections, seconds=seconds, token=token)
            _tell(report, f"{name}, {connections}", answered, meter)


def posts(town: Town) -> list[str]:
    """A post by each account, as requests to send; every time one is sent, its text is another."""
    text = (
        f"number {NUMBER.decode()}: the quick brown fox jumps over the lazy dog, as real people do all day."
    )
    body = json.dumps({"status": text, "visibility": "public"})
    return [
        load.raw(
            town.server,
            "POST",
            "/api/v1/statuses",
            {"Authorization": f"Bearer {town.tokens[name]}", "Content-Type": "application/json"},
            body,
        )
        for name in town.people
    ]


def posting(town: Town, report: Report, seconds: float) -> None:
    """Posting by all accounts in turn, until the server has also done what it put off."""
    server = town.server
    requests = posts(town)
    server.ready()
    meter = Meter(server)
    answered = load.send(server, requests, connections=POSTING, seconds=seconds)
    settling = server.settle()
    _tell(report, f"posting, {POSTING}", answered, meter, settling)


def _tell(report: Report, scenario: str, answered: Answered, meter: Meter, settling: float = 0.0) -> None:
    cpu, busy = meter.read()
    done = answered.requests - answered.refused
    report.add(
        scenario,
        rate=done / (answered.seconds + settling),
        p50_ms=answered.p50_ms,
        p99_ms=answered.p99_ms,
        cpu_ms=1000 * cpu / max(1, done),
        others_busy=(busy - cpu) / (answered.seconds + settling),
        refused=answered.refused,
    )
