"""Writing a proposal by form: every act can be proposed as a member does it, and says what is missing."""

from __future__ import annotations

from typing import Any

import pytest

from fedcoop import clock
from tests.web.pages.browser import Browser, browser_of
from tests.words import Server
from web.pages import act_fields

SAID = {
    "suspend_domain": {"domain": "spam.example", "public_comment": "Spam", "reject_media": "1"},
    "limit_domain": {"domain": "loud.example", "obfuscate": "1"},
    "allow_domain": {"domain": "kind.loud.example"},
    "lift_domain": {"domain": "spam.example"},
    "subscribe_list": {"url": "https://lists.example/blocks.csv", "title": "Shared"},
    "join_relay": {"relay": "https://relay.example/inbox"},
    "limit_account": {"account": "bob"},
    "sensitize_account": {"account": "bob"},
    "suspend_account": {"account": "bob"},
    "restore_account": {"account": "bob"},
    "remove_status": {"status": "POST"},
    "mark_sensitive": {"status": "POST"},
    "adopt_rule": {"text": "Be kind.", "hint": "To everybody."},
    "amend_rule": {"rule": "RULE", "text": "Be kinder."},
    "repeal_rule": {"rule": "RULE"},
    "adopt_document": {"document": "privacy_policy", "text": "# We keep little"},
    "set_registrations": {"mode": "closed", "message": "We are full."},
    "set_setting": {"key": "languages", "value": "en,de"},
    "announce": {"text": "We meet on Sunday."},
    "admit_member": {"account": "bob", "standing": "probation"},
    "expel_member": {"account": "carol"},
    "grant_mandate": {"account": "carol", "office": "treasurer", "term": "365 days"},
    "amend_constitution": {"constitution": "absolute-majority"},
    "resolve": {},
}


async def proposed(browser: Browser, act: str, fields: dict[str, str], *, expect: int = 303) -> str:
    """Fill in the form of an act; where it leads, or what the page says."""
    form = await browser.open("/coop/new", act=act)
    typed = {f"act_{name}": value for name, value in fields.items()}
    page = await browser.send(
        form, "/coop/new", {"title": f"Trying {act}", "body": "Why not.", **typed}, expect=expect
    )
    return page.location if expect == 303 else page.text


@pytest.fixture
async def member(server: Server) -> Browser:
    """The browser of a member of a co-op with somebody to decide about."""
    await server.joins("bob")
    await server.joins("carol", member=True)
    return await browser_of(await server.joins("alice", member=True))


async def test_every_act_is_offered_and_can_be_proposed(server: Server, member: Browser) -> None:
    bob = server.people["bob"]
    post = await bob.says("Look at my cat")
    page = await member.open("/coop/new")
    offered = {choice.key for group in act_fields.groups() for choice in group.choices}
    assert offered == {*SAID, "revoke_mandate"}, "an act without an example here"
    for group in act_fields.groups():
        for choice in group.choices:
            assert page.root.all("a", href=f"/coop/new?act={choice.key}"), choice.key

    first = await proposed(member, "adopt_rule", SAID["adopt_rule"])
    rule = await adopted(server, member, first)
    for act, fields in SAID.items():
        filled = {
            name: post["url"] if value == "POST" else rule if value == "RULE" else value
            for name, value in fields.items()
        }
        where = await proposed(member, act, filled)
        assert "Trying" in (await member.open(where)).text, act
    kinds = {each["acts"][0]["type"]: each["kind"] for each in await newest(server)}
    assert kinds["suspend_domain"] == "federation"
    assert kinds["amend_constitution"] == "bylaw"
    assert kinds["grant_mandate"] == "role"
    # Nobody holds an office yet, and the form says so.
    said = await proposed(member, "revoke_mandate", {"account": "carol", "office": "moderator"}, expect=422)
    assert "moderator" in said


async def newest(server: Server) -> list[Any]:
    return list(await server.anybody.get("/api/fedcoop/v1/proposals", limit=40))


async def adopted(server: Server, member: Browser, where: str) -> str:
    """Vote for a proposal and let its time pass; the id of the rule that it adopts."""
    page = await member.open(where.partition("?")[0])
    await member.send(page, f"{where.partition('?')[0]}/ballot", {"choice": "agree"})
    clock.advance(seconds=12 * 86_400)
    await server.settle()
    [rule] = await server.anybody.get("/api/v1/instance/rules")
    return str(rule["id"])


async def test_what_is_missing_or_makes_no_sense_is_said_and_nothing_is_proposed(
    server: Server, member: Browser
) -> None:
    for act, fields, sentence in (
        ("suspend_domain", {}, "Which server?"),
        ("remove_status", {"status": "the one with the cat"}, "Copy its address"),
        ("remove_status", {"status": "12345"}, ""),
        ("limit_account", {"account": "nobody_there"}, ""),
        ("grant_mandate", {"account": "carol", "office": ""}, "Which office?"),
        ("set_setting", {"key": "poll_max_options", "value": "many"}, ""),
        ("amend_constitution", {"constitution": "{"}, "no JSON"),
        ("amend_constitution", {"constitution": "passes = agree"}, ""),
        ("adopt_document", {"document": "privacy_policy", "text": "x", "effective": "tomorrow"}, ""),
    ):
        said = await proposed(member, act, fields, expect=422)
        assert sentence in said, act
    form = await member.open("/coop/new", act="resolve")
    csrf = form.root.all("input", name="csrf")[0]["value"]
    await member.post(
        "/coop/new", {"csrf": csrf, "act": "become_king", "title": "x", "body": "y"}, expect=422
    )
    await member.open("/coop/new", act="become_king", expect=422)
    assert await newest(server) == []


async def test_a_link_may_fill_in_what_it_is_about(member: Browser) -> None:
    page = await member.open(
        "/coop/new", act="suspend_domain", act_domain="spam.example", title="Cut off spam"
    )
    assert page.root.one("input", name="act_domain")["value"] == "spam.example"
    assert page.root.one("input", name="title")["value"] == "Cut off spam"
