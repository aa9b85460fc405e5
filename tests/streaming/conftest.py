"""A server for what does not depend on the kind of database."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.words import Server, running


@pytest.fixture
async def small(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Server]:
    """A whole server on loopback, on SQLite."""
    async with running(sqlite_url, str(tmp_path)) as made:
        yield made
