"""What may act as a member is listed, and taken back."""

from __future__ import annotations

from tests.web.pages.browser import Browser, browser_of
from tests.words import Server


async def test_a_browser_is_signed_out_from_another(server: Server) -> None:
    alice = await server.joins("alice")
    here, there = await browser_of(alice), await browser_of(alice)
    page = await here.open("/settings/sessions")
    assert "Firefox on Linux" in page.text
    forms = [form for form in page.root.all("form") if form.all("input", name="session_id")]
    assert len(forms) == 2
    (other,) = [
        form for form in forms if "this one" not in (form.parent.text if form.parent is not None else "")
    ]
    fields = {each["name"]: each["value"] for each in other.all("input")}
    await here.post("/settings/sessions/revoke", fields)
    assert (await there.open("/settings/sessions", expect=303)).location.startswith("/login")
    assert len((await here.open("/settings/sessions")).root.all("input", name="session_id")) == 1


async def test_an_app_loses_what_it_was_given(server: Server) -> None:
    alice = await server.joins("alice")
    browser = await browser_of(alice)
    await alice.get("/api/v1/accounts/verify_credentials")
    page = await browser.open("/settings/sessions")
    (token,) = page.root.all("input", name="token_id")
    await browser.send(page, "/settings/sessions/revoke", {"token_id": token["value"]})
    assert not (await browser.open("/settings/sessions")).root.all("input", name="token_id")
    await alice.get("/api/v1/accounts/verify_credentials", expect=401)


async def test_nobody_takes_from_others(server: Server, stranger: Browser) -> None:
    alice, eve = await server.joins("alice"), await server.joins("eve")
    hers, evil = await browser_of(alice), await browser_of(eve)
    theirs = (await hers.open("/settings/sessions")).root.all("input", name="session_id")[0]["value"]
    page = await evil.open("/settings/sessions")
    csrf = page.root.all("input", name="csrf")[0]["value"]
    await evil.post("/settings/sessions/revoke", {"csrf": csrf, "session_id": theirs}, expect=404)
    await hers.open("/settings/sessions")
    assert (await stranger.open("/settings/sessions", expect=303)).location.startswith("/login")
