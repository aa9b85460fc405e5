"""Every act: what it does when its proposal passes, that the record agrees, and that repealing it restores what
was before. On pages and in the API they are in `tests/web/test_decided.py`."""

from __future__ import annotations

import re
from typing import Any

import pytest

from fedcoop import clock, documents, domains, instance, settings
from fedcoop.accounts import access as accounts
from fedcoop.accounts.remote import save_remote
from fedcoop.accounts.types import RemoteAccount
from fedcoop.announcements import access as announcements
from fedcoop.db import Tx
from fedcoop.domains.access import severed
from fedcoop.errors import Invalid, NotFound
from fedcoop.paging import Page
from fedcoop.relationships import actions as relationships
from fedcoop.statuses import access as statuses
from fedcoop.statuses import actions as posting
from fedcoop.statuses.types import Draft
from moderation import constitution, reconcile
from moderation.acts.types import ACTS, schemas
from moderation.ledger import serve
from moderation.mandates import access as mandates
from moderation.members import access as members
from moderation.proposals.types import ProposalEntity
from tests.moderation.world import RULES, Coop

EASY = re.sub(r'= "(gated|slow|shy|secret)"', '= "quick"', RULES)


@pytest.fixture
async def coop(db: Any) -> Coop:
    """Three members who decide everything in five minutes, and a stranger."""
    coop = await Coop(db).found(EASY)
    await coop.join("ann", "bob", "cem")
    await coop.account("zoe")
    return coop


async def decide(coop: Coop, act: dict[str, Any]) -> ProposalEntity:
    """The members decide an act."""
    proposal = await coop.propose("ann", f"Do {act['type']}", acts=[act])
    for name in ("ann", "bob"):
        await coop.vote(name, proposal, "agree")
    await coop.pass_time(minutes=6)
    decided = await coop.see(proposal)
    assert decided.state == "enacted"
    return decided


async def undo(coop: Coop, decided: ProposalEntity) -> ProposalEntity:
    """The members repeal what they decided."""
    inverse = decided.acts[0].inverse
    assert inverse is not None
    return await decide(coop, inverse)


async def agreed(coop: Coop) -> None:
    """Record and server say the same."""
    report = await coop.verified()
    assert report.problems == []
    async with coop.db.read() as tx:
        assert await reconcile.drift(tx, report) == []
        assert await reconcile.drift_now(tx) == []


async def far_away(tx: Tx, name: str, domain: str) -> Any:
    remote = RemoteAccount(
        uri=f"https://{domain}/u/{name}",
        username=name,
        domain=domain,
        public_key="x",
        inbox=f"https://{domain}/inbox",
    )
    return await save_remote(tx, remote)


async def test_an_account_is_limited_suspended_and_restored(coop: Coop) -> None:
    limited = await decide(coop, {"type": "limit_account", "account": "@Zoe@coop.example"})
    assert limited.acts[0].act["account"] == "zoe"
    async with coop.db.read() as tx:
        assert (await accounts.find(tx, coop.people["zoe"].id)).limited_at is not None
    await agreed(coop)
    suspended = await decide(coop, {"type": "suspend_account", "account": "zoe"})
    async with coop.db.read() as tx:
        assert (await accounts.find(tx, coop.people["zoe"].id)).suspended_at is not None
    again = await undo(coop, suspended)
    async with coop.db.read() as tx:
        zoe = await accounts.find(tx, coop.people["zoe"].id)
        assert zoe.suspended_at is None
        assert zoe.limited_at is not None, "what was before is restored, not all"
    assert again.acts[0].act == limited.acts[0].act
    await decide(coop, {"type": "restore_account", "account": "zoe"})
    async with coop.db.read() as tx:
        assert (await accounts.find(tx, coop.people["zoe"].id)).limited_at is None
    await agreed(coop)


async def test_the_record_names_nobody(coop: Coop) -> None:
    proposal = await coop.propose("ann", "Somebody", acts=[{"type": "limit_account", "account": "zoe"}])
    await coop.vote("bob", proposal, "agree")
    await coop.pass_time(minutes=6)
    async with coop.db.read() as tx:
        for entry in await serve.entries(tx):
            assert "zoe" not in str(entry.body)
        [act] = await serve.entries(tx, types=("act",))
    assert act.body["act"]["account"].startswith("member:")
    assert act.body["inverse"] == {"type": "restore_account", "account": act.body["act"]["account"]}


