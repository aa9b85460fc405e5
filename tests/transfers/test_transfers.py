"""Members take along whom they follow, block, mute and keep, and bring it from other servers."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from fedcoop.transfers import access
from tests.web.pages.browser import Browser, browser_of, parsed
from tests.words import Person, Server


async def exported(person: Person, file: str) -> list[str]:
    page = await (await browser_of(person)).open(f"/settings/data/{file}")
    assert page.headers["Content-Type"].startswith("text/csv")
    assert "attachment" in page.headers["Content-Disposition"]
    return page.source.splitlines()


async def brings(
    person: Person, kind: str, raw: str | bytes, *others: Server, mode: str = "merge", expect: int = 303
) -> str:
    """Import a file by the page's form, and let it be done."""
    browser = await browser_of(person)
    page = await browser.open("/settings/data")
    form = aiohttp.FormData()
    fields = {"csrf": page.root.all("input", name="csrf")[0]["value"], "kind": kind, "mode": mode}
    for name, value in fields.items():
        form.add_field(name, value)
    content = raw.encode() if isinstance(raw, str) else raw
    form.add_field("file", content, filename="import.csv", content_type="text/csv")
    answer = await person.server.anybody.ask(
        "POST",
        "/settings/data",
        data=form,
        expect=expect,
        headers={
            "Cookie": "; ".join(f"{name}={value}" for name, value in browser.cookies.items()),
            "Accept": "text/html",
        },
    )
    await person.server.settle(*others)
    if expect != 303:
        return parsed(answer.body).one("main").text
    return (await browser.open("/settings/data")).text


async def tie(person: Person, account_id: str) -> Any:
    params: dict[str, Any] = {"id[]": account_id}
    return (await person.get("/api/v1/accounts/relationships", **params))[0]


async def test_what_was_taken_along_is_brought_back(server: Server, other: Server) -> None:
    alice, carol = await server.joins("alice"), await other.joins("carol")
    bob, eve, mo = [await server.joins(name) for name in ("bob", "eve", "mo")]
    there = (await alice.finds(carol.handle))["id"]
    await alice.post(f"/api/v1/accounts/{there}/follow", reblogs=False, notify=True)
    await alice.follows(bob)
    await alice.post(f"/api/v1/accounts/{eve.id}/block")
    await alice.post(f"/api/v1/accounts/{mo.id}/mute", notifications=False)
    status = await bob.says("Keep this")
    await alice.post(f"/api/v1/statuses/{status['id']}/bookmark")
    await server.settle(other)
    made = await alice.post("/api/v1/lists", title="Friends, and more")
    await alice.post(f"/api/v1/lists/{made['id']}/accounts", account_ids=[bob.id])
    files = {
        "following": "following_accounts.csv",
        "blocks": "blocked_accounts.csv",
        "mutes": "muted_accounts.csv",
        "lists": "lists.csv",
        "bookmarks": "bookmarks.csv",
    }
    taken = {kind: await exported(alice, file) for kind, file in files.items()}
    assert taken["following"][0] == "Account address,Show boosts,Notify on new posts,Languages"
    assert set(taken["following"][1:]) == {f"{carol.handle},false,true,", f"{bob.handle},true,false,"}
    assert taken["mutes"] == ["Account address,Hide notifications", f"{mo.handle},false"]
    assert taken["blocks"] == [eve.handle]
    assert taken["lists"] == [f'"Friends, and more",{bob.handle}']
    assert taken["bookmarks"] == [status["uri"]]
    assert await exported(bob, "followers.csv") == ["Account address", alice.handle]

    dora = await server.joins("dora")
    for kind, lines in taken.items():
        said = await brings(dora, kind, "\n".join(lines), other)
        count = len(lines) - lines[0].startswith("Account")
        assert f"{count} of {count} done" in said, kind
    new = await tie(dora, there)
    assert (new["following"], new["showing_reblogs"], new["notifying"]) == (True, False, True)
    assert (await tie(dora, eve.id))["blocking"]
    muted = await tie(dora, mo.id)
    assert (muted["muting"], muted["muting_notifications"]) == (True, False)
    assert [each["title"] for each in await dora.get("/api/v1/lists")] == ["Friends, and more"]
    assert [each["id"] for each in await dora.get("/api/v1/bookmarks")] == [status["id"]]


