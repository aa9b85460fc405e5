"""The second step of a login: who has one does not get in without it, and no answer is good twice."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pyotp
import pytest

from fedcoop import accounts, clock
from fedcoop.accounts.types import Account
from fedcoop.sessions import passwords
from tests.second_factors.authenticator import Authenticator
from tests.web.pages.browser import Browser, Page, browser_of
from tests.words import PASSWORD, Person, Server, running

WRONG = "not right, or was used before"
OVER = "Begin again"


@dataclass
class Guarded:
    """Alice, her browser that is signed in, and what she set up."""

    person: Person
    browser: Browser
    app: pyotp.TOTP
    codes: list[str]

    def code(self) -> str:
        return self.app.at(clock.now() // 1000)


async def with_password(server: Server, name: str = "alice") -> tuple[Person, Browser]:
    person = await server.joins(name)
    hashed = await passwords.hashed(PASSWORD)
    async with server.db.write() as tx:
        assert isinstance(person.account, Account)
        await accounts.actions.set_password(tx, person.account.id, hashed)
    return person, await browser_of(person)


async def guarded(server: Server) -> Guarded:
    alice, browser = await with_password(server)
    page = await browser.open("/settings/security")
    page = await browser.send(page, "/settings/security/app", {"password": PASSWORD}, expect=200)
    assert "<svg" in page.source
    app = pyotp.TOTP(page.root.one("code").text)
    shown = await browser.send(
        page, "/settings/security/app/confirm", {"code": app.at(clock.now() // 1000)}, expect=200
    )
    clock.advance(seconds=60)
    return Guarded(alice, browser, app, [each.text for each in shown.root.all("code")])


async def first_step(server: Server, next_: str = "/about") -> tuple[Browser, Page]:
    browser = Browser(server)
    page = await browser.open(f"/login?next={next_}")
    return browser, await browser.send(page, "/login", {"who": "alice", "password": PASSWORD}, expect=200)


async def signed_in(browser: Browser) -> bool:
    answer = await browser.server.anybody.ask(
        "GET", "/settings/security", expect=None,
        headers={"Cookie": "; ".join(f"{name}={value}" for name, value in browser.cookies.items())},
    )  # fmt: skip
    return answer.status == 200


async def test_the_password_alone_opens_nothing(server: Server) -> None:
    alice = await guarded(server)
    browser, page = await first_step(server)
    assert "One more step" in page.text
    assert not await signed_in(browser)
    done = await browser.send(page, "/login/second", {"code": alice.code()})
    assert done.location == "/about"
    assert await signed_in(browser)


async def test_the_second_step_alone_opens_nothing(server: Server) -> None:
    alice = await guarded(server)
    browser = Browser(server)
    page = await browser.open("/login")
    csrf = page.root.all("input", name="csrf")[0]["value"]
    for step in ("", "x" * 43):
        fields = {"csrf": csrf, "step": step, "code": alice.code()}
        assert OVER in (await browser.post("/login/second", fields, expect=422)).text
    assert not await signed_in(browser)


async def test_a_code_is_good_once(server: Server) -> None:
    alice = await guarded(server)
    code = alice.code()
    browser, page = await first_step(server)
    await browser.send(page, "/login/second", {"code": code})
    again, page = await first_step(server)
    assert WRONG in (await again.send(page, "/login/second", {"code": code}, expect=422)).text
    # Neither is the one before it, which the drift of clocks would allow.
    earlier = alice.app.at(clock.now() // 1000 - 30)
    assert WRONG in (await again.send(page, "/login/second", {"code": earlier}, expect=422)).text
    assert not await signed_in(again)


async def test_a_recovery_code_is_good_once(server: Server) -> None:
    alice = await guarded(server)
    assert len(alice.codes) == 10
    browser, page = await first_step(server)
    await browser.send(page, "/login/second", {"code": alice.codes[0].lower().replace("-", " ")})
    assert await signed_in(browser)
    again, page = await first_step(server)
    assert WRONG in (await again.send(page, "/login/second", {"code": alice.codes[0]}, expect=422)).text
    assert "9 codes left" in (await alice.browser.open("/settings/security")).text


async def test_ten_wrong_codes_end_the_login(server: Server) -> None:
    alice = await guarded(server)
    browser, page = await first_step(server)
    for _ in range(9):
        await browser.send(page, "/login/second", {"code": "000000"}, expect=422)
    assert OVER in (await browser.send(page, "/login/second", {"code": "000000"}, expect=422)).text
    assert OVER in (await browser.send(page, "/login/second", {"code": alice.code()}, expect=422)).text
    assert not await signed_in(browser)


async def test_the_second_step_may_not_take_long(server: Server) -> None:
    alice = await guarded(server)
    browser, page = await first_step(server)
    clock.advance(seconds=601)
    assert OVER in (await browser.send(page, "/login/second", {"code": alice.code()}, expect=422)).text


async def test_whoever_is_disabled_meanwhile_stays_out(server: Server) -> None:
    alice = await guarded(server)
    browser, page = await first_step(server)
    assert alice.person.account is not None
    async with server.db.write() as tx:
        await accounts.actions.disable(tx, alice.person.account.id)
    await browser.send(page, "/login/second", {"code": alice.code()}, expect=422)
    assert not await signed_in(browser)


async def test_tries_of_one_account_are_counted_over_all_logins(sqlite_url: str, tmp_path: Path) -> None:
    async with running(sqlite_url, str(tmp_path), rate_limits=True) as server:
        alice = await guarded(server)
        statuses = []
        for _ in range(4):
            browser, page = await first_step(server)
            for _ in range(3):
                answer = await server.anybody.ask(
                    "POST", "/login/second", expect=None,
                    data={each["name"]: each["value"] for each in page.root.all("form", action="/login/second")[0]
                          .all("input", type="hidden")} | {"code": "000000"},
                    headers={"Cookie": "; ".join(f"{k}={v}" for k, v in browser.cookies.items()),
                             "Accept": "text/html"},
                )  # fmt: skip
                statuses.append(answer.status)
        assert statuses == [422] * 10 + [429] * 2
        assert alice.codes


async def test_nothing_changes_without_the_password(server: Server) -> None:
    alice = await guarded(server)
    page = await alice.browser.open("/settings/security")
    for path in ("app/remove", "keys/new", "codes"):
        wrong = {"password": "not the password", "name": "x"}
        said = await alice.browser.send(page, f"/settings/security/{path}", wrong, expect=422)
        assert "not your password" in said.text
    _, page = await first_step(server)
    assert "One more step" in page.text


async def test_an_app_that_shows_another_code_is_not_taken(server: Server) -> None:
    _, browser = await with_password(server)
    page = await browser.open("/settings/security")
    page = await browser.send(page, "/settings/security/app", {"password": PASSWORD}, expect=200)
    app = pyotp.TOTP(page.root.one("code").text)
    wrong = app.at(clock.now() // 1000 - 3600)
    said = await browser.send(page, "/settings/security/app/confirm", {"code": wrong}, expect=422)
    assert "not the code" in said.text
    login = Browser(server)
    page = await login.open("/login")
    await login.send(page, "/login", {"who": "alice", "password": PASSWORD})


async def test_removing_the_app_leaves_the_password(server: Server) -> None:
    alice = await guarded(server)
    page = await alice.browser.open("/settings/security")
    await alice.browser.send(page, "/settings/security/app/remove", {"password": PASSWORD}, expect=200)
    browser = Browser(server)
    page = await browser.open("/login")
    await browser.send(page, "/login", {"who": "alice", "password": PASSWORD})
    assert await signed_in(browser)


def question(page: Page) -> str:
    return next(form["data-options"] for form in page.root.all("form") if form["data-key"])


async def with_key(server: Server, key: Authenticator, *, expect: int = 200) -> tuple[Browser, Page]:
    _, browser = await with_password(server)
    page = await browser.open("/settings/security")
    new = {"password": PASSWORD, "name": "Blue"}
    page = await browser.send(page, "/settings/security/keys/new", new, expect=200)
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    answer = {"answer": key.create(question(page))}
    return browser, await browser.send(page, "/settings/security/keys", answer, expect=expect)


def key_of(server: Server, origin: str = "") -> Authenticator:
    return Authenticator(origin or server.config.base_url, "127.0.0.1")


async def test_a_security_key_is_the_second_step(server: Server) -> None:
    key = key_of(server)
    mine, shown = await with_key(server, key)
    assert len(shown.root.all("code")) == 10
    assert "Blue" in (await mine.open("/settings/security")).text
    browser, page = await first_step(server, "/coop")
    assert re.search(r"/static/keys\.\w+\.js", page.source)
    answer = key.get(question(page))
    done = await browser.send(page, "/login/second", {"answer": answer})
    assert done.location == "/coop"
    assert await signed_in(browser)
    # What it signed once is good for that login alone.
    again, page = await first_step(server)
    assert "did not give" in (await again.send(page, "/login/second", {"answer": answer}, expect=422)).text
    assert not await signed_in(again)


async def test_another_key_and_a_copied_one_are_refused(server: Server) -> None:
    key = key_of(server)
    await with_key(server, key)
    browser, page = await first_step(server)
    stranger = key_of(server)
    copied = key_of(server)
    copied.key, copied.id, copied.count = key.key, key.id, 0
    phished = key_of(server, "https://evil.test")
    phished.key, phished.id, phished.count = key.key, key.id, 50
    for each in (stranger, copied, phished):
        said = await browser.send(page, "/login/second", {"answer": each.get(question(page))}, expect=422)
        assert "did not give" in said.text
    for nonsense in ("{}", "nonsense", "[]", '{"id": 5}', "\x00", "null"):
        await browser.send(page, "/login/second", {"answer": nonsense}, expect=422)
    assert not await signed_in(browser)


async def test_a_key_of_another_page_is_not_added(server: Server) -> None:
    _, page = await with_key(server, key_of(server, "https://evil.test"), expect=422)
    assert "could not be added" in page.text


async def test_nobody_adds_a_key_to_somebody_else(server: Server) -> None:
    _, hers = await with_password(server)
    eve, evil = await with_password(server, "eve")
    page = await hers.open("/settings/security")
    new = {"password": PASSWORD, "name": "Blue"}
    page = await hers.send(page, "/settings/security/keys/new", new, expect=200)
    step = page.root.all("input", name="step")[0]["value"]
    csrf = (await evil.open("/settings/security")).root.all("input", name="csrf")[0]["value"]
    fields = {"csrf": csrf, "step": step, "answer": key_of(server).create(question(page)), "name": "x"}
    await evil.post("/settings/security/keys", fields, expect=404)
    assert eve.id


@pytest.mark.parametrize("path", ["/settings/account", "/settings/security"])
async def test_settings_are_for_who_is_signed_in(server: Server, path: str) -> None:
    assert (await Browser(server).open(path, expect=303)).location.startswith("/login?next=")
