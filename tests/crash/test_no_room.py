"""A full disk: whoever writes is told so, nothing is half done, and all is well once there is room."""

from __future__ import annotations

import itertools
import resource
import sqlite3
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.crash.conftest import Founded
from tests.crash.test_copies import FILE
from tests.crash.test_posting import Writer, since, words
from tests.flows.processes import Client, Process, until
from tests.words import running

MOST_POSTS = 2_000


def refused(client: Client, numbers: itertools.count[int]) -> tuple[str, Any]:
    """Post until the server has no room; the text that was refused, and the answer."""
    for number in itertools.islice(numbers, MOST_POSTS):
        text = f"{client.name} {number}"
        answer = client.http.post(
            f"{client.server.base_url}/api/v1/statuses",
            json={"status": text},
            headers={"Idempotency-Key": text},
            timeout=30,
        )
        if answer.status_code != 200:
            return text, answer
    raise AssertionError("there was room for everything")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits the files of a running process")
def test_a_server_whose_files_cannot_grow_says_so_and_recovers(founded: Founded) -> None:
    server, (alice,) = founded("alice")
    server.start()
    newest_known = alice.says("Go!")["id"]
    numbers = itertools.count()
    _let_files_grow_to(server, (server.data / f"{FILE}-wal").stat().st_size)
    text, answer = refused(alice, numbers)
    assert answer.status_code == 503
    assert "disk" in answer.json()["error"]
    assert answer.headers["Retry-After"]
    assert len(since(alice, "/api/v1/timelines/home", newest_known)) == int(text.split()[1])

    _let_files_grow_to(server, resource.RLIM_INFINITY)
    Writer(alice).send(text)
    home = since(alice, "/api/v1/timelines/home", newest_known)
    assert [words(status) for status in home] == [f"alice {n}" for n in reversed(range(next(numbers)))]
    until(lambda: _jobs_due(server) == 0)
    server.kill()
    server.start()
    assert len(since(alice, "/api/v1/timelines/home", newest_known)) == len(home)


async def test_a_full_database_refuses_whole_transactions(sqlite_url: str, tmp_path: Path) -> None:
    async with running(sqlite_url, str(tmp_path)) as server:
        alice = await server.joins("alice")
        await alice.says("Go!")
        writer: Any = server.db._engine._writer  # type: ignore[union-attr] # the limit is the connection's
        await writer.execute_fetchall("PRAGMA max_page_count = 1")  # no more than there are
        for number in range(MOST_POSTS):
            key = {"Idempotency-Key": str(number)}
            draft = {"status": f"{number} " * 500}
            answer = await alice.ask("POST", "/api/v1/statuses", json=draft, headers=key, expect=None)
            if answer.status != 200:
                break
        assert answer.status == 503
        assert answer["error"] == ("The server's disk is full. Nothing was changed; please try again later.")
        before = await alice.get(f"/api/v1/accounts/{alice.id}")
        assert before["statuses_count"] == number + 1
        await writer.execute_fetchall("PRAGMA max_page_count = 1000000")
        once = await alice.ask("POST", "/api/v1/statuses", json=draft, headers=key)
        again = await alice.ask("POST", "/api/v1/statuses", json=draft, headers=key)
        assert once["id"] == again["id"]
        await server.settle()


def _let_files_grow_to(server: Process, size: int) -> None:
    assert server.process is not None
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def _jobs_due(server: Process) -> int:
    connection = sqlite3.connect(server.data / FILE)
    try:
        found: int = connection.execute("SELECT count(*) FROM jobs WHERE lane = 'federate'").fetchone()[0]
        return found
    finally:
        connection.close()
