"""Another address, and another password, for somebody who knows theirs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.emails.test_confirming import follow_link
from tests.mail.post_office import PostOffice, post_office, settings
from tests.second_factors.test_second_step import with_password
from tests.web.pages.browser import Browser, browser_of
from tests.words import PASSWORD, Server, running

OLD, NEW = "alice@example.test", "new@example.test"


@pytest.fixture
async def office() -> AsyncIterator[PostOffice]:
    async with post_office() as made:
        yield made


@pytest.fixture
async def server(database_url: str, tmp_path: Path, office: PostOffice) -> AsyncIterator[Server]:
    async with running(database_url, str(tmp_path), **settings(office)) as made:
        yield made


async def asks_for(
    server: Server, browser: Browser, email: str, password: str = PASSWORD, *, expect: int = 200
) -> str:
    page = await browser.open("/settings/account")
    fields = {"email": email, "password": password}
    said = await browser.send(page, "/settings/account/email", fields, expect=expect)
    await server.settle()
    return said.text


async def test_an_address_changes_once_the_new_one_is_proven(server: Server, office: PostOffice) -> None:
    _, browser = await with_password(server)
    await asks_for(server, browser, NEW)
    assert "is to change" in office.to(OLD)[-1]["Subject"]
    assert OLD in (await browser.open("/settings/account")).text
    assert NEW in await follow_link(server, office.link(NEW))
    await server.settle()
    assert "has changed" in office.to(OLD)[-1]["Subject"]
    page = await Browser(server).open("/login")
    login = Browser(server, dict(browser.cookies))
    assert NEW in (await login.open("/settings/account")).text
    assert page.status == 200


async def test_only_the_password_changes_the_address(server: Server, office: PostOffice) -> None:
    _, browser = await with_password(server)
    assert "not your password" in await asks_for(server, browser, NEW, "wrong", expect=422)
    assert "invalid" in await asks_for(server, browser, "nowhere", expect=422)
    assert not office.letters


async def test_nobody_learns_whose_an_address_is(server: Server, office: PostOffice) -> None:
    _, browser = await with_password(server)
    await server.joins("bob")
    assert await asks_for(server, browser, "bob@example.test") == await asks_for(server, browser, NEW)
    assert not office.to("bob@example.test")


async def test_an_address_that_is_taken_meanwhile_stays_theirs(server: Server, office: PostOffice) -> None:
    _, browser = await with_password(server)
    await asks_for(server, browser, "bob@example.test")
    await server.joins("bob")
    assert "Another account has this address" in await follow_link(
        server, office.link("bob@example.test"), expect=422
    )


async def test_a_new_password_signs_out_everybody_else(server: Server, office: PostOffice) -> None:
    alice, browser = await with_password(server)
    elsewhere = await browser_of(alice)
    page = await browser.open("/settings/security")
    send = {"present": PASSWORD, "new": "short"}
    assert "too short" in (await browser.send(page, "/settings/security/password", send, expect=422)).text
    send = {"present": "wrong", "new": "a whole new password"}
    assert "not your" in (await browser.send(page, "/settings/security/password", send, expect=422)).text
    send = {"present": PASSWORD, "new": "a whole new password"}
    await browser.send(page, "/settings/security/password", send, expect=200)
    await browser.open("/settings/security")
    await elsewhere.open("/settings/security", expect=303)
    await alice.get("/api/v1/accounts/verify_credentials", expect=401)
    await server.settle()
    assert "password" in office.to(OLD)[-1]["Subject"]
