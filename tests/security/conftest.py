"""Servers of others, which lie."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.activitypub.remote import Remote, remote_server
from tests.words import Server, running


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


@pytest.fixture
async def small(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Server]:
    """A server on SQLite, where the database makes no difference."""
    async with running(sqlite_url, str(tmp_path)) as made:
        yield made
