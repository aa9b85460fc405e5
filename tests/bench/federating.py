"""What other servers cost: signed posts that come in, and one post that goes out to many. They are `fediverse`."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from activitypub.signatures import load_private, sign_cavage
from tests.bench import load
from tests.bench.fediverse import ACTIVITY, AS, PEOPLE
from tests.bench.figures import Report
from tests.bench.load import ROOT, Meter
from tests.bench.seeding import READER, STAR, Town

AUTHORS = 10
"""Origins with two authors each, whom the reader follows."""
SENDING = 8
PATIENCE = 60.0
"""Seconds without progress after which what has not come will not come."""
PUBLIC = f"{AS}#Public"


class Elsewhere:
    """The process with the other servers, and what its people send."""

    def __init__(self, town: Town, followers: int) -> None:
        self.town = town
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.fediverse", "--origins", str(AUTHORS + followers)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        hello = self._line()
        self.key = load_private(hello["pem"])
        origins = [f"http://127.0.0.1:{port}" for port in hello["ports"]]
        self.authors = [f"{origin}/users/{name}" for origin in origins[:AUTHORS] for name in PEOPLE]
        self.followers = [f"{origin}/users/{PEOPLE[0]}" for origin in origins[AUTHORS:]]

    def _line(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        found: dict[str, Any] = json.loads(self.process.stdout.readline())
        return found

    def tell(self, line: str) -> dict[str, Any]:
        assert self.process.stdin is not None
        print(line, file=self.process.stdin, flush=True)
        return self._line()

    def stop(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(timeout=10)

    def actor(self, name: str) -> dict[str, Any]:
        """The actor of a local account, found as other servers do."""
        caller, domain = self.town.server.caller, self.town.server.domain
        finger = caller.get("/.well-known/webfinger", resource=f"acct:{name}@{domain}")
        url = next(link["href"] for link in finger["links"] if link["rel"] == "self")
        who = self.authors[0]
        headers = sign_cavage(self.key, f"{who}#main-key", "GET", url, int(time.time()))
        path = url.removeprefix(self.town.server.base_url)
        found: dict[str, Any] = caller.ask("GET", path, headers={**headers, "Accept": ACTIVITY})
        return found

    def signed(self, who: str, inbox: str, activity: dict[str, Any]) -> str:
        """A delivery as raw HTTP. Each takes about a millisecond, so they are prepared beforehand."""
        body = json.dumps(activity)
        headers = sign_cavage(self.key, f"{who}#main-key", "POST", inbox, int(time.time()), body.encode())
        path = inbox.removeprefix(self.town.server.base_url)
        return load.raw(self.town.server, "POST", path, {**headers, "Content-Type": ACTIVITY}, body)


def befriend(elsewhere: Elsewhere) -> None:
    """The reader follows the authors, who are found by address, and waits to be accepted."""
    town = elsewhere.town
    caller, token = town.server.caller, town.reader
    ids = []
    for author in elsewhere.authors:
        found = caller.get("/api/v2/search", token, q=author, resolve="true", type="accounts")["accounts"]
        if not found:
            raise RuntimeError(f"{author} was not found")
        ids.append(found[0]["id"])
        caller.post(f"/api/v1/accounts/{ids[-1]}/follow", token)

    def accepted() -> int:
        relations = caller.get("/api/v1/accounts/relationships", token, **{"id[]": ids})
        return sum(relation["following"] for relation in relations)

    _wait(accepted, len(ids), "follows to be accepted")


def ingest(elsewhere: Elsewhere, report: Report, count: int, mark: str) -> None:
    """Signed posts of twenty authors from the first byte until all of them stand on the reader's home timeline."""
    town, reader = elsewhere.town, elsewhere.actor(READER)
    inbox = (reader.get("endpoints") or {}).get("sharedInbox") or reader["inbox"]
    mark = f"{mark}x{time.time_ns()}"
    requests = [
        elsewhere.signed(author, inbox, _create(author, mark, number))
        for number, author in zip(range(count), elsewhere.authors * (count // AUTHORS + 1), strict=False)
    ]
    town.server.ready()
    meter, since = Meter(town.server), time.monotonic()
    answered = load.send(town.server, requests, connections=SENDING)
    accepted = time.monotonic() - since
    _wait(lambda: _newest(town, mark), min(count, 20), "posts to come in")
    _wait(lambda: _arrived(town, mark), count, "posts to come in")
    seconds = time.monotonic() - since
    town.server.settle()
    cpu, _ = meter.read()
    report.add(
        "ingest, 8",
        rate=count / seconds,
        p50_ms=answered.p50_ms,
        p99_ms=answered.p99_ms,
        cpu_ms=1000 * cpu / count,
        seconds=seconds,
        refused=answered.refused,
        accepting_rate=answered.requests / accepted,
    )


def _create(author: str, mark: str, number: int) -> dict[str, Any]:
    note_id = f"{author}/statuses/{mark}-{number}"
    published = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    audience = {"to": [PUBLIC], "cc": [f"{author}/followers"], "published": published}
    note = {
        "id": note_id,
        "type": "Note",
        "attributedTo": author,
        "url": note_id,
        "sensitive": False,
        "tag": [],
        "attachment": [],
        "content": f"<p>{mark} number {number}: the quick brown fox jumps over the lazy dog</p>",
        **audience,
    }
    return {
        "@context": AS,
        "id": f"{note_id}/activity",
        "type": "Create",
        "actor": author,
        "object": note,
        **audience,
    }


def _newest(town: Town, mark: str) -> int:
    """How many of the first page are new: cheap enough to ask often."""
    page = town.server.caller.get("/api/v1/timelines/home", town.reader, limit=20)
    return sum(mark in status["content"] for status in page)


def _arrived(town: Town, mark: str) -> int:
    """How many of the reader's whole home timeline are new, page by page."""
    found = 0
    older: dict[str, str] = {}
    while True:
        page = town.server.caller.get("/api/v1/timelines/home", town.reader, limit=40, **older)
        here = sum(mark in status["content"] for status in page)
        found += here
        if not here or not page:
            return found
        older = {"max_id": page[-1]["id"]}


def gain_followers(elsewhere: Elsewhere, report: Report) -> None:
    """Signed follows of one account, each from a server that was never heard of, until all are accepted."""
    town, star = elsewhere.town, elsewhere.actor(STAR)
    requests = [
        elsewhere.signed(
            who,
            star["inbox"],
            {"@context": AS, "id": f"{who}#follow", "type": "Follow", "actor": who, "object": star["id"]},
        )
        for who in elsewhere.followers
    ]
    elsewhere.tell('count "Accept"')
    town.server.ready()
    meter, since = Meter(town.server), time.monotonic()
    answered = load.send(town.server, requests, connections=SENDING)
    _wait(lambda: int(elsewhere.tell("counted")["count"]), len(requests), "follows to be accepted")
    seconds = float(elsewhere.tell("counted")["last"]) - since
    town.server.settle()
    report.add(
        "follows from new servers, 8",
        rate=len(requests) / seconds,
        p50_ms=answered.p50_ms,
        p99_ms=answered.p99_ms,
        cpu_ms=1000 * meter.read()[0] / len(requests),
        seconds=seconds,
        refused=answered.refused,
    )


def fan_out(elsewhere: Elsewhere, report: Report, mark: str) -> None:
    """One post to all followers, until the last of their servers has it."""
    town, wanted = elsewhere.town, len(elsewhere.followers)
    mark = f"{mark}x{time.time_ns()}"
    elsewhere.tell(f"count {mark}")
    town.server.ready()
    meter, since = Meter(town.server), time.monotonic()
    town.says(STAR, f"{mark} to all of you")
    _wait(lambda: int(elsewhere.tell("counted")["count"]), wanted, "deliveries")
    counted = elsewhere.tell("counted")
    seconds = float(counted["last"]) - since
    town.server.settle()
    report.add(
        f"fan-out to {wanted}",
        rate=wanted / seconds,
        cpu_ms=1000 * meter.read()[0] / wanted,
        seconds=seconds,
        refused=int(counted["again"]),
    )


def _wait(counted: Callable[[], int], wanted: int, what: str) -> None:
    """Ask until as many are there as are wanted. Raises `RuntimeError` when no more come."""
    best, since = -1, time.monotonic()
    while (now := counted()) < wanted:
        if now > best:
            best, since = now, time.monotonic()
        if time.monotonic() - since > PATIENCE:
            raise RuntimeError(f"waited for {wanted} {what}, only {now} came")
        time.sleep(0.05)
