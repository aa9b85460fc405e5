"""What the protocol works with, in one place: database, outgoing client, settings, and its short memory.

`fedcoop.wiring` builds one per process; every function that needs the network takes it as its first argument.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from activitypub.builders.actor import key_id, proof_key_id
from activitypub.client import Client
from activitypub.dialects import Signer
from activitypub.signatures import KeyCache
from activitypub.vocabulary import Actor
from fedcoop import clock
from fedcoop.accounts import access as account_access
from fedcoop.accounts import queries as account_queries
from fedcoop.config import Config
from fedcoop.db import Database, Tx
from fedcoop.errors import NotFound
from fedcoop.vault import ed25519_of, rsa_of

Writing = Callable[[Tx], Awaitable[None]]

DELIVER = "deliver"
"""What a transaction wakes when it has left something to deliver."""


@dataclass(frozen=True, slots=True)
class KnownKey:
    """A key of another server: whose it is, and its public half (PEM or Multikey)."""

    owner: str
    public: str


@dataclass(slots=True)
class Federation:
    """The protocol's tools. Open with `start` (needs the instance actor), close with `close`."""

    db: Database
    client: Client
    config: Config
    keys: KeyCache[KnownKey] = field(default_factory=lambda: KeyCache(4096))
    actors: KeyCache[Actor] = field(default_factory=lambda: KeyCache(256))
    """Documents just fetched to verify a signature, so that processing need not fetch them again."""
    signers: KeyCache[Signer] = field(default_factory=lambda: KeyCache(512))
    """Local accounts with their private keys, by account id."""
    _writes: list[tuple[Writing, asyncio.Future[None]]] = field(default_factory=list)
    _writer: asyncio.Task[None] | None = None
    failed: KeyCache[int] = field(default_factory=lambda: KeyCache(4096))
    """What could not be fetched, and until when (milliseconds) it is not tried again."""

    async def start(self) -> None:
        """Open the client and let it sign as the instance actor."""
        async with self.db.read() as tx:
            account = await account_access.instance_actor(tx)
        self.client.signer = await self.signer(account.id)
        await self.client.start()

    async def close(self) -> None:
        """Close the client's connections."""
        await self.client.close()

    async def together(self, write: Writing) -> None:
        """Run a small `write` in one transaction with those of other requests that come at the same time,
        which costs a fraction of one transaction each. Returns when it is committed; raises what the commit
        raises."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._writes.append((write, done))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_all())
        await done

    async def _write_all(self) -> None:
        while self._writes:
            taken, self._writes = self._writes, []
            try:
                async with self.db.write() as tx:
                    for write, _ in taken:
                        await write(tx)
            except Exception as problem:
                for _, done in taken:
                    if not done.done():
                        done.set_exception(problem)
            else:
                for _, done in taken:
                    if not done.done():
                        done.set_result(None)

    async def signer(self, account_id: int) -> Signer:
        """A local account as one who signs, with both of its keys. Raises `NotFound`."""
        found = self.signers.get(str(account_id))
        if found is None:
            async with self.db.read() as tx:
                account = await tx.one(account_queries.BY_ID, id=account_id)
                pem = await tx.scalar(account_queries.PRIVATE_KEY, account_id=account_id)
                seed = await tx.scalar(account_queries.PRIVATE_SEED, account_id=account_id)
            if account is None or pem is None or seed is None:
                raise NotFound
            found = Signer(
                key_id(account),
                self.db.vault.unlock_text(pem, rsa_of(account_id)),
                proof_key_id(account),
                Ed25519PrivateKey.from_private_bytes(
                    self.db.vault.unlock(bytes(seed), ed25519_of(account_id))
                ),
            )
            self.signers.put(str(account_id), found)
        return found

    def is_local(self, uri: str) -> bool:
        """Is this an address of our own?"""
        return uri.startswith((f"{self.config.base_url}/", f"{self.config.base_url}#")) or (
            uri == self.config.base_url
        )

    def failed_lately(self, uri: str) -> bool:
        """Was this tried in vain so lately that it is not worth another try?"""
        until = self.failed.get(uri)
        return until is not None and until > clock.now()

    def remember_failure(self, uri: str, seconds: int = 300) -> None:
        """Do not try `uri` again for so long."""
        self.failed.put(uri, clock.now() + seconds * 1000)


def new_client(config: Config) -> Client:
    """The outgoing client that fits the settings; it signs once the federation has started."""
    return Client(
        allow_private=config.allow_private_peers,
        own_host=config.domain,
        user_agent=f"fedcoop/0.1 (+{config.base_url}/)",
    )
