"""Members sign in and out in a browser."""

from __future__ import annotations

import pytest

from tests.web.browser import Browser
from tests.web.oauth.asking import (
    log_in,
)
from tests.words import Person, Server


async def test_a_wrong_password_and_an_unknown_name_look_the_same(
    small: Server, browser: Browser, alice: Person
) -> None:
    answers = []
    for who in ("alice", "nobody", "alice@example.test", "nobody@example.test"):
        page = await log_in(browser, await browser.open("/login"), who, "wrong password")
        assert page.status == 422
        answers.append(page.text.replace(who, "").replace(page.form["csrf"], ""))
    assert len(set(answers)) == 1


async def test_signing_in_begins_a_new_session_and_signing_out_ends_it(
    small: Server, browser: Browser, alice: Person
) -> None:
    page = await browser.open("/login", next="/about")
    page = await log_in(browser, page, "ALICE@example.test")
    assert page.url.path == "/about"
    assert "@alice" in page.text
    [cookie] = [c for c in browser.session.cookie_jar if c.key == "fedcoop_session"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    stolen = {"fedcoop_session": cookie.value}
    page = await browser.open("/about")
    await browser.post("/logout", csrf=page.text.partition('name="csrf" value="')[2].partition('"')[0])
    async with small.http.get(f"{small.config.base_url}/about", cookies=stolen) as response:
        assert "@alice" not in await response.text()


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "\t//evil"],
)
async def test_after_the_login_nobody_is_led_away(
    small: Server, browser: Browser, alice: Person, target: str
) -> None:
    page = await log_in(browser, await browser.open("/login", next=target))
    assert page.url.host == "127.0.0.1"


async def test_a_disabled_account_gets_in_nowhere(small: Server, browser: Browser, alice: Person) -> None:
    from fedcoop.accounts import actions

    await log_in(browser, await browser.open("/login"))
    async with small.db.write() as tx:
        assert alice.account
        await actions.disable(tx, alice.account.id)
    answer = await alice.get("/api/v1/accounts/verify_credentials", expect=403)
    assert answer == {"error": "Your login is currently disabled"}
    assert "@alice" not in (await browser.open("/about")).text
    page = await log_in(browser, await browser.open("/login"))
    assert "disabled" in page.text
