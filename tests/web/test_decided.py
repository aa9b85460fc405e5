"""What members decide, as everybody then sees it: in Mastodon's API, on other servers, on pages. That the record
agrees is in `tests/moderation/test_acts.py`."""

from __future__ import annotations

from typing import Any

import pytest

from fedcoop import clock
from tests.web.pages.browser import browser_of
from tests.words import ALL_SCOPES, Person, Server

API = "/api/fedcoop/v1"


async def decide(server: Server, alice: Person, act: dict[str, Any], *others: Server) -> Any:
    """Alice, the only member, decides."""
    proposal = await alice.post(f"{API}/proposals", title=f"Do {act['type']}", acts=[act])
    address = f"{API}/proposals/{proposal['id']}"
    await alice.post(f"{address}/ballot", choice="agree")
    clock.advance(seconds=15 * 86_400)
    await server.settle(*others)
    decided = await alice.get(address)
    assert decided["state"] == "enacted", decided
    return decided


async def repeal(server: Server, alice: Person, decided: Any, *others: Server) -> None:
    """Alice has it undone, by a proposal of its own."""
    made = await alice.post(f"{API}/proposals/{decided['id']}/repeal", words="We were wrong.")
    await alice.post(f"{API}/proposals/{made['id']}/ballot", choice="agree")
    clock.advance(seconds=15 * 86_400)
    await server.settle(*others)
    assert (await alice.get(f"{API}/proposals/{made['id']}"))["state"] == "enacted"


async def test_rules_documents_and_settings_show_in_mastodons_api(server: Server) -> None:
    alice = await server.joins("alice", member=True)
    german = {"de": {"text": "Sei freundlich.", "hint": "Immer."}}
    rule = await decide(server, alice, {"type": "adopt_rule", "text": "Be kind.", "translations": german})
    [shown] = await server.anybody.get("/api/v1/instance/rules")
    assert (shown["text"], shown["translations"]["de"]["hint"]) == ("Be kind.", "Immer.")
    await server.anybody.get("/api/v1/instance/privacy_policy", expect=404)
    policy = await decide(
        server, alice, {"type": "adopt_document", "document": "privacy_policy", "text": "We keep *little*."}
    )
    assert "<em>little</em>" in (await server.anybody.get("/api/v1/instance/privacy_policy"))["content"]
    terms = {"type": "adopt_document", "document": "terms_of_service", "text": "Be *here*."}
    await decide(server, alice, terms)
    day = (await server.anybody.get("/api/v1/instance/terms_of_service"))["effective_date"]
    later = clock.day(clock.now() + 40 * clock.DAY)
    await decide(server, alice, terms | {"text": "Be there.", "effective": later})
    now = await server.anybody.get(f"/api/v1/instance/terms_of_service/{day}")
    assert (now["effective"], now["succeeded_by"]) == (True, later)
    assert not (await server.anybody.get(f"/api/v1/instance/terms_of_service/{later}"))["effective"]
    await server.anybody.get("/api/v1/instance/terms_of_service/2001-01-01", expect=404)
    ours = {"type": "adopt_document", "document": "about", "text": "We are **many**."}
    about = await decide(server, alice, ours)
    longer = await server.anybody.get("/api/v1/instance/extended_description")
    assert "<strong>many</strong>" in longer["content"]
    assert longer["updated_at"] > "2001"
    assert "<strong>many</strong>" in (await server.anybody.ask("GET", "/about/about")).body
    title = await decide(server, alice, {"type": "set_setting", "key": "title", "value": "Harbour"})
    await decide(server, alice, {"type": "set_setting", "key": "status_max_chars", "value": 200})
    instance = await server.anybody.get("/api/v2/instance")
    assert instance["title"] == "Harbour"
    assert instance["configuration"]["statuses"]["max_characters"] == 200
    assert instance["configuration"]["urls"]["privacy_policy"].endswith("/about/privacy-policy")
    await alice.post("/api/v1/statuses", expect=422, status="x" * 201)
    for each in (rule, policy, title, about):
        await repeal(server, alice, each)
    longer = await server.anybody.get("/api/v1/instance/extended_description")
    assert server.config.description in longer["content"]
    await server.anybody.ask("GET", "/about/about", expect=404)
    assert await server.anybody.get("/api/v1/instance/rules") == []
    await server.anybody.get("/api/v1/instance/privacy_policy", expect=404)
    assert (await server.anybody.get("/api/v2/instance"))["title"] == server.config.title


