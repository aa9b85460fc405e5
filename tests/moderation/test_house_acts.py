"""Acts on the co-op's own house (rules, documents, settings, members, offices, constitution) as `test_acts` has
those on accounts, posts and servers."""

from __future__ import annotations

import pytest

from fedcoop import clock, documents, instance, settings
from fedcoop.accounts import access as accounts
from fedcoop.announcements import access as announcements
from fedcoop.db import Database
from moderation import constitution
from moderation.ledger import serve
from moderation.mandates import access as mandates
from moderation.members import access as members
from tests.moderation.deciding import agreed, decide, three, undo
from tests.moderation.world import Coop


@pytest.fixture
async def coop(db: Database) -> Coop:
    """Three members who decide everything in five minutes, and a stranger."""
    return await three(db)


async def test_rules_are_adopted_amended_and_repealed(coop: Coop) -> None:
    german = {"de": {"text": "Sei freundlich.", "hint": ""}}
    adopted = await decide(coop, {"type": "adopt_rule", "text": "Be kind.", "translations": german})
    rule = adopted.acts[0].act["rule"]
    amended = await decide(coop, {"type": "amend_rule", "rule": rule, "text": "Be very kind. " * 60})
    async with coop.db.read() as tx:
        [now] = await instance.access.rules(tx)
        assert now.text.startswith("Be very kind.")
        assert now.because == f"proposal:{amended.id}"
        [first, _] = await serve.entries(tx, types=("act",))
        assert first.body["act"]["text"].startswith("sha256:"), (
            "long texts stand in the record as fingerprints"
        )
    await agreed(coop)
    await undo(coop, amended)
    async with coop.db.read() as tx:
        [now] = await instance.access.rules(tx)
        assert (now.text, str(now.id)) == ("Be kind.", rule)
        assert "Sei freundlich." in now.translations
    repealed = await decide(coop, {"type": "repeal_rule", "rule": rule})
    async with coop.db.read() as tx:
        assert await instance.access.rules(tx) == []
    await agreed(coop)
    await undo(coop, repealed)
    async with coop.db.read() as tx:
        assert [str(each.id) for each in await instance.access.rules(tx)] == [rule]
    await agreed(coop)


async def test_documents_have_versions_that_begin_to_hold_on_their_day(coop: Coop) -> None:
    policy = {"type": "adopt_document", "document": "privacy_policy", "text": "We keep *little*."}
    first = await decide(coop, policy)
    day = clock.day(clock.now() + 10 * clock.DAY)
    later = {
        "type": "adopt_document",
        "document": "privacy_policy",
        "text": "We keep less.",
        "effective": day,
    }
    await decide(coop, later)
    async with coop.db.read() as tx:
        current = await documents.current(tx, "privacy_policy")
        assert current is not None
        assert (current.version, current.text) == (1, "We keep *little*.")
        assert current.because == f"proposal:{first.id}"
    await coop.pass_time(days=11)
    async with coop.db.read() as tx:
        current = await documents.current(tx, "privacy_policy")
        assert current is not None
        assert (current.version, clock.day(current.effective_at)) == (2, day)
    await agreed(coop)
    withdrawn = await decide(coop, {"type": "adopt_document", "document": "privacy_policy", "text": ""})
    async with coop.db.read() as tx:
        assert await documents.current(tx, "privacy_policy") is None
    await undo(coop, withdrawn)
    async with coop.db.read() as tx:
        current = await documents.current(tx, "privacy_policy")
        assert current is not None
        assert current.text == "We keep less."
    await agreed(coop)


async def test_settings_and_registrations_are_set_and_taken_back(coop: Coop) -> None:
    named = await decide(coop, {"type": "set_setting", "key": "title", "value": "Harbour"})
    limit = await decide(coop, {"type": "set_setting", "key": "status_max_chars", "value": "700"})
    closed = await decide(coop, {"type": "set_registrations", "mode": "closed", "message": "We are full."})
    await decide(coop, {"type": "set_setting", "key": "contact_account", "value": "@ann"})
    async with coop.db.read() as tx:
        now = await settings.applied(tx, coop.config)
        assert (now.title, now.status_max_chars, now.registrations) == ("Harbour", 700, "closed")
        assert (await settings.read(tx, coop.config)).contact_account_id == coop.people["ann"].id
    await agreed(coop)
    for each in (named, limit, closed):
        await undo(coop, each)
    async with coop.db.read() as tx:
        assert (await settings.applied(tx, coop.config)).title == coop.config.title
        assert (await settings.applied(tx, coop.config)).registrations == coop.config.registrations
    await agreed(coop)


