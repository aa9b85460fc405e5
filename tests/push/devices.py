"""A push service on loopback, and devices with keys of their own that read what it gets."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import http_ece
import msgspec
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from fedcoop.push.keys import base64url
from tests.ports import free_port
from tests.words import Person

SUBSCRIPTION = "/api/v1/push/subscription"
EVERYTHING = ("mention", "status", "reblog", "follow", "follow_request", "favourite", "poll", "update")


@dataclass
class Device:
    """What a member's device knows."""

    endpoint: str
    standard: bool = True
    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    auth: bytes = field(default_factory=lambda: os.urandom(16))

    @property
    def subscription(self) -> dict[str, Any]:
        point = self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return {
            "endpoint": self.endpoint,
            "keys": {"p256dh": base64url(point), "auth": base64url(self.auth)},
            "standard": self.standard,
        }

    def reads(self, sent: Sent) -> Any:
        """The message, decrypted with this device's own keys."""
        if self.standard:
            plain = http_ece.decrypt(
                sent.body, private_key=self.private, auth_secret=self.auth, version="aes128gcm"
            )
        else:
            parts = dict(part.split("=", 1) for part in sent.headers["Crypto-Key"].split(";"))
            plain = http_ece.decrypt(
                sent.body,
                salt=_decoded(sent.headers["Encryption"].removeprefix("salt=")),
                private_key=self.private,
                dh=_decoded(parts["dh"]),
                auth_secret=self.auth,
                version="aesgcm",
            )
        return msgspec.json.decode(plain)


@dataclass
class Sent:
    """One request to the push service."""

    path: str
    headers: Any
    body: bytes


@dataclass
class PushService:
    """Takes what is pushed, and answers as it is told."""

    address: str
    sent: list[Sent] = field(default_factory=list)
    status: int = 201
    headers: dict[str, str] = field(default_factory=dict)

    def device(self, name: str = "phone", *, standard: bool = True) -> Device:
        return Device(f"{self.address}/{name}", standard)

    async def _take(self, request: web.Request) -> web.Response:
        self.sent.append(Sent(request.path, request.headers, await request.read()))
        return web.Response(status=self.status, headers=self.headers)


@asynccontextmanager
async def push_service() -> AsyncIterator[PushService]:
    port = free_port()
    service = PushService(f"http://127.0.0.1:{port}")
    app = web.Application()
    app.router.add_post("/{name}", service._take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield service
    finally:
        await runner.cleanup()


async def subscribes(person: Person, device: Device, **data: Any) -> Any:
    """Have everything pushed to a device, if not said otherwise."""
    data.setdefault("alerts", dict.fromkeys(EVERYTHING, True))
    return await person.post(SUBSCRIPTION, subscription=device.subscription, data=data)


def _decoded(text: str) -> bytes:
    from base64 import urlsafe_b64decode

    return urlsafe_b64decode(text + "==")
