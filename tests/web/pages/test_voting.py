"""Deciding by form: proposing, endorsing, voting, and what the pages say about it."""

from __future__ import annotations

from pathlib import Path

from fedcoop import clock
from tests.web.pages.browser import Browser, Page, browser_of
from tests.words import Server, running

NEW = {
    "title": "Stop talking to spam.example",
    "body": "They **spam**.",
    "act": "suspend_domain",
    "act_domain": "SPAM.example",
    "act_public_comment": "Hundreds of advertisements a day.",
}
DRAFTS = """
name = "gated"
title = "Gated"
summary = "A draft needs half of the members."
[rules.gated]
passes = "agree > disagree"
window = { minimum = "5 minutes" }
gates = { endorsements = 1 }
ballot = { reason_for = ["block"], results = "after_closing", secrecy = "pseudonymous" }
[kinds]
bylaw = "gated"
policy = "gated"
federation = "gated"
moderation = "gated"
membership = "gated"
role = "gated"
budget = "gated"
advisory = "gated"
"""


async def proposed(browser: Browser, **values: str) -> Page:
    """Propose by form; the page that this leads to."""
    typed = NEW | values
    sent = await browser.send(await browser.open("/coop/new", act=typed["act"]), "/coop/new", typed)
    return await browser.open(sent.location)


async def voted(browser: Browser, choice: str, reason: str = "", *, expect: int = 303) -> Page:
    page = await browser.open("/coop/1")
    sent = await browser.send(page, "/coop/1/ballot", {"choice": choice, "reason": reason}, expect=expect)
    return await browser.open(sent.location.partition("#")[0]) if expect == 303 else sent


async def test_a_vote_by_form_is_counted_and_carried_out(server: Server, stranger: Browser) -> None:
    alice, bob, cleo = [
        await browser_of(await server.joins(name, member=True)) for name in ("a1", "b1", "c1")
    ]
    page = await proposed(alice)
    assert page.root.one("h1").text == NEW["title"]
    assert "Suspend spam.example" in page.text
    assert page.root.one("main").one("strong").text == "spam"
    after = await voted(alice, "agree")
    assert "Your ballot is in the ledger." in after.text
    assert "You voted agree" in after.text
    await voted(bob, "disagree", "I have a friend there.")
    await voted(bob, "abstain", "She has moved.")
    await voted(cleo, "agree")
    page = await stranger.open("/coop/1")
    assert "3 of 3 members voted" in page.text
    assert "She has moved." in page.text
    assert "I have a friend there." not in page.text
    assert page.root.one("svg", class_="bar")["aria-label"] == "agree 2, abstain 1, disagree 0, block 0"
    clock.advance(seconds=7 * 86_400)
    await server.settle()
    page = await stranger.open("/coop/1")
    assert "Carried out" in page.root.one(class_="stamp").text
    assert page.root.one("h2", id="acts").text == "Carried out"
    assert "2 agree" in page.text
    assert "Carried out" in (await stranger.open("/coop")).text
    about = await stranger.open("/about")
    assert "spam.example" in about.text
    assert NEW["act_public_comment"] in about.text
    (decision,) = about.root.all("a", href="/coop/1")
    assert decision.text == NEW["title"]


async def test_the_list_says_what_waits_for_a_member(server: Server) -> None:
    alice = await browser_of(await server.joins("alice", member=True))
    assert "Nothing waits for your ballot" in (await alice.open("/coop")).text
    await proposed(alice)
    page = await alice.open("/coop")
    assert "1 open vote waits" in page.text
    assert page.root.all("a", href="/coop/1#ballot")
    await voted(alice, "agree")
    page = await alice.open("/coop")
    assert "You voted “agree”" in page.text
    assert not page.root.all("a", href="/coop/1#ballot")


async def test_a_receipt_comes_with_the_ballot_and_only_to_its_voter(
    server: Server, stranger: Browser
) -> None:
    alice, bob = [await browser_of(await server.joins(name, member=True)) for name in ("alice", "bob")]
    await proposed(alice)
    page = await voted(alice, "agree")
    assert "Your receipt" in page.text
    promise = page.root.all("pre")[0]
    assert f"{server.config.domain}/ledger/receipt" in promise.text
    for other in (bob, stranger):
        assert "Your receipt" not in (await other.open("/coop/1")).text