async def test_closed_registrations_let_nobody_in(server: Server) -> None:
    alice = await server.joins("alice", member=True)
    await decide(
        server, alice, {"type": "set_registrations", "mode": "closed", "message": "We are **full**."}
    )
    instance = await server.anybody.get("/api/v2/instance")
    assert instance["registrations"]["enabled"] is False
    assert "<strong>full</strong>" in instance["registrations"]["message"]
    info = await server.anybody.get("/nodeinfo/2.1")
    assert info["openRegistrations"] is False


async def test_a_suspended_account_and_a_removed_post_are_gone_for_everybody(server: Server) -> None:
    alice, bob = await server.joins("alice", member=True), await server.joins("bob")
    await alice.follows(bob)
    said = await bob.says("something rude")
    assert [each["id"] for each in await alice.home()][:1] == [said["id"]]
    removed = await decide(server, alice, {"type": "remove_status", "status": said["id"]})
    for person in (alice, bob, server.anybody):
        await person.get(f"/api/v1/statuses/{said['id']}", expect=404)
    assert said["id"] not in [each["id"] for each in await alice.home()]
    assert await bob.get(f"/api/v1/accounts/{bob.id}/statuses") == []
    await repeal(server, alice, removed)
    assert (await server.anybody.get(f"/api/v1/statuses/{said['id']}"))["content"] == said["content"]
    assert said["id"] in [each["id"] for each in await alice.home()]
    suspended = await decide(server, alice, {"type": "suspend_account", "account": "bob"})
    await bob.get("/api/v1/timelines/home", expect=403)
    assert (await alice.get(f"/api/v1/accounts/{bob.id}"))["suspended"] is True
    await repeal(server, alice, suspended)
    assert "suspended" not in await alice.get(f"/api/v1/accounts/{bob.id}")


async def test_other_servers_learn_of_a_removed_post(server: Server, other: Server) -> None:
    alice, bob = await server.joins("alice", member=True), await other.joins("bob")
    await bob.follows(alice)
    await server.settle(other)
    said = await alice.says("hello from here")
    await server.settle(other)
    [copy] = await bob.home()
    marked = await decide(server, alice, {"type": "mark_sensitive", "status": said["id"]}, other)
    assert (await bob.get(f"/api/v1/statuses/{copy['id']}"))["sensitive"] is True
    await repeal(server, alice, marked, other)
    assert (await bob.get(f"/api/v1/statuses/{copy['id']}"))["sensitive"] is False
    await decide(server, alice, {"type": "remove_status", "status": said["id"]}, other)
    await bob.get(f"/api/v1/statuses/{copy['id']}", expect=404)
    activity = {"Accept": "application/activity+json"}
    await server.anybody.ask("GET", said["uri"], expect=410, headers=activity)


async def test_a_moderator_acts_through_the_api_and_others_do_not(server: Server) -> None:
    alice, bob = (
        await server.joins("alice", member=True),
        await server.joins("bob", member=True, scopes=f"{ALL_SCOPES} admin:governance"),
    )
    await server.joins("mallory")
    await alice.post(f"{API}/powers", expect=403, act={"type": "resolve", "text": "x"})
    limit = {"type": "limit_account", "account": "mallory"}
    refused = await bob.post(f"{API}/powers", expect=403, act=limit)
    assert "made moderators" in refused["error"]
    grant = {"type": "grant_mandate", "account": "bob", "office": "moderator", "term": "365 days"}
    await decide(server, alice, grant)
    [office] = await server.anybody.get(f"{API}/mandates")
    assert (office["acct"], office["office"]) == ("bob", "moderator")
    done = await bob.post(f"{API}/powers", act=limit, reason="Spam in every thread.")
    assert done["done"]["state"] == "standing"
    assert "mallory" not in str(await server.anybody.get(f"{API}/powers"))
    [seen] = await bob.get(f"{API}/powers")
    assert seen["act"]["account"] == "mallory"
    [entry, *_] = await server.anybody.get(f"{API}/log")
    assert entry["type"] == "power"
    refused = await bob.post(f"{API}/powers", expect=403, act={"type": "expel_member", "account": "alice"})
    assert "propose=true" in refused["error"]
    made = await bob.post(f"{API}/powers", act={"type": "expel_member", "account": "alice"}, propose=True)
    assert made["proposal"]["kind"] == "membership"


