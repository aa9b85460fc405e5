"""A server elsewhere, in a thread beside a test that is no coroutine: the test fills it and asks what it heard."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import requests

from tests.activitypub.remote import Remote, remote_server
from tests.flows.processes import Client, Process, until


@contextmanager
def elsewhere() -> Iterator[Remote]:
    """A running `Remote`; one account, rosa, is there."""
    ready: list[Remote] = []
    begun = threading.Event()
    loop = asyncio.new_event_loop()
    ended = asyncio.Event()

    async def serve() -> None:
        async with remote_server() as remote:
            remote.add_actor("rosa")
            ready.append(remote)
            begun.set()
            await ended.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    try:
        assert begun.wait(30)
        yield ready[0]
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join()
        loop.close()


def delivers(
    remote: Remote,
    server: Process,
    activity: dict[str, Any],
    *,
    actor: str = "rosa",
    more: Mapping[str, str] | None = None,
) -> int:
    """Send an activity, signed by its actor, to the shared inbox; the status of the answer. `more` are headers."""
    url = f"{server.base_url}/inbox"
    body = json.dumps(activity).encode()
    headers = {**dict(remote.sign(actor, url, body)), **(more or {})}
    return requests.post(url, body, headers=headers, timeout=30).status_code


def is_followed_by_rosa(person: Client, remote: Remote) -> None:
    """Rosa follows, and has been accepted."""
    uri = person.get("/api/v1/accounts/verify_credentials")["uri"]
    assert delivers(remote, person.server, remote.activity("Follow", "rosa", uri)) == 202
    until(lambda: any(sent["type"] == "Accept" for _, sent in list(remote.received)))


def follows_rosa(person: Client, remote: Remote) -> None:
    """The person follows rosa, who accepts."""
    follows(person, remote, "rosa")


def follows(person: Client, remote: Remote, name: str) -> None:
    """The person follows somebody there, who accepts."""
    account = person.finds(f"@{name}@{remote.host}")
    person.post(f"/api/v1/accounts/{account['id']}/follow")

    def asked() -> Any:
        sent = [one for _, one in list(remote.received) if one["type"] == "Follow"]
        return next((one for one in sent if one["object"] == remote.actor_id(name)), None)

    accept = remote.activity("Accept", name, until(asked))
    assert delivers(remote, person.server, accept, actor=name) == 202
    relationship = f"/api/v1/accounts/relationships?id[]={account['id']}"
    until(lambda: person.get(relationship)[0]["following"])