async def test_whoever_may_not_vote_is_told_why(server: Server, stranger: Browser) -> None:
    alice = await browser_of(await server.joins("alice", member=True))
    eve = await browser_of(await server.joins("eve"))
    await proposed(alice)
    page = await stranger.open("/coop/1")
    assert not page.root.all("input", name="choice")
    assert page.root.all("a", href="/login?next=/coop/1")
    page = await eve.open("/coop/1")
    assert not page.root.all("input", name="choice")
    assert "Only members of the co-operative vote" in page.text
    csrf = (await eve.open("/settings/sessions")).root.all("input", name="csrf")[0]["value"]
    refused = await eve.post("/coop/1/ballot", {"csrf": csrf, "choice": "agree"}, expect=422)
    assert "Only members of the co-operative vote" in refused.root.one("p", role="alert").text
    assert "0 of 1 member voted" in (await stranger.open("/coop/1")).text


async def test_a_ballot_without_the_forms_token_is_refused(server: Server, stranger: Browser) -> None:
    alice, bob = [await browser_of(await server.joins(name, member=True)) for name in ("alice", "bob")]
    await proposed(alice)
    others = (await bob.open("/coop/1")).root.all("input", name="csrf")[0]["value"]
    own = (await alice.open("/coop/1")).root.all("input", name="csrf")[0]["value"]
    await alice.post("/coop/1/ballot", {"choice": "agree"}, expect=403)
    await alice.post("/coop/1/ballot", {"choice": "agree", "csrf": others}, expect=403)
    await alice.post("/coop/1/ballot", {"choice": "agree", "csrf": own}, expect=403, site="cross-site")
    for path in ("/coop/new", "/coop/1/state", "/settings/sessions/revoke", "/logout"):
        await alice.post(path, NEW | {"action": "withdraw"}, expect=403)
    await stranger.post("/coop/1/ballot", {"choice": "agree"}, expect=403)
    page = await stranger.open("/coop/1")
    assert "0 of 2 members voted" in page.text
    assert page.root.one(class_="stamp").text == "Open"


async def test_what_is_wrong_is_said_beside_what_was_typed(server: Server) -> None:
    alice = await browser_of(await server.joins("alice", member=True))
    form = await alice.open("/coop/new?act=suspend_domain")
    page = await alice.send(form, "/coop/new", NEW | {"act_domain": ""}, expect=422)
    assert "Which server?" in page.root.one("p", role="alert").text
    assert page.root.one("input", name="title")["value"] == NEW["title"]
    assert page.root.one("textarea", name="body").text == NEW["body"]
    assert page.root.one("h1").text == "Suspend a server"
    await alice.send(form, "/coop/new", NEW | {"title": ""}, expect=422)
    await alice.send(form, "/coop/new", NEW | {"act": "become_king"}, expect=422)
    await alice.send(form, "/coop/new", NEW | {"act_domain": server.config.domain}, expect=422)


async def test_a_proposal_about_a_server_is_always_of_that_kind(server: Server) -> None:
    alice = await browser_of(await server.joins("alice", member=True))
    page = await proposed(alice, kind="advisory")
    assert "Other servers" in page.text
    page = await proposed(alice, act="resolve", kind="advisory", title="Meet once a year")
    assert "Words only" in page.root.one("p", class_="kicker").text


async def test_only_members_propose(server: Server, stranger: Browser) -> None:
    assert (await stranger.open("/coop/new", expect=303)).location == "/login?next=%2Fcoop%2Fnew"
    eve = await browser_of(await server.joins("eve"))
    page = await eve.open("/coop/new", expect=403)
    assert "Only members of the co-operative can do this" in page.text


async def test_a_proposer_withdraws_and_nobody_else(server: Server, stranger: Browser) -> None:
    alice, bob = [await browser_of(await server.joins(name, member=True)) for name in ("alice", "bob")]
    page = await proposed(alice)
    assert not (await bob.open("/coop/1")).root.all("button", name="action")
    csrf = (await bob.open("/coop/1")).root.all("input", name="csrf")[0]["value"]
    await bob.post("/coop/1/state", {"csrf": csrf, "action": "withdraw"}, expect=422)
    sent = await alice.send(page, "/coop/1/state", {"action": "withdraw"})
    assert "It is withdrawn." in (await alice.open(sent.location)).text
    assert (await stranger.open("/coop/1")).root.one(class_="stamp").text == "Withdrawn"


async def test_discussion_with_the_assembly_stands_below(server: Server, stranger: Browser) -> None:
    alice = await server.joins("alice", member=True)
    await proposed(await browser_of(alice))
    asked = (await alice.get("/api/v1/timelines/public", local="true"))[0]["id"]
    await alice.says("@assembly I followed two people there.", in_reply_to_id=asked)
    page = await stranger.open("/coop/1")
    assert "I followed two people there." in page.text
    assert page.root.all("a", href=f"/@assembly/{asked}")
    question = await stranger.open(f"/@assembly/{asked}")
    assert question.root.all("a", href="/coop/1")


