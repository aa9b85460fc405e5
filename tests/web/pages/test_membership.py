"""One's own membership on a page: pausing, reminders, leaving; and what came of a decision on its page."""

from __future__ import annotations

from fedcoop import clock
from tests.web.pages.browser import browser_of
from tests.words import Server

API = "/api/fedcoop/v1"
ME = "/coop/me"


async def test_a_member_pauses_comes_back_is_reminded_by_mail_and_leaves(server: Server) -> None:
    alice = await server.joins("alice", member=True)
    browser = await browser_of(alice)
    page = await browser.open(ME)
    assert "in good standing" in page.text
    await browser.send(page, ME, {"action": "pause"})
    assert (await alice.get(f"{API}/members/me"))["standing"] == "paused"
    await browser.send(await browser.open(ME), ME, {"action": "resume"})
    await browser.send(await browser.open(ME), ME, {"action": "reminders", "by_mail": "on"})
    mine = await alice.get(f"{API}/members/me")
    assert (mine["standing"], mine["reminders"], mine["reminders_by_mail"]) == ("good", False, True)
    await browser.send(await browser.open(ME), ME, {"action": "leave", "username": "bob"}, expect=422)
    await browser.send(await browser.open(ME), ME, {"action": "resign", "office": "moderator"}, expect=404)
    await alice.delete(f"{API}/mandates", expect=404, office="moderator")
    await browser.send(await browser.open(ME), ME, {"action": "leave", "username": "@Alice"})
    await alice.get(f"{API}/members/me", expect=403)
    await browser.open(ME, expect=403)


async def test_the_proposer_says_on_the_page_what_came_of_it(server: Server) -> None:
    alice = await server.joins("alice", member=True)
    made = await alice.post(f"{API}/proposals", title="Meet", kind="advisory")
    await alice.post(f"{API}/proposals/{made['id']}/ballot", choice="agree")
    clock.advance(seconds=15 * 86_400)
    await server.settle()
    browser = await browser_of(alice)
    assert "Meet" in (await browser.open(ME)).text
    page = await browser.open("/coop/1")
    await browser.send(page, "/coop/1/state", {"action": "outcome", "words": "We *met*."})
    assert "<em>met</em>" in (await browser.open("/coop/1")).source
    assert (await alice.get(f"{API}/proposals/{made['id']}"))["outcome"] == "We *met*."
