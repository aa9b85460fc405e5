"""A proposal from the first look to the receipt, told by a member with a phone, with and without scripts, and by
one who has a keyboard only."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser

from fedcoop import clock
from tests.browser.screens import DESK, screen, with_password
from tests.web.pages.browser import browser_of
from tests.web.pages.test_voting import proposed
from tests.words import Server

DAYS = 8 * 24 * 3600


async def proposal(server: Server) -> None:
    """Bob has proposed to suspend a server, and the assembly has asked."""
    await with_password(await server.joins("alice", member=True))
    await proposed(await browser_of(await server.joins("bob", member=True)))
    await server.settle()


async def closed(server: Server) -> None:
    clock.advance(seconds=DAYS)
    await server.settle()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
async def test_a_member_follows_a_proposal_to_its_end_on_a_phone(
    server: Server, chromium: Browser, scripts: bool
) -> None:
    await proposal(server)
    alice = await screen(chromium, server, has_touch=True, is_mobile=True, java_script_enabled=scripts)
    page = alice.page
    await alice.opens("/coop/1")
    await alice.clicks("Log in to vote")
    await alice.logs_in("alice")
    assert await page.inner_text("h1") == "Stop talking to spam.example"
    assert "They spam." in await alice.text()

    await page.get_by_label("Ask or say something").fill("Has anybody written to them, @bob?")
    await alice.clicks("Send")
    assert "What you wrote is in the discussion." in await alice.text()
    assert "Has anybody written to them" in await page.inner_text(".talk .post")

    await alice.chooses("disagree")
    await page.get_by_label("Reason").fill("Too soon.")
    await alice.clicks("Cast my ballot")
    assert "You voted disagree: “Too soon.”" in await page.inner_text(".receipt")
    await alice.chooses("agree")
    await page.get_by_label("Reason").fill("")
    await alice.clicks("Replace my ballot")
    assert "You voted agree" in await page.inner_text(".receipt")

    await closed(server)
    await alice.opens("/coop/1")
    assert await page.inner_text(".stamp") in ("CARRIED OUT", "Carried out")
    assert await page.locator(".result .counts .is-agree b").inner_text() == "1"
    await page.locator("summary", has_text="Your receipt").click()
    assert server.config.domain in await page.inner_text(".receipt pre")
    async with page.expect_download() as download:
        await alice.clicks("Download the proof")
    assert (await download.value).suggested_filename.endswith(".tlog-proof")
    await alice.clicks("ledger")
    assert "Entry" in await page.inner_text("h1")
    await page.context.close()


async def test_a_member_decides_with_a_keyboard_alone(server: Server, chromium: Browser) -> None:
    await proposal(server)
    alice = await screen(chromium, server, viewport=DESK)
    page, keyboard = alice.page, alice.page.keyboard
    await alice.opens("/coop/1")
    await alice.presses("Tab")
    assert await page.locator(".skip").is_visible(), "the first stop skips to the content"
    await alice.presses("Enter")
    assert await page.evaluate("document.activeElement.id") == "main"
    await alice.tabs_to("Log in to vote")
    await alice.goes_on("Enter")
    await alice.tabs_to("User name or e-mail")
    await keyboard.type("alice")
    await alice.tabs_to("Password")
    await keyboard.type("a long enough password")
    await alice.goes_on("Enter")

    await alice.tabs_to("agree")
    await alice.presses("ArrowDown", "ArrowDown")
    await alice.tabs_to("Reason")
    await keyboard.type("Too soon.")
    await alice.tabs_to("Cast my ballot")
    await alice.goes_on("Enter")
    assert "You voted disagree: “Too soon.”" in await page.inner_text(".receipt")
    await alice.tabs_to("disagree")
    await alice.presses("ArrowUp", "ArrowUp")
    await alice.tabs_to("Replace my ballot")
    await alice.goes_on("Space")
    assert "You voted agree" in await page.inner_text(".receipt")

    await alice.tabs_to("Ask or say something")
    await keyboard.type("Why now?")
    await alice.tabs_to("Send")
    await alice.goes_on("Enter")
    assert "Why now?" in await page.inner_text(".talk .post")

    await closed(server)
    await alice.opens("/coop/1")
    await alice.tabs_to("Your receipt")
    await alice.presses("Enter")
    assert await page.locator(".receipt pre").is_visible()
    await page.context.close()