async def test_a_draft_is_endorsed_and_results_wait_where_the_rules_say_so(
    sqlite_url: str, tmp_path: Path
) -> None:
    rules = tmp_path / "gated.toml"
    rules.write_text(DRAFTS)
    async with running(sqlite_url, str(tmp_path), constitution=str(rules)) as server:
        alice, bob = [await browser_of(await server.joins(name, member=True)) for name in ("alice", "bob")]
        stranger = Browser(server)
        page = await proposed(alice)
        assert "Draft" in page.root.one(class_="stamp").text
        await stranger.open("/coop/1", expect=404)
        assert "spam" not in (await stranger.open("/coop")).text
        sent = await bob.send(await bob.open("/coop/1"), "/coop/1/state", {"action": "endorse"})
        assert "You have endorsed this." in (await bob.open(sent.location)).text
        await voted(bob, "agree")
        refused = await voted(alice, "block", expect=422)
        assert "needs a reason" in refused.root.one("p", role="alert").text
        assert "checked" in refused.root.one("input", name="choice", value="block").attributes
        await voted(alice, "block", "I would lose my brother.")
        page = await stranger.open("/coop/1")
        assert "Open" in page.root.one(class_="stamp").text
        assert "my brother" not in page.text
        assert not page.root.all("svg", class_="bar")


async def test_a_link_cannot_claim_that_somebody_voted(server: Server, stranger: Browser) -> None:
    alice = await browser_of(await server.joins("alice", member=True))
    await proposed(alice)
    for browser in (alice, stranger):
        assert (
            "in the ledger." not in (await browser.open("/coop/1", done="ballot")).root.one("main").text[:200]
        )
        assert not (await browser.open("/coop/1", done="<b>")).root.all("p", role="status")


async def test_older_addresses_lead_on(stranger: Browser) -> None:
    assert (await stranger.open("/coop/proposals/7", expect=303)).location == "/coop/7"
    assert (await stranger.open("/coop/proposals/new", expect=303)).location == "/coop/new"


async def test_a_draft_is_amended_by_form_and_its_earlier_words_stay_readable(
    sqlite_url: str, tmp_path: Path
) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text(DRAFTS)
    async with running(sqlite_url, str(tmp_path), constitution=str(rules)) as server:
        alice, bob = [await browser_of(await server.joins(name, member=True)) for name in ("a1", "b1")]
        page = await proposed(alice)
        refused = await alice.send(page, "/coop/1/amend", {"title": " ", "body": "x"}, expect=422)
        assert "A proposal needs a title." in refused.text
        sent = await alice.send(page, "/coop/1/amend", {"title": "Other words", "body": "Now *kinder*."})
        after = await alice.open(sent.location)
        assert after.root.one("h1").text == "Other words"
        assert "Version 1: Stop talking to spam.example" in after.text
        assert "Amended: version 2" in after.text
        assert "Amend it" not in (await bob.open("/coop/1")).text


async def test_the_proposer_keeps_a_vote_open_longer_by_form(server: Server) -> None:
    alice, bob = [await browser_of(await server.joins(name, member=True)) for name in ("a1", "b1")]
    page = await proposed(alice)
    refused = await alice.send(page, "/coop/1/state", {"action": "extend", "by": "soon"}, expect=422)
    assert "“soon”" in refused.text or "soon" in refused.text
    sent = await alice.send(page, "/coop/1/state", {"action": "extend", "by": "2 days"})
    after = await alice.open(sent.location)
    assert "Voting is open longer now." in after.text
    assert "The proposer kept voting open longer" in after.text
    assert "Keep it open longer" not in (await bob.open("/coop/1")).text


async def test_a_vote_is_given_away_and_taken_back_by_form(server: Server) -> None:
    alice, bob = [await browser_of(await server.joins(name, member=True)) for name in ("a1", "b1")]
    page = await alice.open("/coop/delegations")
    refused = await alice.send(page, "/coop/delegations", {"kind": "policy", "to": "nobody"}, expect=422)
    assert "There is nobody here called “nobody”." in refused.text
    await alice.send(page, "/coop/delegations", {"kind": "policy", "to": "@b1"})
    assert "@b1" in (await alice.open("/coop/delegations")).text
    assert "@a1" in (await bob.open("/coop/delegations")).text
    await alice.send(page, "/coop/delegations", {"kind": "policy", "action": "take_back"})
    assert "@a1" not in (await bob.open("/coop/delegations")).root.one("main").text
