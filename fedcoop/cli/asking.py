"""Asking another server from the command line, with the client that all requests to others go through."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from fedcoop.config import Config
from fedcoop.errors import Invalid

if TYPE_CHECKING:
    from activitypub.client import Client


@asynccontextmanager
async def asking(config: Config, url: str) -> AsyncIterator[Client]:
    """The client that asks other servers. Raises `Invalid` with a sentence where `url` cannot be read."""
    from activitypub.errors import FetchError
    from activitypub.federation import new_client

    client = new_client(config)
    await client.start()
    try:
        yield client
    except FetchError as problem:
        hint = (
            "" if config.allow_private_peers else " (plain http and private addresses: allow_private_peers)"
        )
        raise Invalid(f"{url} could not be read: {problem}{hint}") from None
    finally:
        await client.close()
