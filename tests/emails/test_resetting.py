"""Somebody who has forgotten their password gets a new one, and nobody learns who has an account."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from fedcoop import accounts, clock
from fedcoop.sessions import passwords
from tests.mail.post_office import PostOffice, post_office, settings
from tests.web.pages.browser import Browser, browser_of
from tests.words import Server, running

ALICE = "alice@example.test"
NEW = "an entirely new password"


@pytest.fixture
async def office() -> AsyncIterator[PostOffice]:
    async with post_office() as made:
        yield made


@pytest.fixture
async def server(database_url: str, tmp_path: Path, office: PostOffice) -> AsyncIterator[Server]:
    async with running(database_url, str(tmp_path), **settings(office)) as made:
        yield made


async def asked(server: Server, email: str, *, expect: int = 200) -> str:
    browser = Browser(server)
    page = await browser.open("/auth/password/new", expect=303)
    page = await browser.open(page.location)
    said = await browser.send(page, "/password", {"email": email}, expect=expect)
    await server.settle()
    return said.text


async def test_a_new_password_ends_whatever_was_signed_in(server: Server, office: PostOffice) -> None:
    alice = await server.joins("alice")
    before = await browser_of(alice)
    await asked(server, " Alice@Example.test ")
    browser = Browser(server)
    link = office.link(ALICE)
    page = await browser.open(link)
    assert "too short" in (await browser.send(page, "/password/reset", {"password": "x"}, expect=422)).text
    done = await browser.send(page, "/password/reset", {"password": NEW}, expect=200)
    assert "new password" in done.text
    assert (await before.open("/settings/sessions", expect=303)).location.startswith("/login")
    await alice.get("/api/v1/accounts/verify_credentials", expect=401)
    page = await browser.open("/login")
    await browser.send(page, "/login", {"who": "alice", "password": NEW})
    await server.settle()
    assert "has changed" in office.to(ALICE)[-1]["Subject"]
    await browser.open(link, expect=422)


async def test_nobody_learns_whose_address_it_is(server: Server, office: PostOffice) -> None:
    await server.joins("alice")
    assert await asked(server, ALICE) == await asked(server, "nobody@example.test")
    assert not office.to("nobody@example.test")
    async with server.db.write() as tx:
        found = await accounts.access.by_handle(tx, "alice")
        assert found is not None
        await accounts.actions.disable(tx, found.id)
    assert "If an account here" in await asked(server, ALICE)
    assert len(office.to(ALICE)) == 1


async def test_a_link_is_good_for_an_hour_and_once(server: Server, office: PostOffice) -> None:
    await server.joins("alice")
    await asked(server, ALICE)
    first = office.link(ALICE)
    await asked(server, ALICE)
    await Browser(server).open(first, expect=422)
    clock.advance(seconds=3601)
    browser = Browser(server)
    await browser.open(office.link(ALICE), expect=422)
    form = await browser.open("/password")
    csrf = form.root.all("input", name="csrf")[0]["value"]
    for token in ("", "wrong"):
        await browser.post("/password/reset", {"csrf": csrf, "token": token, "password": NEW}, expect=422)
    async with server.db.read() as tx:
        account = await accounts.access.by_handle(tx, "alice")
        assert account is not None
        user = await accounts.access.user(tx, account.id)
    assert not await passwords.matches(NEW, user.password_hash)


async def test_what_is_no_address_is_told(server: Server) -> None:
    assert "invalid" in await asked(server, "nowhere", expect=422)
