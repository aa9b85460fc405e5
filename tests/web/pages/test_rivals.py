"""Drafts that compete with each other, and options that are amended, by form and side by side on the page."""

from __future__ import annotations

from fedcoop import clock
from tests.web.pages.browser import Browser, browser_of
from tests.words import Server

API = "/api/fedcoop/v1"
WORDS = {"act": "resolve", "kind": "policy", "body": "Often."}


async def test_two_drafts_side_by_side_and_the_stronger_wins(server: Server, stranger: Browser) -> None:
    alice, bob = await server.joins("alice", member=True), await server.joins("bob", member=True)
    alices, bobs = await browser_of(alice), await browser_of(bob)
    form = await alices.open("/coop/new?act=resolve")
    await alices.send(form, "/coop/new", WORDS | {"title": "Weekly", "discussion": "soon"}, expect=422)
    await alices.send(form, "/coop/new", WORDS | {"title": "Weekly", "discussion": "3 days"})
    page = await bobs.open("/coop/1")
    link = page.root.one("section", **{"aria-labelledby": "competing"}).one("a")["href"]
    assert "/coop/new?act=resolve&instead_of=1" in {
        each["href"] for each in (await bobs.open(link)).root.all("a")
    }
    form = await bobs.open("/coop/new?act=resolve&instead_of=1")
    assert "competes with" in form.text
    rival = WORDS | {"title": "Daily", "instead_of": "1"}
    await bobs.send(form, "/coop/new", rival | {"instead_of": "77"}, expect=404)
    await bobs.send(form, "/coop/new", rival)
    shown = (await stranger.open("/coop/1")).root.one(class_="beside").text
    assert "This one: Weekly" in shown
    assert "2: Daily" in shown
    [second] = await alice.get(f"{API}/proposals", limit=1)
    [first] = (await server.anybody.get(f"{API}/proposals/{second['id']}"))["competing"]
    assert (first["title"], first["state"]) == ("Weekly", "discussion")
    clock.advance(seconds=3 * 86_400 + 1)
    await server.settle()
    for person, voted in ((alice, first), (bob, first), (bob, second)):
        await person.post(f"{API}/proposals/{voted['id']}/ballot", choice="agree")
    clock.advance(seconds=7 * 86_400)
    await server.settle()
    assert "yields to proposal 1" in (await stranger.open("/coop/2")).text
    assert "Counted: it passed" in (await stranger.open("/coop/1")).text
    assert "Write a competing draft" not in (await alices.open("/coop/1")).text


async def test_options_are_amended_by_form_and_by_api(server: Server) -> None:
    alice = await server.joins("alice", member=True)
    browser = await browser_of(alice)
    ballot = {"kind": "approval", "options": ["Bee", "Fern"]}
    made = await alice.post(
        f"{API}/proposals", title="Which logo?", kind="advisory", ballot=ballot, discussion="2 days"
    )
    page = await browser.open("/coop/1")
    assert "Bee" in page.root.one("textarea", id="options").text
    words = {"title": "Which logo?", "body": "", "options": "Bee\nFern\nWheel"}
    await browser.send(page, "/coop/1/amend", words | {"options": "Bee"}, expect=422)
    await browser.send(page, "/coop/1/amend", words)
    assert (await alice.get(f"{API}/proposals/{made['id']}"))["options"] == ["Bee", "Fern", "Wheel"]
    changed = ballot | {"options": ["Bee", {"title": "Oak", "acts": [{"type": "resolve", "text": "Oak."}]}]}
    await alice.post(f"{API}/proposals/{made['id']}/amend", ballot=changed)
    versions = await server.anybody.get(f"{API}/proposals/{made['id']}/versions")
    assert [each["options"] for each in versions] == [
        ["Bee", "Fern"],
        ["Bee", "Fern", "Wheel"],
        ["Bee", "Oak"],
    ]
    assert not (await browser.open("/coop/1")).root.all("textarea", id="options"), "acts hang on them"
