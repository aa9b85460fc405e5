"""Signing as the other server understands it: what it lists (FEP-844e), and what it is found to take."""

from __future__ import annotations

from typing import Any

import pytest
from aiohttp import web

from activitypub import signatures
from activitypub.dialects import ED25519, RFC9421, Dialect
from fedcoop import clock
from tests.activitypub.remote import ACTIVITY, Remote
from tests.words import Server


def declared(*addresses: str) -> dict[str, Any]:
    """What actors of a server say about it."""
    return {
        "generator": {"type": "Application", "implements": [{"href": one, "name": "-"} for one in addresses]}
    }


class Gate:
    """Lets requests through that are signed in one way, and remembers how each was."""

    def __init__(self, remote: Remote, *understood: Dialect) -> None:
        self.remote = remote
        self.understood = understood
        self.seen: list[Dialect] = []
        self.messages: list[tuple[signatures.Message, str]] = []
        for path in ("/users/bob/inbox", "/users/bob", "/users/carol"):
            remote.handlers[path] = self.answer

    async def answer(self, request: web.Request) -> web.StreamResponse:
        dialect = _dialect(request)
        self.seen.append(dialect)
        if dialect not in self.understood:
            return web.Response(status=401)
        body = await request.read()
        message = signatures.Message(
            request.method,
            request.raw_path,
            [(name, value) for name, value in request.headers.items()],
            body,
            scheme="http",
            authority=self.remote.host,
        )
        self.messages.append((message, dialect))
        if request.method == "POST":
            return web.Response(status=202)
        return web.json_response(self.remote.documents[request.path], content_type=ACTIVITY)


def _dialect(request: web.Request) -> Dialect:
    said = request.headers.get("Signature-Input")
    if said is None:
        return "cavage"
    return "ed25519" if "#ed25519-key" in said else "rfc9421"


@pytest.mark.parametrize(
    ("lists", "understood", "sent"),
    [
        ((), "cavage", ["cavage"]),
        ((), "rfc9421", ["cavage", "rfc9421"]),
        ((RFC9421,), "rfc9421", ["rfc9421"]),
        ((RFC9421, ED25519), "ed25519", ["ed25519"]),
        ((RFC9421, ED25519), "cavage", ["ed25519", "cavage"]),
        (("https://example.com/teleport",), "cavage", ["cavage"]),
    ],
)
async def test_who_lists_a_way_of_signing_is_spoken_to_in_it(
    server: Server, remote: Remote, lists: tuple[str, ...], understood: Dialect, sent: list[str]
) -> None:
    alice = await server.joins("alice")
    remote.add_actor("bob", **declared(*lists))
    bob = await alice.finds(f"bob@{remote.host}")
    gate = Gate(remote, understood)
    await alice.post(f"/api/v1/accounts/{bob['id']}/follow")
    await server.settle()
    assert gate.seen == sent
    [(message, _)] = gate.messages
    claim = signatures.read(message, clock.now() // 1000)
    found = await server.anybody.ask("GET", claim.key_id.partition("#")[0], headers={"Accept": ACTIVITY})
    actor = found.body
    keys = {key["id"]: key["publicKeyMultibase"] for key in actor["assertionMethod"]}
    keys[actor["publicKey"]["id"]] = actor["publicKey"]["publicKeyPem"]
    assert claim.proven_by(signatures.load_public(keys[claim.key_id]))
    await alice.post(f"/api/v1/accounts/{bob['id']}/unfollow")
    await server.settle()
    assert gate.seen == [*sent, understood], "what it took is remembered"


async def test_documents_are_asked_for_in_the_way_that_their_server_takes(
    server: Server, remote: Remote
) -> None:
    alice = await server.joins("alice")
    remote.add_actor("bob")
    gate = Gate(remote, "rfc9421")
    await alice.finds(f"bob@{remote.host}")
    assert gate.seen == ["cavage", "rfc9421"]
    remote.add_actor("carol")
    await alice.finds(f"carol@{remote.host}")
    assert gate.seen == ["cavage", "rfc9421", "rfc9421"]


async def test_a_server_that_takes_no_signature_is_asked_twice_and_no_more(
    server: Server, remote: Remote
) -> None:
    alice = await server.joins("alice")
    remote.add_actor("bob")
    gate = Gate(remote)
    found = await alice.get("/api/v2/search", q=f"bob@{remote.host}", resolve="true")
    assert found["accounts"] == []
    assert gate.seen == ["cavage", "rfc9421"]
