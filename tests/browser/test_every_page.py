"""Every page in a real browser: nothing stands in the way of anybody, on a phone and at a desk, in light and in
dark, and nothing has to be scrolled sideways."""

from __future__ import annotations

from typing import Literal

import pytest
from playwright.async_api import Browser

from fedcoop import clock
from tests.browser.screens import AXE, DESK, PHONE, Screen, screen, signed_in
from tests.web.pages.browser import browser_of
from tests.web.pages.test_every_page import MEMBERS_PAGES, PUBLIC_PAGES, furnished
from tests.web.pages.test_options import ELECTION, asked
from tests.words import Server

pytestmark = pytest.mark.skipif(not AXE.is_file(), reason="needs what `make peers` installs")

MORE_PUBLIC = ("/coop/3", "/about/privacy-policy", "/nothing", "/@alice/nothing", "/login?next=/settings")
MORE_MEMBERS = ("/coop/2", "/coop/3", "/share?text=Hello", "/authorize_interaction", "/settings/account",
                "/coop/me", "/coop/elections", "/coop/new?act=suspend_domain", "/coop/new?act=options",
                "/coop/new?act=adopt_rule")  # fmt: skip
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
ARABIC = "هل نلتقي كل أسبوع؟"


async def looked_at(somebody: Screen, paths: tuple[str, ...]) -> None:
    found = []
    for path in dict.fromkeys(paths):
        await somebody.opens(path)
        for size in (PHONE, DESK):
            await somebody.page.set_viewport_size(size)
            for scheme in SCHEMES:
                await somebody.page.emulate_media(color_scheme=scheme)
                findings = await somebody.findings()
                found += [f"{path} {size['width']} {scheme}: {each}" for each in findings]
        found += [f"{path} is too wide: {each}" for each in await somebody.too_wide()]
    assert not found, "\n".join(found)


async def test_nothing_stands_in_the_way_of_strangers(server: Server, chromium: Browser) -> None:
    alice = await furnished(server)
    said = await alice.says(f"{LONG} {ARABIC} https://example.test/{'very-' * 30}long")
    await alice.says(f"@alice {ARABIC}", in_reply_to_id=said["id"])
    await asked(await browser_of(alice), {**ELECTION, "options": f"Ann\n{LONG}\n{ARABIC}"})
    await server.settle()
    clock.advance(seconds=9 * 24 * 3600)
    await server.settle()
    stranger = await screen(chromium, server, bypass_csp=True)
    await looked_at(stranger, (*PUBLIC_PAGES, *MORE_PUBLIC, f"/@alice/{said['id']}"))
    await stranger.page.context.close()


async def test_nothing_stands_in_the_way_of_members(server: Server, chromium: Browser) -> None:
    alice = await furnished(server)
    await asked(await browser_of(alice), {**ELECTION, "options": f"Ann\n{LONG}\n{ARABIC}"})
    await server.settle()
    member = await signed_in(chromium, alice, bypass_csp=True)
    await looked_at(member, (*MEMBERS_PAGES, *MORE_MEMBERS))
    await member.page.context.close()


async def test_nothing_stands_in_the_way_of_administrators(server: Server, chromium: Browser) -> None:
    tomas = await server.joins("tomas", role="admin", member=True)
    admin = await signed_in(chromium, tomas, bypass_csp=True)
    await looked_at(admin, ("/admin/federation", "/admin/reports", "/@tomas"))
    await admin.page.context.close()


async def test_a_page_that_is_full_of_faults_is_found_out(server: Server, chromium: Browser) -> None:
    """What the tests above see with is not blind."""
    somebody = await screen(chromium, server, bypass_csp=True)
    await somebody.opens("/about")
    await somebody.page.evaluate(
        """() => document.querySelector("main").insertAdjacentHTML("beforeend",
            '<p style="color:#777;background:#888;width:700px">Faint</p><img src="/static/icon.svg"><input>')"""
    )
    found = {each.partition(":")[0] for each in await somebody.findings()}
    assert {"color-contrast", "image-alt", "label"} <= found
    assert await somebody.too_wide()
    await somebody.page.context.close()
