"""An election as members meet it: on pages, in a poll of any app, and by the API."""

from __future__ import annotations

from fedcoop import clock
from tests.web.pages.browser import Browser, Page, browser_of
from tests.words import Server

API = "/api/fedcoop/v1"
CALL = {"office": "moderator", "seats": "1", "term": "90 days", "stand_for": "2 days", "ballot": "approval"}


ADDRESS = "/coop/elections/1"


async def acted(browser: Browser, action: str, **fields: str) -> Page:
    """Press a button of the first election's page; what it leads to."""
    sent = await browser.send(await browser.open(ADDRESS), ADDRESS, {"action": action, **fields})
    return await browser.open(sent.location)


async def called(browser: Browser, *, expect: int = 303, **fields: str) -> Page:
    address = "/coop/elections"
    return await browser.send(await browser.open(address), address, CALL | fields, expect=expect)


async def test_an_election_by_pages_and_a_poll(server: Server, stranger: Browser) -> None:
    alice, bob = await server.joins("alice", member=True), await server.joins("bob", member=True)
    alices, bobs = await browser_of(alice), await browser_of(bob)
    page = await alices.open((await called(alices, body="Somebody who **listens**.")).location)
    assert "Members can stand now" in page.text
    page = await acted(bobs, "stand", statement="I *listen*. <script>alert(1)</script>")
    assert "You stand." in page.text
    assert "<em>listen</em>" in page.source
    assert "<script>" not in page.source
    seen = await stranger.open(ADDRESS)
    assert "@bob" in seen.text
    assert not [form for form in seen.root.all("form") if form["action"] == ADDRESS], (
        "strangers press nothing"
    )
    clock.advance(seconds=2 * 86_400 + 1)
    await server.settle()
    [election] = await server.anybody.get(f"{API}/elections")
    assert (election["state"], election["candidates"][0]["option"]) == ("open", "1")
    proposal = await alice.get(f"{API}/proposals/{election['id']}")
    poll = (await alice.get(f"/api/v1/statuses/{proposal['status_id']}"))["poll"]
    assert [option["title"] for option in poll["options"]] == ["bob", "Nobody of these"]
    await alice.post(f"/api/v1/polls/{poll['id']}/votes", choices=[0])
    assert "Who stands" in (await stranger.open("/coop/1")).text
    clock.advance(seconds=7 * 86_400)
    await server.settle()
    [told] = [each for each in await bob.notifications() if "You were elected" in each["status"]["content"]]
    assert told["status"]["visibility"] == "direct"
    assert "You were elected" not in (await alices.open(ADDRESS)).text
    assert "You were elected" in (await bobs.open(ADDRESS)).text
    page = await acted(bobs, "accept")
    assert "You have accepted" in page.text
    decided = await stranger.open("/coop/1")
    assert "Give @bob the office" in decided.text
    assert "If “" not in decided.text, "what was carried out depends on nothing any more"
    [held] = await server.anybody.get(f"{API}/mandates")
    assert (held["office"], held["acct"]) == ("moderator", "bob")
    office = {"type": "grant_mandate", "office": "treasurer", "term": "90 days"}
    acts = [office | {"account": name} for name in ("alice", "bob")]
    both = await alice.post(f"{API}/proposals", title="Two treasurers", acts=acts)
    await alice.post(f"{API}/proposals/{both['id']}/ballot", choice="agree")
    clock.advance(seconds=7 * 86_400)
    await server.settle()
    story = (await stranger.open("/coop/2")).root.one("ol", class_="story").text
    for name in ("alice", "bob"):
        assert f"Carried out: Give @{name} the office “treasurer”" in story, "each by its name"


async def test_whoever_looks_after_reports_finds_them_from_every_page(server: Server) -> None:
    alice, bob = await server.joins("alice", role="moderator"), await server.joins("bob", role="admin")
    cem = await server.joins("cem")
    found = {}
    for person in (alice, bob, cem):
        page = await (await browser_of(person)).open("/about")
        links = {link["href"] for link in page.root.one("body").all("a")}
        found[person.account.username if person.account else ""] = links & {
            "/admin/reports",
            "/admin/federation",
        }
    assert found == {
        "alice": {"/admin/reports"},
        "bob": {"/admin/reports", "/admin/federation"},
        "cem": set(),
    }
    severed = await (await browser_of(cem)).open("/settings/severed")
    [current] = [link for link in severed.root.one("main").all("a") if link["aria-current"]]
    assert current["href"] == "/settings/severed"


async def test_an_election_by_the_api(server: Server) -> None:
    alice, bob = await server.joins("alice", member=True), await server.joins("bob", member=True)
    zoe = await server.joins("zoe")
    await zoe.post(f"{API}/elections", expect=403, office="treasurer")
    await alice.post(f"{API}/elections", expect=422, office="treasurer", seats=0)
    made = await alice.post(
        f"{API}/elections", office="Treasurer", seats=1, term="1 week", stand_for="2 days"
    )
    address = f"{API}/elections/{made['id']}"
    assert made["office"] == "treasurer"
    await zoe.post(f"{address}/stand", expect=403, statement="Me.")
    await server.anybody.post(f"{address}/stand", expect=401, statement="Me.")
    await bob.post(f"{address}/stand", statement="Me.")
    await bob.delete(f"{address}/stand")
    await bob.delete(f"{address}/stand", expect=404)
    await bob.post(f"{address}/stand", statement="After all.")
    [candidate] = (await server.anybody.get(address))["candidates"]
    assert (candidate["acct"], candidate["statement"]) == ("bob", "After all.")
    await bob.post(f"{address}/accept", expect=404)
    clock.advance(seconds=2 * 86_400 + 1)
    await server.settle()
    await bob.delete(f"{address}/stand", expect=422)
    await alice.post(f"{API}/proposals/{made['id']}/ballot", approvals=["bob"])
    clock.advance(seconds=7 * 86_400)
    await server.settle()
    assert (await bob.post(f"{address}/decline"))["state"] == "expired"
    ordinary = await alice.post(f"{API}/proposals", title="Words", kind="advisory")
    await alice.get(f"{API}/elections/{ordinary['id']}", expect=404)
    assert [each["id"] for each in await alice.get(f"{API}/elections", office="treasurer")] == [made["id"]]
    assert await alice.get(f"{API}/elections", office="teller") == []


async def test_a_call_that_makes_no_sense_keeps_what_was_typed(server: Server) -> None:
    alice = await browser_of(await server.joins("alice", member=True))
    page = await called(alice, expect=422, term="until the cows come home", body="Long thoughts.")
    assert "term cannot be read" in page.text
    assert "Long thoughts." in page.text
    await called(alice, expect=422, seats="many")
    await alice.open("/coop/elections/99", expect=404)
