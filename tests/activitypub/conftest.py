"""Fixtures of the protocol's tests: a client that may ask loopback, and servers to ask."""

from collections.abc import AsyncIterator

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from activitypub.client import Client
from activitypub.dialects import Signer
from fedcoop.db import Database
from tests.activitypub.coop import Coop, coop_on
from tests.activitypub.remote import Remote, private_pem, remote_server


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    """The outgoing client as a trial instance has it: loopback and plain http are allowed."""
    found = Client(
        allow_private=True,
        own_host="coop.test",
        signer=Signer(
            "https://coop.test/actor#main-key",
            private_pem("instance"),
            "https://coop.test/actor#ed25519-key",
            Ed25519PrivateKey.from_private_bytes(bytes(32)),
        ),
    )
    await found.start()
    yield found
    await found.close()


@pytest.fixture
async def remote() -> AsyncIterator[Remote]:
    """Another server."""
    async with remote_server() as found:
        yield found


@pytest.fixture
async def other() -> AsyncIterator[Remote]:
    """A third server, of another origin."""
    async with remote_server() as found:
        yield found


@pytest.fixture
async def coop(db: Database) -> AsyncIterator[Coop]:
    """Our server's half of the protocol on a database of each kind, without HTTP in front."""
    async with coop_on(db) as found:
        yield found