async def test_a_suspended_account_elsewhere_keeps_its_servers_mark_when_restored(coop: Coop) -> None:
    async with coop.db.write() as tx:
        await far_away(tx, "eve", "spam.example")
    for type_ in ("suspend_account", "suspend_domain"):
        subject = {"account": "eve@spam.example"} if "account" in type_ else {"domain": "spam.example"}
        await decide(coop, {"type": type_, **subject})
    await agreed(coop)
    await decide(coop, {"type": "restore_account", "account": "eve@spam.example"})
    async with coop.db.read() as tx:
        eve = await accounts.by_handle(tx, "eve@spam.example")
        assert eve is not None
        assert eve.suspended_at is not None
    await decide(coop, {"type": "lift_domain", "domain": "spam.example"})
    async with coop.db.read() as tx:
        eve = await accounts.by_handle(tx, "eve@spam.example")
        assert eve is not None
        assert eve.suspended_at is None
    await agreed(coop)


async def test_a_server_is_allowed_below_one_that_is_suspended(coop: Coop) -> None:
    async with coop.db.write() as tx:
        good = await far_away(tx, "gil", "good.spam.example")
        await relationships.follow(tx, coop.people["ann"], good)
        await relationships.accepted(tx, coop.people["ann"], good)
    allowed = await decide(coop, {"type": "allow_domain", "domain": "good.spam.example"})
    await decide(coop, {"type": "suspend_domain", "domain": "spam.example"})
    async with coop.db.read() as tx:
        assert await domains.gate(tx, "good.spam.example") is None
        assert await domains.gate(tx, "x.good.spam.example") is None
        assert await domains.gate(tx, "bad.spam.example") is not None
        assert [each.domain for each in await domains.all_restrictions(tx)] == ["spam.example"]
        assert (await accounts.find(tx, good.id)).suspended_at is None
        assert await severed(tx, coop.people["ann"].id, Page()) == []
    await agreed(coop)
    await undo(coop, allowed)
    async with coop.db.read() as tx:
        assert await domains.gate(tx, "good.spam.example") is not None
        assert (await accounts.find(tx, good.id)).suspended_at is not None
    await agreed(coop)


async def test_follows_that_a_suspension_cut_come_back_when_it_is_lifted(coop: Coop) -> None:
    ann, bob = coop.people["ann"], coop.people["bob"]
    async with coop.db.write() as tx:
        eve = await far_away(tx, "eve", "spam.example")
        await relationships.follow(tx, ann, eve)
        await relationships.accepted(tx, ann, eve)
        await relationships.follow(tx, eve, bob, uri="https://spam.example/f/1")
    suspended = await decide(coop, {"type": "suspend_domain", "domain": "spam.example"})
    async with coop.db.write() as tx:
        [lost] = await severed(tx, ann.id, Page())
        assert (lost.remote_id, lost.direction) == (eve.id, "following")
        assert not await domains.restore_follows(tx, "spam.example"), "not while it is suspended"
        assert len(await severed(tx, ann.id, Page())) == 1
    await undo(coop, suspended)
    async with coop.db.write() as tx:
        await domains.restore_follows(tx, "spam.example")
        assert await severed(tx, ann.id, Page()) == []
        [asked] = await relationships_of(tx, ann.id, eve.id)
        assert asked.requested
        assert (await accounts.find(tx, bob.id)).followers_count == 1
    await agreed(coop)


async def relationships_of(tx: Tx, account_id: int, target_id: int) -> list[Any]:
    from fedcoop.relationships import relationships as seen

    return list(await seen(tx, account_id, [target_id]))


async def test_a_post_is_removed_for_everybody_and_comes_back(coop: Coop) -> None:
    async with coop.db.write() as tx:
        said = await posting.post(tx, coop.people["zoe"], Draft(text="rude"), config=coop.config)
    removed = await decide(coop, {"type": "remove_status", "status": str(said.id)})
    async with coop.db.read() as tx:
        for viewer in (0, coop.people["zoe"].id, coop.people["ann"].id):
            with pytest.raises(NotFound):
                await statuses.visible(tx, viewer, said.id)
        assert (await accounts.find(tx, coop.people["zoe"].id)).statuses_count == 0
    await agreed(coop)
    await undo(coop, removed)
    async with coop.db.read() as tx:
        assert (await statuses.visible(tx, 0, said.id)).visibility == "public"
        assert (await accounts.find(tx, coop.people["zoe"].id)).statuses_count == 1
    await agreed(coop)


