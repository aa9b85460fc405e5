"""The list in which a ranking is ordered: by keyboard, by finger, by dragging, without scripts, and what is then
sent."""

from __future__ import annotations

from playwright.async_api import Browser

from tests.browser.screens import DESK, Screen, signed_in
from tests.web.pages.browser import browser_of
from tests.web.pages.test_options import ELECTION, asked
from tests.words import Server


async def before_the_ballot(server: Server, chromium: Browser, *, scripts: bool = True) -> Screen:
    """Alice looks at an election of Ann, Bob and Cas, in which they all wait to be ranked."""
    alice = await server.joins("alice", member=True)
    await asked(await browser_of(alice), ELECTION)
    looking = await signed_in(chromium, alice, viewport=DESK, java_script_enabled=scripts)
    await looking.opens("/coop/1")
    return looking


async def receipt(alice: Screen) -> str:
    return await alice.page.locator(".receipt p").first.inner_text()


async def test_a_ranking_is_ordered_by_keyboard_and_kept(server: Server, chromium: Browser) -> None:
    alice = await before_the_ballot(server, chromium)
    page = alice.page
    assert await page.locator(".ballot select:visible").count() == 0, (
        "the list takes the place of the selects"
    )
    for _ in range(3):
        await alice.tabs_to("Add ")
        await alice.presses("Enter")
    await page.get_by_role("button", name="Cas: up").focus()
    await alice.presses("Enter", "Enter")
    assert await page.locator("[aria-live]").inner_text() == "Cas is on place 1 of 3."
    await page.get_by_role("button", name="Ann: do not rank").focus()
    await alice.presses("Enter")
    await alice.tabs_to("Cast my ballot")
    await alice.goes_on("Enter")
    assert await receipt(alice) == "You voted Cas > Bob"
    await page.context.close()


async def test_a_ranking_is_ordered_by_dragging_and_ordered_anew(server: Server, chromium: Browser) -> None:
    alice = await before_the_ballot(server, chromium)
    page = alice.page
    for _ in range(3):
        await page.locator(".unranked button").first.click()
    assert await page.locator(".ranked bdi").all_inner_texts() == ["Ann", "Bob", "Cas"]
    await page.locator(".ranked li", has_text="Cas").drag_to(page.locator(".ranked li", has_text="Ann"))
    assert await page.locator(".ranked bdi").all_inner_texts() == ["Cas", "Ann", "Bob"]
    await alice.clicks("Cast my ballot")
    assert await receipt(alice) == "You voted Cas > Ann > Bob"
    assert await page.locator(".ranked bdi").all_inner_texts() == ["Cas", "Ann", "Bob"], (
        "it stands as it was cast"
    )
    await page.locator(".ranked li", has_text="Cas").drag_to(page.locator(".ranked li", has_text="Bob"))
    await alice.clicks("Replace my ballot")
    assert await receipt(alice) == "You voted Ann > Bob > Cas"
    await page.context.close()


async def test_a_ranking_is_cast_without_scripts(server: Server, chromium: Browser) -> None:
    alice = await before_the_ballot(server, chromium, scripts=False)
    await alice.page.get_by_label("Bob").select_option("1")
    await alice.page.get_by_label("Ann").select_option("2")
    await alice.clicks("Cast my ballot")
    assert await receipt(alice) == "You voted Bob > Ann"
    await alice.page.context.close()
