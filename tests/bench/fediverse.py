"""Many small servers in one process, for `federating`: each loopback port is an origin with two people.

Writes one JSON line when it is ready: the ports and the private key that all its people share (making keys is
slow and nobody minds). It serves webfinger, actors and empty collections, accepts follows, and answers deliveries
with 202. Then it obeys lines on standard input, each answered by one JSON line: `count TEXT` begins to count the
inboxes that get a body with this text in it, `counted` tells how many and when the last came (CLOCK_MONOTONIC,
which all processes share). It ends with its standard input.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import threading
import time
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from activitypub.signatures import load_private, public_pem, sign_cavage
from tests.bench.caller import Caller

ACTIVITY = "application/activity+json"
AS = "https://www.w3.org/ns/activitystreams"
PEOPLE = ("ann", "ben")
END = b"\r\n\r\n"


class Fediverse:
    """What all the origins know in common."""

    def __init__(self) -> None:
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode()
        self.public = public_pem(key)
        self.wanted = b"\0"
        self.arrived: dict[tuple[int, str], float] = {}
        self.again = 0
        self.accepting: set[asyncio.Task[None]] = set()

    def document(self, port: int, path: str) -> tuple[str, Any] | None:
        """What stands at a path of an origin: media type and document."""
        origin = f"http://127.0.0.1:{port}"
        kind, _, name = path.strip("/").partition("/")
        if path.startswith("/.well-known/webfinger"):
            name = path.rpartition("acct")[2].removeprefix(":").removeprefix("%3A").partition("@")[0]
            name = name.partition("%40")[0]
            link = {"rel": "self", "type": ACTIVITY, "href": f"{origin}/users/{name}"}
            return "application/jrd+json", {"subject": f"acct:{name}@127.0.0.1:{port}", "links": [link]}
        if kind != "users":
            return None
        if name in PEOPLE:
            return ACTIVITY, self._person(origin, name)
        return ACTIVITY, {
            "@context": AS,
            "id": origin + path,
            "type": "OrderedCollection",
            "totalItems": 0,
            "orderedItems": [],
        }

    def _person(self, origin: str, name: str) -> dict[str, Any]:
        who = f"{origin}/users/{name}"
        return {
            "@context": [AS, "https://w3id.org/security/v1"],
            "id": who,
            "type": "Person",
            "preferredUsername": name,
            "name": f"{name.title()} from elsewhere",
            "summary": "<p>somebody from elsewhere</p>",
            "url": f"{origin}/@{name}",
            "published": "2024-01-01T00:00:00Z",
            "manuallyApprovesFollowers": False,
            **{end: f"{who}/{end}" for end in ("inbox", "outbox", "followers", "following")},
            "publicKey": {"id": f"{who}#main-key", "owner": who, "publicKeyPem": self.public},
        }

    def deliver(self, port: int, path: str, body: bytes) -> None:
        """Something came to an inbox."""
        if self.wanted in body:
            inbox = (port, path)
            self.again += inbox in self.arrived
            self.arrived.setdefault(inbox, time.monotonic())
        elif b'"Follow"' in body:
            activity = json.loads(body)
            if activity.get("type") == "Follow":
                task = asyncio.create_task(asyncio.to_thread(self.accept, activity))
                self.accepting.add(task)
                task.add_done_callback(self.accepting.discard)

    def accept(self, follow: dict[str, Any]) -> None:
        """Let somebody follow, as their server would be told. Blocks."""
        me, them = follow["object"], follow["actor"]
        answer = {"@context": AS, "id": f"{me}#accepts/{time.time_ns()}", "type": "Accept", "actor": me}
        body = json.dumps({**answer, "object": follow}).encode()
        where, key, key_id = urlsplit(them), load_private(self.pem), f"{me}#main-key"
        caller = Caller(where.hostname or "", where.port or 80)
        headers = sign_cavage(key, key_id, "GET", them, int(time.time()))
        inbox = caller.ask("GET", where.path, headers={**headers, "Accept": ACTIVITY})["inbox"]
        headers = sign_cavage(key, key_id, "POST", inbox, int(time.time()), body)
        caller.ask("POST", urlsplit(inbox).path, body=body, headers={**headers, "Content-Type": ACTIVITY})

    def obey(self, line: str) -> dict[str, Any]:
        word, _, text = line.strip().partition(" ")
        if word == "count":
            self.wanted, self.arrived, self.again = text.encode(), {}, 0
        times = sorted(self.arrived.values())
        return {"count": len(times), "again": self.again, "last": times[-1] if times else 0.0}


class Connection(asyncio.Protocol):
    """One connection to one origin, as little HTTP as will do: the servers under measurement get the CPU."""

    def __init__(self, world: Fediverse, port: int) -> None:
        self.world = world
        self.port = port
        self.unread = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.unread += data
        while (end := self.unread.find(END)) >= 0:
            head = self.unread[:end]
            low = head.lower()
            at = low.find(b"\r\ncontent-length:")
            length = int(low[at + 17 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
            finish = end + len(END) + length
            if len(self.unread) < finish:
                return
            body, self.unread = self.unread[end + len(END) : finish], self.unread[finish:]
            method, path, _ = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ", 2)
            self._serve(method, path, body)

    def _serve(self, method: str, path: str, body: bytes) -> None:
        if method == "POST":
            self.world.deliver(self.port, path, body)
            self._answer("202 Accepted", ACTIVITY, b"")
            return
        found = self.world.document(self.port, path)
        if found is None:
            self._answer("404 Not Found", "text/plain", b"")
        else:
            self._answer("200 OK", found[0], json.dumps(found[1]).encode())

    def _answer(self, status: str, kind: str, body: bytes) -> None:
        head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
        self.transport.write(head.encode() + body)


async def main(origins: int) -> None:
    world, loop = Fediverse(), asyncio.get_running_loop()
    ports: list[int] = []
    for number in range(origins):

        def connected(number: int = number) -> Connection:
            # The port is known only once it is bound.
            return Connection(world, ports[number])

        server = await loop.create_server(connected, "127.0.0.1", 0, backlog=256)
        ports.append(server.sockets[0].getsockname()[1])
    print(json.dumps({"ports": ports, "pem": world.pem}), flush=True)

    def listen() -> None:
        for line in sys.stdin:
            answer = asyncio.run_coroutine_threadsafe(_obey(world, line), loop).result()
            print(json.dumps(answer), flush=True)
        os._exit(0)

    threading.Thread(target=listen, daemon=True).start()
    await asyncio.Event().wait()


async def _obey(world: Fediverse, line: str) -> dict[str, Any]:
    return world.obey(line)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--origins", type=int, required=True)
    asyncio.run(main(parser.parse_args().origins))