async def test_media_of_a_post_are_hidden(coop: Coop) -> None:
    async with coop.db.write() as tx:
        said = await posting.post(tx, coop.people["zoe"], Draft(text="gory"), config=coop.config)
    marked = await decide(coop, {"type": "mark_sensitive", "status": str(said.id)})
    async with coop.db.read() as tx:
        assert (await statuses.visible(tx, 0, said.id)).sensitive
    await undo(coop, marked)
    async with coop.db.read() as tx:
        assert not (await statuses.visible(tx, 0, said.id)).sensitive
    await agreed(coop)


async def test_media_of_an_account_are_hidden(coop: Coop) -> None:
    marked = await decide(coop, {"type": "sensitize_account", "account": "zoe"})
    assert marked.acts[0].inverse == {"type": "sensitize_account", "account": "zoe", "sensitive": False}
    await agreed(coop)
    await decide(coop, {"type": "restore_account", "account": "zoe"})
    async with coop.db.read() as tx:
        assert (await accounts.find(tx, coop.people["zoe"].id)).sensitized_at is not None, "another place"
    await undo(coop, marked)
    async with coop.db.read() as tx:
        assert (await accounts.find(tx, coop.people["zoe"].id)).sensitized_at is None
    await agreed(coop)


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


@pytest.mark.parametrize(
    ("act", "sentence"),
    [
        ({"type": "limit_account", "account": "nobody"}, "Nobody called “nobody” is known here."),
        ({"type": "suspend_account", "account": "assembly"}, "@assembly belongs to the server itself."),
        ({"type": "remove_status", "status": "12"}, "There is no post 12 here."),
        ({"type": "remove_status", "status": "'; DROP"}, "There is no post"),
        ({"type": "repeal_rule", "rule": "7"}, "There is no rule 7 in force."),
        ({"type": "adopt_rule", "text": " "}, "A rule has between 1 and"),
        ({"type": "adopt_rule", "text": "x", "translations": {"klingonisch": {"text": "y"}}}, "Translations"),
        ({"type": "adopt_document", "document": "about", "text": "x", "effective": "tomorrow"}, "is no day"),
        ({"type": "set_setting", "key": "status_max_chars", "value": 3}, "a number from 200"),
        ({"type": "set_setting", "key": "languages", "value": ["english!"]}, "a list of codes"),
        ({"type": "set_setting", "key": "domain", "value": "x"}, "cannot be read"),
        ({"type": "admit_member", "account": "ann"}, "@ann is a member already."),
        ({"type": "expel_member", "account": "zoe"}, "@zoe is no member of the co-op."),
        ({"type": "grant_mandate", "account": "ann", "office": "moderator"}, "How long?"),
        (
            {"type": "grant_mandate", "account": "ann", "office": "moderator", "term": "soon"},
            "cannot be read",
        ),
        ({"type": "grant_mandate", "account": "zoe", "office": "moderator", "term": "9 days"}, "no member"),
        ({"type": "revoke_mandate", "account": "ann", "office": "moderator"}, "does not hold the office"),
        ({"type": "amend_constitution", "constitution": "name = 3"}, "The constitution cannot be read"),
        ({"type": "subscribe_list", "url": "http://plain.example/list.csv"}, "begins with https://"),
        ({"type": "join_relay", "relay": "gopher://relay.example/inbox"}, "A relay is named by its address"),
    ],
)
async def test_what_cannot_be_done_is_not_proposed(coop: Coop, act: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        await coop.propose("ann", acts=[act])
    assert sentence in str(refused.value)
    async with coop.db.read() as tx:
        assert await serve.entries(tx, types=("proposal",)) == []


async def test_a_rule_in_a_constitution_that_cannot_be_read_points_at_the_place(coop: Coop) -> None:
    text = EASY.replace('passes = "agree > disagree"', 'passes = "agree >> disagree"')
    with pytest.raises(Invalid) as refused:
        await coop.propose("ann", acts=[{"type": "amend_constitution", "constitution": text}])
    assert "agree >> disagree" in str(refused.value)
    assert "at character 8" in str(refused.value)


def test_every_act_has_a_schema_and_a_sentence() -> None:
    listed = schemas()
    assert len(listed) == len(ACTS) == len({each.type for each in listed})
    for each in listed:
        assert each.summary
        assert each.schema["$defs"]
