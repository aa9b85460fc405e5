"""Servers of others, which lie."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.activitypub.remote import Remote, remote_server


@pytest.fixture
async def remote() -> AsyncIterator[Remote]:
    """The server on which bob is honest."""
    async with remote_server() as found:
        found.add_actor("bob")
        yield found


@pytest.fixture
async def evil() -> AsyncIterator[Remote]:
    """The server on which mallory is not."""
    async with remote_server() as found:
        found.add_actor("mallory")
        yield found
