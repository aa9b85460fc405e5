"""Somebody moves, and those who follow go along: from here to elsewhere, and from elsewhere to anywhere."""

from __future__ import annotations

import pytest

from fedcoop import accounts, clock
from fedcoop.errors import TooMany
from fedcoop.moves import actions
from tests.second_factors.test_second_step import with_password
from tests.web.pages.browser import Browser, browser_of
from tests.words import PASSWORD, Person, Server


async def names_as_alias(new: Person, old: Person, *, expect: int = 200) -> str:
    browser = await browser_of(new)
    page = await browser.open("/settings/move")
    said = await browser.send(page, "/settings/move/aliases", {"handle": old.handle}, expect=expect)
    return said.text


async def moves(browser: Browser, new: Person, password: str = PASSWORD, *, expect: int = 200) -> str:
    page = await browser.open("/settings/move")
    fields = {"handle": new.handle, "password": password}
    return (await browser.send(page, "/settings/move", fields, expect=expect)).text


async def following(person: Person) -> set[str]:
    """The names of those whom somebody follows."""
    found = await person.get(f"/api/v1/accounts/{person.id}/following")
    return {account["username"] for account in found}


async def test_a_move_takes_followers_on_both_servers_along(server: Server, other: Server) -> None:
    alice, browser = await with_password(server)
    bob, carol = await server.joins("bob"), await other.joins("carol")
    new = await other.joins("newalice")
    await bob.follows(alice)
    await carol.follows(alice)
    await server.settle(other)
    account = (await bob.get("/api/v1/accounts/lookup", acct="alice"))["id"]
    made = await bob.post("/api/v1/lists", title="Friends")
    await bob.post(f"/api/v1/lists/{made['id']}/accounts", account_ids=[account])
    await names_as_alias(new, alice)
    assert "You have moved" in await moves(browser, new)
    await server.settle(other)
    clock.advance(seconds=3601)
    await server.settle(other)
    assert await following(bob) == {"newalice"}
    assert await following(carol) == {"newalice"}
    profile = await bob.get(f"/api/v1/accounts/{alice.id}")
    assert profile["moved"]["username"] == "newalice"
    assert [each["username"] for each in await bob.get(f"/api/v1/lists/{made['id']}/accounts")] == [
        "newalice"
    ]
    assert (await new.get(f"/api/v1/accounts/{new.id}"))["followers_count"] == 2


async def test_how_somebody_followed_and_whom_they_avoid_holds_for_the_new_account(
    server: Server, other: Server
) -> None:
    alice, browser = await with_password(server)
    bob, eve, mo = [await server.joins(name) for name in ("bob", "eve", "mo")]
    new = await other.joins("newalice")
    await bob.post(f"/api/v1/accounts/{alice.id}/follow", reblogs=False, notify=True)
    await eve.post(f"/api/v1/accounts/{alice.id}/block")
    await mo.post(f"/api/v1/accounts/{alice.id}/mute")
    await names_as_alias(new, alice)
    await moves(browser, new)
    await server.settle(other)
    there = (await bob.finds(new.handle))["id"]
    for person, wanted in (
        (bob, {"following": True, "showing_reblogs": False, "notifying": True}),
        (eve, {"blocking": True, "following": False}),
        (mo, {"muting": True, "following": False}),
    ):
        tie = (await person.get("/api/v1/accounts/relationships", **{"id[]": there}))[0]
        assert {name: tie[name] for name in wanted} == wanted, person.account


async def test_a_move_needs_the_other_end_and_the_password(server: Server, other: Server) -> None:
    alice, browser = await with_password(server)
    bob = await server.joins("bob")
    await bob.follows(alice)
    new = await other.joins("newalice")
    assert "does not name this account" in await moves(browser, new, expect=422)
    await names_as_alias(new, alice)
    assert "not your password" in await moves(browser, new, "wrong", expect=422)
    assert "cannot move" in await moves(browser, alice, expect=422)
    await server.settle(other)
    assert await following(bob) == {"alice"}
    assert "very account" in await names_as_alias(new, new, expect=422)
    page = await browser.open("/settings/move")
    unknown = {"handle": f"@nobody@{other.config.domain}", "password": PASSWORD}
    assert "no account called" in (await browser.send(page, "/settings/move", unknown, expect=422)).text


async def test_thirty_days_lie_between_two_moves(server: Server, other: Server) -> None:
    alice, browser = await with_password(server)
    first, second = await other.joins("first"), await other.joins("second")
    for new in (first, second):
        await names_as_alias(new, alice)
    await moves(browser, first)
    page = await browser.open("/settings/move")
    await browser.send(page, "/settings/move/cancel", {}, expect=200)
    assert "30 days" in await moves(browser, second, expect=422)
    clock.advance(seconds=29 * 86400)
    browser = await browser_of(alice)
    assert "30 days" in await moves(browser, second, expect=422)
    clock.advance(seconds=86401)
    browser = await browser_of(alice)
    assert "You have moved" in await moves(browser, second)


async def test_an_account_that_moves_too_often_is_not_followed(server: Server, other: Server) -> None:
    alice, browser = await with_password(other)
    bob = await server.joins("bob")
    await bob.follows(alice)
    await server.settle(other)
    first, second = await server.joins("first"), await server.joins("second")
    for new in (first, second):
        await names_as_alias(new, alice)
    await moves(browser, first)
    await server.settle(other)
    assert await following(bob) == {"first"}
    # Their server may allow it; ours does not follow within a week.
    there = (await bob.finds(alice.handle))["id"]
    async with server.db.read() as tx:
        account = await accounts.access.find(tx, int(there))
        target = await accounts.access.by_handle(tx, "second")
    assert target is not None
    clock.advance(seconds=6 * 86400)
    async with server.db.write() as tx:
        with pytest.raises(TooMany, match="7 days"):
            await actions.moved(tx, account, target)


async def test_settings_of_moving_are_ones_own(server: Server) -> None:
    assert (await Browser(server).open("/settings/move", expect=303)).location.startswith("/login")
