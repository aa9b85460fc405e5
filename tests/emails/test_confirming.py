"""An account is used once its address is proven. The code is `fedcoop/emails` and `web/oauth/addresses.py`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from fedcoop import clock
from tests.mail.post_office import PostOffice, post_office, settings
from tests.web.pages.browser import Browser
from tests.web.test_joining import NEW, program
from tests.words import Person, Server, running

CAROL = str(NEW["email"])


@pytest.fixture
async def office() -> AsyncIterator[PostOffice]:
    async with post_office() as made:
        yield made


@pytest.fixture
async def server(database_url: str, tmp_path: Path, office: PostOffice) -> AsyncIterator[Server]:
    more: dict[str, Any] = {"email_confirmation": True, **settings(office)}
    async with running(database_url, str(tmp_path), **more) as made:
        yield made


async def joined(server: Server) -> Person:
    token = await (await program(server)).post("/api/v1/accounts", **NEW)
    await server.settle()
    return Person(server, token["access_token"])


async def follow_link(server: Server, path: str, *, expect: int = 200) -> str:
    """Open a link and press the button that is there."""
    browser = Browser(server)
    page = await browser.open(path)
    action = next(form["action"] for form in page.root.all("form") if form["method"] == "post")
    return (await browser.send(page, action, {}, expect=expect)).text


async def test_the_link_in_the_letter_confirms_once(server: Server, office: PostOffice) -> None:
    carol = await joined(server)
    answer = await carol.get("/api/v1/accounts/verify_credentials", expect=403)
    assert "confirmed e-mail address" in answer["error"]
    assert await carol.get("/api/v1/emails/check_confirmation") is False
    link = office.link(CAROL)
    # Opening it, as scanners of mail do, confirms nothing.
    await Browser(server).open(link)
    assert await carol.get("/api/v1/emails/check_confirmation") is False
    assert "is confirmed" in await follow_link(server, link)
    assert await carol.get("/api/v1/emails/check_confirmation") is True
    await carol.get("/api/v1/accounts/verify_credentials")
    assert "used or is too old" in (await Browser(server).open(link, expect=422)).text


async def test_a_link_expires(server: Server, office: PostOffice) -> None:
    await joined(server)
    clock.advance(seconds=2 * 86400 + 1)
    assert "too old" in (await Browser(server).open(office.link(CAROL), expect=422)).text


async def test_the_letter_is_sent_again_and_the_earlier_link_is_dead(
    server: Server, office: PostOffice
) -> None:
    carol = await joined(server)
    first = office.link(CAROL)
    await carol.post("/api/v1/emails/confirmations")
    await server.settle()
    assert len(office.to(CAROL)) == 2
    await Browser(server).open(first, expect=422)
    assert "is confirmed" in await follow_link(server, office.link(CAROL))
    await carol.post("/api/v1/emails/confirmations", expect=403)


async def test_a_mistyped_address_is_corrected(server: Server, office: PostOffice) -> None:
    carol = await joined(server)
    await server.joins("alice")
    for wrong in ("nowhere", "alice@example.test", "a@b.test\x00@c.test", '"a b"@c.test'):
        answer = await carol.post("/api/v1/emails/confirmations", expect=422, email=wrong)
        assert "email" in answer["details"]
    await carol.post("/api/v1/emails/confirmations", email="Right@Example.Test")
    await server.settle()
    assert "right@example.test is confirmed" in await follow_link(server, office.link("right@example.test"))


async def test_only_somebody_asks_about_their_own_address(server: Server) -> None:
    await server.anybody.get("/api/v1/emails/check_confirmation", expect=401)
    app = await program(server)
    await app.get("/api/v1/emails/check_confirmation", expect=422)
    await app.post("/api/v1/emails/confirmations", expect=422)


async def test_without_mail_the_server_says_so(sqlite_url: str, tmp_path: Path) -> None:
    async with running(sqlite_url, str(tmp_path), email_confirmation=True) as server:
        browser = Browser(server)
        page = await browser.open("/register")
        fields = {key: str(value) for key, value in NEW.items()} | {"agreement": "1"}
        assert "This server sends no mail" in (await browser.send(page, "/register", fields, expect=200)).text
        page = await browser.open("/password")
        assert "This server sends no mail" in page.text
        assert not [form for form in page.root.all("form") if form["action"] == "/password"]
