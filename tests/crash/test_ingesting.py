"""Killed while another server delivers: what was answered with 202 is seen in the end, once."""

from __future__ import annotations

import itertools
import threading
from collections import Counter
from typing import Any

from fedcoop import clock
from tests.activitypub.remote import Remote
from tests.conftest import CRASH_ROUNDS
from tests.crash.conftest import Founded
from tests.crash.elsewhere import delivers, follows_rosa
from tests.crash.load import killed_amid
from tests.crash.test_posting import since
from tests.flows.processes import Process, until

LINES = 3


class Sender:
    """Delivers post after post, and remembers which of them were taken."""

    def __init__(self, remote: Remote, server: Process) -> None:
        self.remote = remote
        self.server = server
        self.numbers = itertools.count(1)
        self.lock = threading.Lock()
        self.tried: dict[str, dict[str, Any]] = {}
        self.taken: set[str] = set()

    def send(self) -> bool:
        with self.lock:
            number = next(self.numbers)
        note = self.remote.note("rosa", number, published=clock.iso(clock.now()))
        create = self.remote.activity("Create", "rosa", note, number, to=note["to"], cc=note["cc"])
        self.tried[note["id"]] = create
        assert delivers(self.remote, self.server, create) == 202
        self.taken.add(note["id"])
        return True


def test_what_was_taken_is_seen_once(founded: Founded, remote: Remote) -> None:
    server, (alice,) = founded("alice")
    server.start()
    follows_rosa(alice, remote)
    sender = Sender(remote, server)
    newest_known = alice.says("Go!")["id"]

    for _ in range(CRASH_ROUNDS):
        sender.tried.clear()
        sender.taken.clear()
        killed_amid(server, [sender.send] * LINES)
        server.start()

        def seen() -> Counter[str]:
            return Counter(
                status["uri"]
                for status in since(alice, "/api/v1/timelines/home", newest_known)  # noqa: B023
            )

        until(lambda: sender.taken <= set(seen()))
        # The other server sends again what it has no answer to, and what it has forgotten the answer to.
        for uri in [uri for uri in sender.tried if uri not in sender.taken] + list(sender.taken)[:10]:
            assert delivers(remote, server, sender.tried[uri]) == 202
        until(lambda: seen() == Counter(list(sender.tried)))
        home = since(alice, "/api/v1/timelines/home", newest_known)
        if home:
            newest_known = home[0]["id"]
    rosa = alice.finds(f"@rosa@{remote.host}")
    assert rosa["statuses_count"] == next(sender.numbers) - 1
    assert "Traceback" not in server.said()
