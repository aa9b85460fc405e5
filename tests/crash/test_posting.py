"""Killed while members post: what was acknowledged is there, once, is told to readers and to other servers."""

from __future__ import annotations

import itertools
import random
from collections import Counter, defaultdict
from typing import Any

from tests.activitypub.remote import Remote
from tests.conftest import CRASH_ROUNDS
from tests.crash.conftest import Founded
from tests.crash.elsewhere import is_followed_by_rosa
from tests.crash.load import killed_amid
from tests.flows.processes import Client, until

WRITERS = 3
RESENT = 10


class Writer:
    """Posts with an idempotency key each, and remembers which posts were acknowledged."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.numbers = itertools.count()
        self.tried: list[str] = []
        self.acknowledged: dict[str, str] = {}

    def post(self) -> bool:
        text = f"{self.client.name} {next(self.numbers)}"
        self.tried.append(text)
        self.acknowledged[text] = self.send(text)["id"]
        return True

    def send(self, text: str) -> Any:
        return self.client.ask(
            "POST", "/api/v1/statuses", json={"status": text}, headers={"Idempotency-Key": text}
        )


def words(status: Any) -> str:
    return str(status["content"]).removeprefix("<p>").removesuffix("</p>")


def since(reader: Client, path: str, newest_known: str) -> list[Any]:
    """Everything of a timeline that is newer, page by page."""
    found: list[Any] = []
    while page := reader.get(path, limit=40, min_id=found[0]["id"] if found else newest_known):
        found = page + found
    return found


def test_what_was_acknowledged_is_there_once_and_everybody_hears_of_it(
    settings: dict[str, str], founded: Founded, remote: Remote
) -> None:
    server, people = founded("reader", *[f"writer{number}" for number in range(WRITERS)], **settings)
    server.start()
    reader, writers = people[0], [Writer(client) for client in people[1:]]
    for writer in writers:
        account = reader.get("/api/v1/accounts/lookup", acct=writer.client.name)
        reader.post(f"/api/v1/accounts/{account['id']}/follow")
    is_followed_by_rosa(writers[0].client, remote)
    newest_known = reader.says("Go!")["id"]

    for _ in range(CRASH_ROUNDS):
        for writer in writers:
            writer.tried.clear()
            writer.acknowledged.clear()
        killed_amid(server, [writer.post for writer in writers])
        server.start()

        # Everything acknowledged is there, also before anybody asks again.
        texts = {
            words(status): status["id"] for status in since(reader, "/api/v1/timelines/home", newest_known)
        }
        for writer in writers:
            assert writer.acknowledged.items() <= texts.items()

        # A client sends again what it has no answer to, and perhaps what it has.
        for writer in writers:
            unsure = [text for text in writer.tried if text not in writer.acknowledged]
            again = random.sample(list(writer.acknowledged), min(RESENT, len(writer.acknowledged)))
            for text in unsure + again:
                answer = writer.send(text)
                assert answer["id"] == writer.acknowledged.setdefault(text, answer["id"])
        home = since(reader, "/api/v1/timelines/home", newest_known)
        seen = Counter(words(status) for status in home)
        assert seen == Counter(text for writer in writers for text in writer.tried)
        if home:
            newest_known = home[0]["id"]

        # The other server hears of each post of whom rosa follows.
        until(lambda: set(writers[0].tried) <= set(creates(remote)))

    # Twice at most in the same words: the other server drops what has the same id.
    assert all(len(ids) == 1 for ids in creates(remote).values())
    for writer in writers:
        account = writer.client.get("/api/v1/accounts/verify_credentials")
        assert account["statuses_count"] == next(writer.numbers)
    assert "Traceback" not in server.said()


def creates(remote: Remote, inbox: str = "") -> dict[str, set[str]]:
    """The ids of the activities that told of each post, at one inbox or at any."""
    found = defaultdict(set)
    for path, sent in list(remote.received):
        if sent["type"] == "Create" and inbox in ("", path):
            found[words(sent["object"])].add(sent["id"])
    return found
