"""The server that programs others wrote meet."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.words import Server, running


@pytest.fixture
async def server(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Server]:
    """On SQLite alone: what passes over the wire does not depend on the database."""
    async with running(sqlite_url, str(tmp_path)) as made:
        yield made
