"""A small server of another kind, on loopback, that tests fill with documents and ask what it received."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

from aiohttp import web
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

from activitypub.signatures import public_pem, sign_cavage
from fedcoop import clock
from tests.words import Person, Server

ACTIVITY = "application/activity+json"
AS = "https://www.w3.org/ns/activitystreams"
PUBLIC = f"{AS}#Public"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@cache
def key(name: str) -> RSAPrivateKey:
    """One RSA key per name, made once, since making them is slow."""
    return generate_private_key(65537, 2048)


def private_pem(name: str) -> str:
    """The same key as PEM."""
    return (
        key(name)
        .private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        .decode()
    )


class Remote:
    """Serves `documents` by path, answers inboxes with `inbox_status`, remembers requests and deliveries."""

    def __init__(self) -> None:
        self.base = ""
        self.host = ""
        self.documents: dict[str, Any] = {}
        self.handlers: dict[str, Handler] = {}
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.received: list[tuple[str, dict[str, Any]]] = []
        self.inbox_status = 202
        self.inbox_headers: dict[str, str] = {}

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.raw_path)
        self.headers.append(dict(request.headers))
        if request.path in self.handlers:
            return await self.handlers[request.path](request)
        if request.method == "POST":
            self.received.append((request.path, json.loads(await request.read())))
            return web.Response(status=self.inbox_status, headers=self.inbox_headers)
        if request.path == "/.well-known/webfinger":
            return self._webfinger(request.query.get("resource", ""))
        found = self.documents.get(request.path)
        if found is None:
            return web.Response(status=404)
        return web.json_response(found, content_type=ACTIVITY)

    def _webfinger(self, resource: str) -> web.Response:
        name = resource.removeprefix("acct:").partition("@")[0]
        if f"/users/{name}" not in self.documents:
            return web.Response(status=404)
        link = {"rel": "self", "type": ACTIVITY, "href": self.actor_id(name)}
        return web.json_response(
            {"subject": f"acct:{name}@{self.host}", "links": [link]}, content_type="application/jrd+json"
        )

    def actor_id(self, name: str) -> str:
        return f"{self.base}/users/{name}"

    def add_actor(self, name: str, /, **changes: Any) -> dict[str, Any]:
        """A person with an inbox, a shared inbox and a key."""
        identity = self.actor_id(name)
        document: dict[str, Any] = {
            "@context": [AS, "https://w3id.org/security/v1"],
            "id": identity,
            "type": "Person",
            "preferredUsername": name,
            "name": name.title(),
            "summary": f"<p>This is {name}</p>",
            "inbox": f"{identity}/inbox",
            "outbox": f"{identity}/outbox",
            "followers": f"{identity}/followers",
            "following": f"{identity}/following",
            "endpoints": {"sharedInbox": f"{self.base}/inbox"},
            "publicKey": {
                "id": f"{identity}#main-key",
                "owner": identity,
                "publicKeyPem": public_pem(key(name)),
            },
            **changes,
        }
        self.documents[f"/users/{name}"] = document
        return document

    def note(self, author: str, number: int = 1, **changes: Any) -> dict[str, Any]:
        """A public note, not served until it stands in `documents`."""
        identity = self.actor_id(author)
        return {
            "@context": AS,
            "id": f"{identity}/statuses/{number}",
            "type": "Note",
            "attributedTo": identity,
            "content": "<p>Good morning</p>",
            "published": "2026-01-02T03:04:05Z",
            "to": [PUBLIC],
            "cc": [f"{identity}/followers"],
            **changes,
        }

    def serve(self, document: dict[str, Any]) -> dict[str, Any]:
        """Serve a document at its own id."""
        self.documents[document["id"].removeprefix(self.base)] = document
        return document

    def activity(self, kind: str, actor: str, thing: Any, number: int = 1, **changes: Any) -> dict[str, Any]:
        identity = self.actor_id(actor)
        return {
            "@context": AS,
            "id": f"{identity}#{kind.lower()}/{number}",
            "type": kind,
            "actor": identity,
            "object": thing,
            **changes,
        }

    def sign(self, actor: str, url: str, body: bytes) -> list[tuple[str, str]]:
        """The headers of a delivery signed by one of its actors."""
        key_id = f"{self.actor_id(actor)}#main-key"
        headers = sign_cavage(key(actor), key_id, "POST", url, clock.now() // 1000, body)
        return [*headers.items(), ("Content-Type", ACTIVITY)]

    async def tells(self, server: Server, actor: str, activity: dict[str, Any]) -> int:
        """Deliver an activity to the inbox of a running server, which processes it; the status of the answer."""
        url = f"{server.config.base_url}/inbox"
        body = json.dumps(activity).encode()
        headers = self.sign(actor, url, body)
        async with server.http.post(
            url, data=body, headers=headers, skip_auto_headers=["Content-Type"]
        ) as answer:
            status = answer.status
        await server.settle()
        return status

    async def is_followed(self, server: Server, person: Person, name: str) -> Any:
        """A member follows one of its actors, who accepts; returns the account as the member sees it."""
        account = await person.finds(f"{name}@{self.host}")
        await person.post(f"/api/v1/accounts/{account['id']}/follow")
        await server.settle()
        follow = next(sent for _, sent in reversed(self.received) if sent["type"] == "Follow")
        number = len(self.received)
        await self.tells(server, name, self.activity("Accept", name, follow, number))
        return account


@asynccontextmanager
async def remote_server(host: str = "127.0.0.1") -> AsyncIterator[Remote]:
    """A running `Remote` on a free port."""
    remote = Remote()
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", remote.answer)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, host, 0)
    await site.start()
    port = runner.addresses[0][1]
    remote.host = f"{host}:{port}"
    remote.base = f"http://{remote.host}"
    try:
        yield remote
    finally:
        await runner.cleanup()
