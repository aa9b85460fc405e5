"""A real browser for each test, where one is installed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.browser.screens import CHROMIUM, started
from tests.words import Server, running


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    """Debian's Chromium, driven from outside."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    async with started() as browser:
        yield browser


@pytest.fixture
async def server(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Server]:
    """On SQLite alone: what a page looks like does not depend on the database."""
    async with running(sqlite_url, str(tmp_path)) as made:
        yield made
