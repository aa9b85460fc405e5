"""One small server for the tests of pages. Pages have no SQL of their own, so SQLite is enough, but for
one test that opens them all."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.web.pages.browser import Browser
from tests.words import Server, running


@pytest.fixture
async def server(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Server]:
    async with running(sqlite_url, str(tmp_path), title="Harbour Commons") as server:
        yield server


@pytest.fixture
def stranger(server: Server) -> Browser:
    """A browser in which nobody is signed in."""
    return Browser(server)
