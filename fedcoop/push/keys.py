"""The key by which push services know this server (VAPID, RFC 8292). Made once, kept in the database."""

from __future__ import annotations

from base64 import urlsafe_b64encode

import msgspec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02

from fedcoop import clock
from fedcoop.db import Database
from fedcoop.push import queries
from fedcoop.vault import server_key

NAME = "vapid"


class VapidKey(msgspec.Struct, frozen=True):
    """The private key as PEM, and the public one as clients want it: base64url of an uncompressed point."""

    pem: str
    public: str


async def own(db: Database) -> VapidKey:
    """This server's key; the first who asks makes it. Subscriptions hold only as long as it does."""
    async with db.read() as tx:
        kept = await tx.scalar(queries.KEY, name=NAME)
    if kept is None:
        async with db.write(durable=True) as tx:
            locked = tx.vault.lock_text(_new(), server_key(NAME))
            await tx.execute(queries.KEEP_KEY, name=NAME, pem=locked, created_at=clock.now())
            kept = await tx.scalar(queries.KEY, name=NAME)
    pem = db.vault.unlock_text(kept, server_key(NAME))
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
