"""Killed while relays, devices, quotes, moves, uploads, archives and drafts for later are seen to: nothing is
lost, and what is done twice is the same twice."""

from __future__ import annotations

import shutil
from collections import Counter

import pytest

from tests.activitypub.remote import Remote
from tests.conftest import CRASH_ROUNDS
from tests.crash.conftest import Founded
from tests.crash.deeds import Archiving, Asking, Moving, Pushing, Relaying, Scheduling, Uploading
from tests.crash.elsewhere import is_followed_by_rosa
from tests.crash.load import killed_amid
from tests.crash.test_posting import Writer, since, words
from tests.flows.processes import until


@pytest.mark.skipif(not shutil.which("ffmpeg"), reason="ffmpeg is not installed")
def test_whatever_is_going_on_is_brought_to_its_end(
    many_settings: dict[str, str], founded: Founded, remote: Remote
) -> None:
    keepers = [f"keeper{number}" for number in range(CRASH_ROUNDS)]
    server, (alice, bob, *others) = founded("alice", "bob", *keepers, **many_settings)
    server.start()
    is_followed_by_rosa(alice, remote)
    account = bob.get("/api/v1/accounts/lookup", acct="alice")
    bob.post(f"/api/v1/accounts/{account['id']}/follow", notify=True)
    relaying = Relaying(remote, server)
    newest_known = alice.says("Go!")["id"]
    (first,) = bob.get("/api/v1/notifications")
    pushing = Pushing(remote, bob, first["id"])
    scheduling, writer = Scheduling(alice), Writer(alice)
    asking, moving = Asking(remote, others[0]), Moving(remote, bob)
    uploading, archiving = Uploading(others[0]), Archiving(server, others)

    for number in range(CRASH_ROUNDS):
        writer.tried.clear()
        writer.acknowledged.clear()
        deeds = [writer.post]
        for each in (moving, archiving, asking, uploading, scheduling):
            deeds += each.prepare(number)
        killed_amid(server, deeds)
        server.start()

        for text in [text for text in writer.tried if text not in writer.acknowledged]:
            writer.send(text)

        def home() -> Counter[str]:
            found = since(bob, "/api/v1/timelines/home", newest_known)  # noqa: B023
            return Counter(words(one) for one in found if one["account"]["username"] == "alice")

        until(lambda: scheduling.check(home()))
        texts = [*writer.tried, *scheduling.texts]
        assert home() == Counter(texts)
        relaying.check(texts)
        pushing.check(len(texts))
        asking.check()
        uploading.check()
        archiving.check()
        moving.check()
        newest_known = max(
            [newest_known, *(one["id"] for one in since(bob, "/api/v1/timelines/home", newest_known))],
            key=int,
        )
    assert "Traceback" not in server.said()
