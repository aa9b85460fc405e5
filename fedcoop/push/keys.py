"""The key by which push services know this server (VAPID, RFC 8292). Made once, kept in the database."""

from __future__ import annotations

from base64 import urlsafe_b64encode

import msgspec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02

from fedcoop import clock
from fedcoop.db import Database
from fedcoop.push import queries

NAME = "vapid"


class VapidKey(msgspec.Struct, frozen=True):
    """The private key as PEM, and the public one as clients want it: base64url of an uncompressed point."""

    pem: str
    public: str


async def own(db: Database) -> VapidKey:
    """This server's key; the first who asks makes it. Subscriptions hold only as long as it does."""
    async with db.read() as tx:
        pem = await tx.scalar(queries.KEY, name=NAME)
    if pem is None:
        async with db.write(durable=True) as tx:
            await tx.execute(queries.KEEP_KEY, name=NAME, pem=_new(), created_at=clock.now())
            pem = await tx.scalar(queries.KEY, name=NAME)
    point = Vapid02.from_pem(pem.encode()).public_key.public_bytes(
        Encoding.X962, PublicFormat.UncompressedPoint
    )
    return VapidKey(pem, base64url(point))


def base64url(data: bytes) -> str:
    """Without padding, as all of Web Push writes it."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _new() -> str:
    key = Vapid02()
    key.generate_keys()
    return str(key.private_pem().decode())
