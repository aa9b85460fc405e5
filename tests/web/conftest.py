"""Servers behind a loopback port, set up for what the tests of HTTP want to know."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.words import Server, running


@pytest.fixture
async def limited(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Server]:
    """A server that counts how often somebody asks, behind one trusted proxy."""
    async with running(sqlite_url, str(tmp_path), rate_limits=True, trusted_proxies=("127.0.0.1",)) as made:
        yield made


@pytest.fixture
async def small(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Server]:
    """One server on SQLite, where the database makes no difference."""
    async with running(sqlite_url, str(tmp_path)) as made:
        yield made
