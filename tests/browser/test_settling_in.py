"""Somebody joins, guards their login with a second step, looks at their settings and reads the record, by the
pages alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pyotp
import pytest
from playwright.async_api import Browser

from fedcoop import clock
from tests.browser.screens import Screen, screen, signed_in, with_password
from tests.web.pages.browser import browser_of
from tests.web.pages.test_voting import proposed
from tests.words import PASSWORD, Server, running

KEY = {
    "protocol": "ctap2",
    "transport": "usb",
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
"""The security key that Chromium plays by itself."""


@pytest.fixture
async def named(database_url: str, tmp_path: Path) -> AsyncIterator[Server]:
    """A server with a name in place of an address."""
    async with running(database_url, str(tmp_path), host="localhost") as made:
        yield made


async def opened(somebody: Screen, summary: str) -> None:
    """Open the part of the security page with this summary and say the password there."""
    await somebody.opens("/settings/security")
    part = somebody.page.locator("details", has_text=summary)
    await part.locator("summary").click()
    if await part.locator("[name=name]").count():
        await part.locator("[name=name]").fill("Blue")
    await part.locator("[name=password]").fill(PASSWORD)
    await part.get_by_role("button").click()


async def test_somebody_joins_and_guards_the_login_with_an_app(server: Server, chromium: Browser) -> None:
    dana = await screen(chromium, server, java_script_enabled=False)
    page = dana.page
    await dana.opens("/register")
    await dana.fills(username="dana", email="dana@example.test", password=PASSWORD)
    await page.get_by_role("checkbox").check()
    await dana.clicks("Create my account")
    await opened(dana, "Add an app")
    app = pyotp.TOTP(await page.inner_text(".scan + p code"))
    await dana.fills(code=app.at(clock.now() // 1000))
    await dana.clicks("Ask for a code at each login")
    codes = await page.locator(".codes code").all_inner_texts()
    assert len(codes) >= 8
    await page.get_by_role("button", name="Log out").click()

    clock.advance(seconds=60)
    for code in (app.at(clock.now() // 1000), codes[0]):
        await dana.opens("/login?next=/settings/account")
        await dana.logs_in("dana")
        assert await page.inner_text("h1") == "One more step"
        await dana.fills(code="000000")
        await dana.clicks("Log in")
        assert "not right" in await page.inner_text("[role=alert]")
        await dana.fills(code=code)
        await dana.clicks("Log in")
        assert page.url.endswith("/settings/account")
        await page.get_by_role("button", name="Log out").click()
    await page.context.close()


async def test_a_security_key_opens_the_login_and_can_be_taken_away(named: Server, chromium: Browser) -> None:
    alice = await signed_in(chromium, await with_password(await named.joins("alice")))
    page = alice.page
    keys = await page.context.new_cdp_session(page)
    await keys.send("WebAuthn.enable")
    await keys.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    await opened(alice, "Add a key")
    await alice.clicks("Add the key")
    await page.locator(".codes").wait_for()
    await page.get_by_role("button", name="Log out").click()

    await alice.opens("/login?next=/settings/security")
    await alice.logs_in("alice")
    async with page.expect_navigation():
        await alice.clicks("Use my security key")
    assert page.url.endswith("/settings/security")
    assert "Blue" in await alice.text()
    await opened(alice, "Remove Blue")
    assert "Blue" not in await alice.text()
    await page.context.close()


async def test_the_record_is_read_from_its_page_to_the_proof_of_an_entry(
    server: Server, chromium: Browser
) -> None:
    await proposed(await browser_of(await server.joins("alice", member=True)))
    await server.settle()
    stranger = await screen(chromium, server, java_script_enabled=False)
    page = stranger.page
    await stranger.opens("/about")
    await page.get_by_role("navigation").get_by_role("link", name="Ledger").click()
    assert "Stop talking to spam.example" in await stranger.text()
    await page.locator(".ticket", has_text="was made").locator(".stub a").click()
    assert "Stop talking to spam.example" in await stranger.text()
    async with page.expect_download() as download:
        await page.locator("main a[href$='.tlog-proof']").first.click()
    proof = Path(await (await download.value).path())
    assert server.config.domain in await asyncio.to_thread(proof.read_text, "utf-8")
    await page.context.close()


async def test_every_section_of_the_settings_is_reached_by_its_link(
    server: Server, chromium: Browser
) -> None:
    alice = await signed_in(chromium, await server.joins("alice"), java_script_enabled=False)
    page = alice.page
    await alice.opens("/settings")
    seen = set()
    for name in await page.locator(".sections a").all_inner_texts():
        await page.locator(".sections").get_by_role("link", name=name, exact=True).click()
        assert await page.inner_text(".sections [aria-current]") == name
        seen.add(await page.inner_text("h1"))
    assert len(seen) >= 6
    await page.context.close()
