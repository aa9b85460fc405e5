"""One server on SQLite, where the database makes no difference."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.words import Server, running


@pytest.fixture
async def small(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Server]:
    async with running(sqlite_url, str(tmp_path), media_max_bytes=2_000_000) as made:
        yield made