async def test_members_rest_and_leave_in_the_middle_of_a_vote(server: Server) -> None:
    alice, bob = await server.joins("alice", member=True), await server.joins("bob", member=True)
    await server.anybody.ask("PATCH", f"{API}/members/me", expect=401)
    proposal = await alice.post(f"{API}/proposals", title="Think", kind="policy")
    address = f"{API}/proposals/{proposal['id']}"
    paused = await bob.ask("PATCH", f"{API}/members/me", json={"paused": True})
    assert paused["standing"] == "paused"
    await bob.post(f"{address}/ballot", choice="agree")
    later = await alice.post(f"{API}/proposals", title="Think again", kind="policy")
    assert later["electorate_size"] == 1
    assert (await bob.ask("PATCH", f"{API}/members/me", json={"paused": False}))["standing"] == "good"
    await bob.delete(f"{API}/members/me")
    await bob.post(f"{address}/ballot", expect=403, choice="disagree")
    await bob.get(f"{API}/members/me", expect=403)
    clock.advance(seconds=7 * 86_400)
    await server.settle()
    result = await alice.get(f"{address}/result")
    assert result["counts"]["agree"] == 1, "what was answered before counts"


async def test_pages_show_offices_and_documents(small: Server) -> None:
    alice = await small.joins("alice", member=True)
    grant = {"type": "grant_mandate", "account": "alice", "office": "treasurer", "term": "365 days"}
    await decide(small, alice, grant)
    policy = {"type": "adopt_document", "document": "privacy_policy"}
    await decide(small, alice, policy | {"text": "We keep little.\n\nWe sell nothing."})
    await decide(small, alice, policy | {"text": "We keep less.\n\nWe sell nothing."})
    browser = await browser_of(alice)
    offices = await browser.open("/coop/offices")
    assert "@alice" in offices.text
    assert "Treasurer" in offices.text
    page = await browser.open("/about/privacy-policy")
    assert "We keep less." in page.text
    assert [each.text for each in page.root.all("ins")] == ["We keep less."]
    assert [each.text for each in page.root.all("del")] == ["We keep little."]
    assert "We keep little." in (await browser.open("/about/privacy-policy?version=1")).text
    assert "Privacy policy" in (await browser.open("/about")).text
    await small.anybody.ask("GET", "/about/nonsense", expect=404)
    rules = await browser.open("/coop/constitution")
    assert "When one person blocks (3 agree, 1 block): fails; 9 agree would pass." in rules.text
    assert "What moderators do alone" in rules.text
    assert "this server does not draw panels yet" in " ".join(rules.text.split())
    assert "`" not in rules.text, "what an act's fields mean is for programs"


@pytest.mark.parametrize("path", ["/settings/severed", "/settings/severed.csv"])
async def test_what_was_lost_is_for_its_owner_alone(small: Server, path: str) -> None:
    answer = await small.anybody.ask("GET", path, expect=None)
    assert answer.status == 303


async def test_a_decision_is_repealed_from_its_page(small: Server) -> None:
    alice = await small.joins("alice", member=True)
    decided = await decide(small, alice, {"type": "adopt_rule", "text": "Be kind."})
    browser = await browser_of(alice)
    page = await browser.open(f"/coop/{decided['number']}")
    assert "Propose to repeal it" in page.text
    answer = await small.anybody.ask("GET", f"/coop/{decided['number']}")
    assert "Propose to repeal it" not in answer.body
    sent = await browser.send(page, f"/coop/{decided['number']}/state", {"action": "repeal"})
    made = await browser.open(sent.location.partition("?")[0])
    assert "Repeal “Do adopt_rule”" in made.text
