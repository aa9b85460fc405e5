"""A member deletes their account: what they wrote goes everywhere, their name is nobody's, the record stays."""

from __future__ import annotations

import pytest

from fedcoop import accounts, clock
from fedcoop.accounts.leaving.queries import ERASED
from fedcoop.accounts.types import NewAccount
from fedcoop.errors import Invalid
from fedcoop.sessions import passwords
from moderation.members import queries as members
from tests.keys import spare_keys
from tests.second_factors.test_second_step import guarded, with_password
from tests.web.pages.browser import Browser, browser_of
from tests.words import PASSWORD, Server


async def deletes(browser: Browser, *, expect: int = 200, **fields: str) -> str:
    page = await browser.open("/settings/delete")
    sent = {"username": "alice", "password": PASSWORD} | fields
    return (await browser.send(page, "/settings/delete", sent, expect=expect)).text


async def test_everything_goes_here_and_elsewhere(server: Server, other: Server) -> None:
    alice, browser = await with_password(server)
    bob, carol = await server.joins("bob"), await other.joins("carol")
    await carol.follows(alice)
    await bob.follows(alice)
    await server.settle(other)
    status = await alice.says("Nobody shall read this for long.")
    liked = await bob.says("Good morning")
    await alice.post(f"/api/v1/statuses/{liked['id']}/favourite")
    await server.settle(other)
    there = await carol.sees(status["uri"])
    account = await carol.finds(alice.handle)
    assert "is deleted" in await deletes(browser)
    await server.settle(other)
    await bob.get(f"/api/v1/statuses/{status['id']}", expect=404)
    await bob.get(f"/api/v1/accounts/{alice.id}", expect=404)
    await carol.get(f"/api/v1/statuses/{there['id']}", expect=404)
    await carol.get(f"/api/v1/accounts/{account['id']}", expect=404)
    assert await bob.get(f"/api/v1/accounts/{bob.id}/following") == []
    assert (await bob.get(f"/api/v1/statuses/{liked['id']}"))["favourites_count"] == 0
    await alice.get("/api/v1/accounts/verify_credentials", expect=401)
    await browser.open("/settings/account", expect=303)
    assert alice.account is not None
    gone = await server.anybody.ask(
        "GET", alice.account.uri, expect=410, headers={"Accept": "application/activity+json"}
    )
    assert gone.status == 410


async def test_quotes_by_and_of_whoever_goes_are_set_right(server: Server) -> None:
    alice, browser = await with_password(server)
    bob = await server.joins("bob")
    of_bob, of_alice = await bob.says("quote me"), await alice.says("quote me too")
    await alice.says("see", quoted_status_id=of_bob["id"])
    quote = await bob.says("see", quoted_status_id=of_alice["id"])
    assert (await bob.get(f"/api/v1/statuses/{of_bob['id']}"))["quotes_count"] == 1
    await deletes(browser)
    await server.settle()
    assert (await bob.get(f"/api/v1/statuses/{of_bob['id']}"))["quotes_count"] == 0
    left = await bob.get(f"/api/v1/statuses/{quote['id']}")
    assert left["quote"] == {"state": "deleted", "quoted_status": None}


async def test_the_name_is_never_anybody_elses_and_the_address_is_free(server: Server) -> None:
    _, browser = await with_password(server)
    await deletes(browser)
    await server.settle()

    async def joins(username: str) -> str:
        email = "alice@example.test"
        new = NewAccount(username=username, email=email, password_hash="", keys=spare_keys(0))
        async with server.db.write() as tx:
            return (await accounts.actions.create(tx, server.config, new)).username

    with pytest.raises(Invalid, match="already been taken") as taken:
        await joins("Alice")
    assert taken.value.field == "username"
    assert await joins("alyce") == "alyce"


async def test_it_needs_the_password_the_name_and_the_second_step(server: Server) -> None:
    alice = await guarded(server)
    assert "not your password" in await deletes(
        alice.browser, expect=422, password="wrong", code=alice.code()
    )
    assert "not your user name" in await deletes(alice.browser, expect=422, username="bob", code=alice.code())
    assert "not right" in await deletes(alice.browser, expect=422, code="000000")
    await alice.person.get("/api/v1/accounts/verify_credentials")
    assert "is deleted" in await deletes(alice.browser, code=alice.code())


async def test_what_the_members_decided_stays(server: Server) -> None:
    alice = await server.joins("alice", member=True)
    await server.settle()
    before = (await server.anybody.ask("GET", "/ledger/tile/entries/000.p/3")).body
    assert alice.account is not None
    hashed = await passwords.hashed(PASSWORD)
    async with server.db.write() as tx:
        await accounts.actions.set_password(tx, alice.account.id, hashed)
    await deletes(await browser_of(alice))
    await server.settle()
    after = (await server.anybody.ask("GET", "/ledger/tile/entries/000.p/4")).body
    assert after.startswith(before)
    assert "account deleted" in after[len(before) :], "they are a member no longer, on the record"
    async with server.db.read() as tx:
        assert await tx.one(members.BY_ID, account_id=alice.account.id) is not None
        eligible = await tx.all(
            members.ELIGIBLE,
            standings=["good"],
            joined_before=clock.now(),
            paid_from=0,
            any_office=True,
            office="",
        )
    assert not eligible


def test_what_is_erased_leaves_the_record_alone() -> None:
    names = {table.name for table in ERASED}
    assert {"users", "sessions", "filters", "lists", "markers", "totp_secrets", "media_attachments"} <= names
    assert not {"ballots", "members", "electorate", "receipts", "log_names", "private_keys"} & names
