"""What arrives at an inbox from outside, over HTTP, and what became of it."""

from __future__ import annotations

import json
from typing import Any

from fedcoop.statuses import queries
from fedcoop.statuses.types import Status
from tests.activitypub.remote import Remote
from tests.words import Person, Server


async def sends(
    server: Server, remote: Remote, actor: str, activity: dict[str, Any], *, signed_by: str = ""
) -> int:
    """Deliver an activity, signed by its actor or by somebody else, and have it processed; the status."""
    body = json.dumps(activity).encode()
    url = f"{server.config.base_url}/inbox"
    status = await posts(server, body, dict(remote.sign(signed_by or actor, url, body)))
    await server.settle()
    return status


async def posts(server: Server, body: bytes, headers: dict[str, str], path: str = "/inbox") -> int:
    """Deliver bytes as they are; the status."""
    there = server.answers_at or server.config.base_url
    headers = {"Host": server.config.domain, **headers}
    async with server.http.post(there + path, data=body, headers=headers) as answer:
        return answer.status


async def follows(person: Person, remote: Remote, name: str) -> Any:
    """A member follows somebody elsewhere, who accepts; the account as it is shown."""
    server = person.server
    account = await person.finds(f"{name}@{remote.host}")
    await person.post(f"/api/v1/accounts/{account['id']}/follow")
    await server.settle()
    asked = next(sent for _, sent in reversed(remote.received) if sent["type"] == "Follow")
    accept = remote.activity("Accept", name, asked, len(remote.received))
    assert await sends(server, remote, name, accept) == 202
    return account


async def kept(server: Server, uri: str) -> Status | None:
    """The status with this address, if it is here."""
    async with server.db.read() as tx:
        return await tx.one(queries.BY_URI, uri=uri)
