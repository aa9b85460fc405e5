"""The record as people read it, and the rules in plain words."""

from __future__ import annotations

import msgspec

from fedcoop import domains
from tests.web.pages.browser import Browser, browser_of
from tests.web.pages.test_voting import proposed, voted
from tests.words import Server


async def test_the_ledger_is_read_from_its_latest_entry_to_its_first(
    server: Server, stranger: Browser
) -> None:
    alice = await browser_of(await server.joins("alice", member=True))
    await proposed(alice)
    for choice in ["agree", "disagree"] * 16:
        await voted(alice, choice)
    await server.settle()
    page = await stranger.open("/coop/ledger")
    assert "changed their answer to “disagree”" in page.text
    assert f"{server.config.domain}/ledger+" in page.text, "the public key is there"
    assert "self-signed only" in page.text
    older = await stranger.open(page.root.one("a", rel="next")["href"])
    assert "The ledger was opened" in older.text
    assert not older.root.all("a", rel="next")
    assert "changed their answer" in (await stranger.open(older.root.one("a", rel="prev")["href"])).text


async def test_an_entry_is_shown_to_the_letter_with_its_proof(server: Server, stranger: Browser) -> None:
    await proposed(await browser_of(await server.joins("alice", member=True)))
    await server.settle()
    page = await stranger.open("/coop/ledger/3")
    raw = page.root.one("pre").text
    assert msgspec.json.decode(raw)["type"] == "proposal"
    assert page.root.all("a", href="/coop/1")
    proof = await stranger.open("/coop/ledger/3.tlog-proof")
    assert proof.source.startswith("c2sp.org/tlog-proof@v1\n")
    assert "attachment" in proof.headers["Content-Disposition"]
    first = await stranger.open("/coop/ledger/0")
    assert not first.root.all("a", rel="prev")
    await stranger.open("/coop/ledger/4711", expect=404)
    await stranger.open("/coop/ledger/4711.tlog-proof", expect=404)


async def test_the_constitution_is_said_in_words(server: Server, stranger: Browser) -> None:
    await server.joins("alice", member=True)
    page = await stranger.open("/coop/constitution")
    for words in (
        "More agree than disagree; abstentions",
        "6 days at least",
        "Members in good standing",
        "Any member.",
    ):
        assert words in page.text, words
    assert page.root.all(id="federation")
    assert page.root.all(id="bylaw")


async def test_what_nobody_decided_raises_an_alarm(server: Server, stranger: Browser) -> None:
    assert not (await stranger.open("/coop/ledger")).root.all("section", role="alert")
    async with server.db.write() as tx:
        await domains.restrict(tx, "quiet.example", severity="limit", because="")
    page = await stranger.open("/coop/ledger")
    assert "quiet.example is restricted (limit), but no act" in page.root.one("section", role="alert").text