async def test_replacing_takes_away_what_is_not_in_the_file(server: Server) -> None:
    alice = await server.joins("alice")
    bob, eve = await server.joins("bob"), await server.joins("eve")
    await alice.follows(bob)
    await brings(alice, "following", eve.handle, mode="merge")
    assert (await tie(alice, bob.id))["following"]
    await brings(alice, "following", eve.handle, mode="overwrite")
    assert not (await tie(alice, bob.id))["following"]
    assert (await tie(alice, eve.id))["following"]


async def test_what_cannot_be_done_is_shown_and_the_rest_is_done(server: Server) -> None:
    alice, bob, eve = [await server.joins(name) for name in ("alice", "bob", "eve")]
    await eve.post(f"/api/v1/accounts/{alice.id}/block")
    gone = f"nobody@{server.config.domain}"
    said = await brings(alice, "following", f"{gone}\n{eve.handle}\n{alice.handle}\n{bob.handle}\n")
    assert "1 of 4 done" in said
    assert gone in said
    assert (await tie(alice, bob.id))["following"]
    said = await brings(alice, "lists", f"Friends,{eve.handle}")
    assert "Only whom you follow" in said


async def test_a_bookmark_shows_nobody_what_is_not_for_them(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    secret = await bob.says("for few", visibility="private")
    said = await brings(alice, "bookmarks", secret["uri"])
    assert "0 of 1 done" in said
    assert await alice.get("/api/v1/bookmarks") == []


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        ("following", b"\xff\xfe\x00broken"),
        ("following", b"PK\x03\x04 an archive"),
        ("following", b""),
        ("following", b"alice@a.test\n../../etc/passwd\n"),
        ("following", b"a\x00b@c.test"),
        ("following", b'"never closed'),
        ("blocks", b"x" * 1_000_001),
        ("blocks", b"a@b.test\n" * 10_001),
        ("lists", b"only a title"),
        ("bookmarks", b"javascript:alert(1)"),
        ("mutes", b"a@" + b"x" * 3000),
        ("nonsense", b"a@b.test"),
    ],
)
async def test_hostile_files_are_refused_whole(server: Server, kind: str, raw: bytes) -> None:
    alice = await server.joins("alice")
    said = await brings(alice, kind, raw, expect=422)
    assert "Your imports" not in said
    async with server.db.read() as tx:
        assert alice.account is not None
        assert await access.imports(tx, alice.account.id) == []


async def test_files_are_ones_own(server: Server) -> None:
    stranger = Browser(server)
    for file in ("following_accounts.csv", "bookmarks.csv"):
        assert (await stranger.open(f"/settings/data/{file}", expect=303)).location.startswith("/login")
    alice = await server.joins("alice")
    await (await browser_of(alice)).open("/settings/data/passwords.csv", expect=404)


async def test_servers_that_a_member_blocks_are_taken_along_and_brought(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    for domain in ("bad.example", "worse.example"):
        await alice.ask("POST", "/api/v1/domain_blocks", json={"domain": domain})
    lines = await exported(alice, "blocked_domains.csv")
    assert sorted(lines) == ["bad.example", "worse.example"]
    await bob.ask("POST", "/api/v1/domain_blocks", json={"domain": "old.example"})
    await brings(bob, "domain_blocks", "#domain\n" + "\n".join(lines))
    assert sorted(await bob.get("/api/v1/domain_blocks")) == ["bad.example", "old.example", "worse.example"]
    await brings(bob, "domain_blocks", "Bad.Example", mode="overwrite")
    assert await bob.get("/api/v1/domain_blocks") == ["bad.example"]
    said = await brings(bob, "domain_blocks", "no server at all", expect=422)
    assert "is not the name of a server" in said
    assert server.config.domain not in await bob.get("/api/v1/domain_blocks")
