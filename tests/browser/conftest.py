"""A real browser for each test, where one is installed."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser

from tests.browser.screens import CHROMIUM, started


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    """Debian's Chromium, driven from outside."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    async with started() as browser:
        yield browser
