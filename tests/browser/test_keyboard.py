"""What members do with a keyboard only: propose, withdraw, rank, stand, guard the login. Reading, asking and
voting so is in `test_story`."""

from __future__ import annotations

import pyotp
from playwright.async_api import Browser

from fedcoop import clock
from tests.browser.screens import DESK, Screen, signed_in, with_password
from tests.web.pages.browser import browser_of
from tests.web.pages.test_elections import called
from tests.web.pages.test_options import ELECTION, asked
from tests.words import PASSWORD, Server


async def types(somebody: Screen, **fields: str) -> None:
    """Go to each field by its label and type."""
    for label, words in fields.items():
        await somebody.tabs_to(label.replace("_", " "))
        await somebody.page.keyboard.type(words)


async def follows(somebody: Screen, name: str) -> None:
    """Go to a link or a button and press it."""
    await somebody.tabs_to(name)
    await somebody.goes_on("Enter")


async def test_a_member_proposes_ranks_stands_and_guards_the_login(server: Server, chromium: Browser) -> None:
    person = await with_password(await server.joins("alice", member=True))
    pages = await browser_of(person)
    await asked(pages, ELECTION)
    await called(pages)
    alice = await signed_in(chromium, person, viewport=DESK)
    page = alice.page

    await alice.opens("/coop/new")
    await follows(alice, "Decide something in words")
    await types(alice, Title="We meet on Thursdays", Text="In the library.", What_kind="Words")
    await follows(alice, "Propose it")
    assert await page.inner_text("h1") == "We meet on Thursdays"
    assert "Words only" in await page.inner_text(".kicker")
    await alice.tabs_to("Withdraw it")
    await alice.presses("Enter")
    await follows(alice, "Withdraw it")
    assert (await page.inner_text(".stamp")).casefold() == "withdrawn"

    await alice.opens("/coop/1")
    for _ in range(2):
        await alice.tabs_to("Add ")
        await alice.presses("Enter")
    await follows(alice, "Cast my ballot")
    assert await page.locator(".receipt b").first.inner_text() == "Ann > Bob"

    await alice.opens("/coop/elections")
    await follows(alice, "Election: moderator")
    await types(alice, Your_statement="I read slowly.")
    await follows(alice, "I stand")
    assert "I read slowly." in await page.inner_text(".tickets")

    await alice.opens("/settings/security")
    await alice.tabs_to("Add an app")
    await alice.presses("Enter")
    await types(alice, Your_password=PASSWORD)
    await follows(alice, "Continue")
    app = pyotp.TOTP(await page.inner_text(".scan + p code"))
    await types(alice, Code=app.at(clock.now() // 1000))
    await follows(alice, "Ask for a code at each login")
    assert await page.locator(".codes code").count() >= 8
    await page.context.close()
