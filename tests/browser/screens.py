"""Somebody in front of a screen: a real page in Chromium, and what eyes and fingers do with it."""

from __future__ import annotations

import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page, ViewportSize, async_playwright

from fedcoop import accounts
from fedcoop.sessions import actions as sessions
from fedcoop.sessions import passwords
from tests.words import PASSWORD, Person, Server

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
"""Chromium opens no connection of its own accord."""
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1280, "height": 800}
AXE = Path(__file__).parents[1] / "peers" / "node_modules" / "axe-core" / "axe.min.js"
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FINDINGS = """
    async standards => (await axe.run(document, {runOnly: standards})).violations.flatMap(
        each => each.nodes.map(node => `${each.id}: ${node.html.slice(0, 200)} ${node.failureSummary}`))
"""
FOCUSED = """
    () => {
        const at = document.activeElement;
        if (at === document.body) return {name: "the end of the page", seen: true};
        const drawn = element => element !== null && getComputedStyle(element).outlineStyle !== "none";
        const name = at.ariaLabel || at.labels?.[0]?.innerText || at.innerText || at.value || "";
        return {name: name.trim(), seen: drawn(at) || drawn(at.closest("label"))};
    }
"""
TOO_WIDE = """
    () => document.documentElement.scrollWidth > document.documentElement.clientWidth
        ? [...document.querySelectorAll("body *")].filter(
            each => each.getBoundingClientRect().right > document.documentElement.clientWidth
        ).map(each => each.outerHTML.slice(0, 120)).slice(0, 3)
        : []
"""


@asynccontextmanager
async def started() -> AsyncIterator[Browser]:
    """Chromium, without a window."""
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        await browser.close()


class Screen:
    """One page of one browser. `base_url` is where paths begin."""

    def __init__(self, page: Page, base_url: str) -> None:
        self.page, self.base_url = page, base_url

    async def opens(self, path: str) -> None:
        await self.page.goto(self.base_url + path)

    async def presses(self, *keys: str) -> None:
        for key in keys:
            await self.page.keyboard.press(key)

    async def goes_on(self, key: str) -> None:
        """Press a key that leads to another page, and wait for that."""
        async with self.page.expect_navigation():
            await self.page.keyboard.press(key)

    async def clicks(self, name: str) -> None:
        """The first button or link with this name below the page's head."""
        main = self.page.locator("main")
        await main.get_by_role("button", name=name).or_(main.get_by_role("link", name=name)).first.click()

    async def chooses(self, answer: str) -> None:
        """Mark the answer that begins with this word."""
        await self.page.get_by_role("radio", name=re.compile(f"^{answer}")).check()

    async def fills(self, **fields: str) -> None:
        """Type into fields by their names."""
        for name, value in fields.items():
            await self.page.fill(f"main [name={name}]", value)

    async def logs_in(self, name: str) -> None:
        """On the page of the login."""
        await self.fills(who=name, password=PASSWORD)
        await self.clicks("Log in")

    async def tabs_to(self, name: str) -> None:
        """Press Tab until something with this name has the focus, which has to be visible all the way."""
        for _ in range(120):
            await self.page.keyboard.press("Tab")
            focused = await self.page.evaluate(FOCUSED)
            assert focused["seen"], f"nobody sees that the focus is on {focused['name'][:100]!r}"
            if focused["name"].casefold().startswith(name.casefold()):
                return
        raise AssertionError(f"no way leads to {name!r} by keyboard")

    async def text(self) -> str:
        return await self.page.inner_text("main")

    async def too_wide(self) -> list[str]:
        """What makes the page scroll sideways on the narrowest phone."""
        await self.page.set_viewport_size({"width": 320, "height": 640})
        found: list[str] = await self.page.evaluate(TOO_WIDE)
        return found

    async def findings(self) -> list[str]:
        """What stands in somebody's way on this page, as axe tells it."""
        if not await self.page.evaluate("() => 'axe' in window"):
            await self.page.evaluate(AXE.read_text("utf-8"))
        found: list[str] = await self.page.evaluate(FINDINGS, STANDARDS)
        return found


async def screen(browser: Browser, server: Server, **options: Any) -> Screen:
    """A new browser window on this server; `options` are Playwright's for a context."""
    options = {"viewport": PHONE, "reduced_motion": "reduce", **options}
    return Screen(await (await browser.new_context(**options)).new_page(), server.config.base_url)


async def with_password(person: Person) -> Person:
    """Somebody who can log in."""
    assert person.account is not None
    hashed = await passwords.hashed(PASSWORD)
    async with person.server.db.write() as tx:
        await accounts.actions.set_password(tx, person.account.id, hashed)
    return person


async def signed_in(browser: Browser, person: Person, **options: Any) -> Screen:
    """A window in which somebody is signed in already."""
    made = await screen(browser, person.server, **options)
    assert person.account is not None
    async with person.server.db.write() as tx:
        secret = await sessions.begin(tx, person.account.id, "Chromium")
    await made.page.context.add_cookies(
        [{"name": "fedcoop_session", "value": secret, "url": person.server.config.base_url}]
    )
    return made
