"""The list in which a ranking is ordered, in a browser with scripts: by keyboard alone, and what is then sent."""

from __future__ import annotations

import shutil
from typing import Any

import pytest

from fedcoop.sessions import actions as sessions
from tests.web.pages.browser import browser_of
from tests.web.pages.test_options import ELECTION, asked
from tests.words import Server

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
async def test_a_ranking_is_ordered_by_keyboard_and_kept(server: Server) -> None:
    playwright: Any = pytest.importorskip("playwright.async_api", reason="playwright is not installed")
    alice = await server.joins("alice", member=True)
    assert alice.account is not None
    await asked(await browser_of(alice), ELECTION)
    async with server.db.write() as tx:
        secret = await sessions.begin(tx, alice.account.id, "Chromium")
    async with playwright.async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = await browser.new_context()
        url = server.config.base_url
        await context.add_cookies([{"name": "fedcoop_session", "value": secret, "url": url}])
        page = await context.new_page()
        await page.goto(f"{url}/coop/1")
        assert await page.locator(".ballot select:visible").count() == 0, (
            "the list takes the place of the selects"
        )
        for _ in range(3):
            await page.locator(".unranked button").first.press("Enter")
        await page.get_by_role("button", name="Cas: up").press("Enter")
        await page.keyboard.press("Enter")
        said = await page.locator("[aria-live]").inner_text()
        await page.get_by_role("button", name="Ann: do not rank").press("Enter")
        await page.get_by_role("button", name="Cast my ballot").press("Enter")
        receipt = await page.locator(".receipt p").first.inner_text()
        await browser.close()
    assert said == "Cas is on place 1 of 3."
    assert receipt == "You voted Cas > Bob"