async def test_members_are_admitted_and_expelled(coop: Coop) -> None:
    admitted = await decide(coop, {"type": "admit_member", "account": "zoe", "standing": "probation"})
    async with coop.db.read() as tx:
        assert (await members.member(tx, coop.people["zoe"].id)).standing == "probation"
    await agreed(coop)
    await undo(coop, admitted)
    async with coop.db.read() as tx:
        found = await members.find(tx, coop.people["zoe"].id)
        assert found is not None
        assert found.standing == "expelled"
    expelled = await decide(coop, {"type": "expel_member", "account": "cem"})
    await agreed(coop)
    await undo(coop, expelled)
    async with coop.db.read() as tx:
        assert (await members.member(tx, coop.people["cem"].id)).standing == "good"
    await agreed(coop)


async def test_an_office_is_given_for_a_term_and_lapses_by_itself(coop: Coop) -> None:
    office = {"type": "grant_mandate", "account": "bob", "office": "Moderator", "term": "30 days"}
    await decide(coop, office)
    async with coop.db.read() as tx:
        [held] = await mandates.listed(tx)
        assert (held.acct, held.office) == ("bob", "moderator")
        assert (await accounts.user(tx, coop.people["bob"].id)).role == "moderator"
    await agreed(coop)
    recalled = await decide(coop, {"type": "revoke_mandate", "account": "bob", "office": "moderator"})
    async with coop.db.read() as tx:
        assert await mandates.listed(tx) == []
        assert (await accounts.user(tx, coop.people["bob"].id)).role == "user"
    await agreed(coop)
    await undo(coop, recalled)
    async with coop.db.read() as tx:
        [again] = await mandates.listed(tx)
        assert again.ends_at == held.ends_at, "for what was left of the term"
    await agreed(coop)
    await coop.pass_time(days=31)
    async with coop.db.read() as tx:
        assert await mandates.listed(tx) == []
        assert [each.ended_because for each in await mandates.listed(tx, past=True)] == ["recalled", "term"]
        assert (await accounts.user(tx, coop.people["bob"].id)).role == "user"
    await agreed(coop)


async def test_offices_end_when_somebody_leaves(coop: Coop) -> None:
    await decide(coop, {"type": "grant_mandate", "account": "bob", "office": "treasurer", "term": "30 days"})
    await decide(coop, {"type": "expel_member", "account": "bob"})
    async with coop.db.read() as tx:
        assert [each.ended_because for each in await mandates.listed(tx, past=True)] == ["left"]
    await agreed(coop)


async def test_the_constitution_changes_by_its_own_rule_and_open_votes_keep_theirs(coop: Coop) -> None:
    running = await coop.propose("cem", "Meanwhile", closes_in="1 hour")
    before = running.rule
    amended = await decide(coop, {"type": "amend_constitution", "constitution": "absolute-majority"})
    async with coop.db.read() as tx:
        now = await constitution.force.in_force(tx)
        assert now.constitution.name == "absolute-majority"
    await coop.vote("bob", running, "block", "No.")
    await coop.pass_time(minutes=60)
    decided = await coop.see(running)
    assert decided.rule == before
    assert decided.state == "failed"
    await agreed(coop)
    inverse = amended.acts[0].inverse
    assert inverse is not None
    proposal = await coop.propose("ann", "Back", acts=[inverse])
    for name in ("ann", "bob"):
        await coop.vote(name, proposal, "agree")
    await coop.pass_time(days=8)
    async with coop.db.read() as tx:
        assert (await constitution.force.in_force(tx)).constitution.name == "trial"
    await agreed(coop)


async def test_something_is_announced_and_taken_back(coop: Coop) -> None:
    said = await decide(coop, {"type": "announce", "text": "The server moves on **Sunday**."})
    number = int(said.acts[0].act["announcement"])
    async with coop.db.read() as tx:
        [shown] = await announcements.current(tx, coop.people["ann"].id, "")
        assert shown.id == str(number)
    await agreed(coop)
    await undo(coop, said)
    async with coop.db.read() as tx:
        assert await announcements.current(tx, coop.people["ann"].id, "") == []
    await agreed(coop)
