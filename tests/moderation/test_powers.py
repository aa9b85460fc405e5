"""What holders of an office do alone: only what the constitution lets them, on the record, and undone unless
members agree."""

from __future__ import annotations

from typing import Any

import pytest

from fedcoop import domains
from fedcoop.accounts import access as accounts
from fedcoop.accounts import actions as accounts_actions
from fedcoop.errors import Invalid, NotAllowed
from fedcoop.paging import Page
from moderation import reconcile
from moderation.ledger import serve
from moderation.powers import actions
from moderation.powers.types import Outcome
from tests.moderation.deciding import EASY, agreed, decide
from tests.moderation.test_verify import changed, check, entries_of, signed, signer, where
from tests.moderation.world import Coop

POWERS = """
[moderators]
limit_account = {}
suspend_domain = { ratify_within = "7 days" }
"""
SPAM = {"type": "suspend_domain", "domain": "spam.example"}
LIMIT = {"type": "limit_account", "account": "zoe"}


@pytest.fixture
async def coop(db: Any) -> Coop:
    """Three members, of whom bob moderates."""
    coop = await Coop(db).found(EASY + POWERS)
    await coop.join("ann", "bob", "cem")
    await coop.account("zoe")
    office = {"type": "grant_mandate", "account": "bob", "office": "moderator", "term": "90 days"}
    await decide(coop, office)
    return coop


async def use(coop: Coop, name: str, act: dict[str, Any], **more: Any) -> Outcome:
    async with coop.db.write(durable=True) as tx:
        return await actions.use(tx, coop.people[name], act, config=coop.config, **more)


async def gate(coop: Coop) -> bool:
    async with coop.db.read() as tx:
        return await domains.gate(tx, "spam.example") is not None


async def test_what_the_constitution_allows_is_done_at_once_and_recorded(coop: Coop) -> None:
    done = (await use(coop, "bob", LIMIT, reason="Rude to everybody.")).done
    assert done is not None
    assert (done.office, done.ratify_by, done.reason) == ("moderator", None, "Rude to everybody.")
    async with coop.db.read() as tx:
        assert (await accounts.find(tx, coop.people["zoe"].id)).limited_at is not None
        [entry] = await serve.entries(tx, types=("power",))
        assert "zoe" not in str(entry.body)
        assert "Rude" not in str(entry.body)
        [seen] = await actions.page(tx, None, Page())
        assert seen.act["account"].startswith("member:")
        assert seen.reason is None
        [seen] = await actions.page(tx, coop.people["bob"].id, Page())
        assert (seen.act["account"], seen.reason) == ("zoe", "Rude to everybody.")
    await agreed(coop)


async def test_a_moderator_takes_back_what_one_has_done(coop: Coop) -> None:
    await use(coop, "bob", LIMIT)
    await use(coop, "bob", {"type": "restore_account", "account": "zoe"})
    async with coop.db.read() as tx:
        assert (await accounts.find(tx, coop.people["zoe"].id)).limited_at is None
    await agreed(coop)


async def test_what_members_decided_no_moderator_takes_back(coop: Coop) -> None:
    await decide(coop, LIMIT)
    with pytest.raises(NotAllowed) as refused:
        await use(coop, "bob", {"type": "restore_account", "account": "zoe"})
    assert "a proposal of the kind “moderation”" in str(refused.value)


async def test_what_is_not_allowed_says_which_proposal_it_takes_and_makes_it(coop: Coop) -> None:
    act = {"type": "suspend_account", "account": "zoe"}
    with pytest.raises(NotAllowed) as refused:
        await use(coop, "bob", act)
    assert str(refused.value).startswith("Under the constitution nobody does this alone: Suspend @zoe")
    async with coop.db.read() as tx:
        assert await serve.entries(tx, types=("power",)) == []
    made = (await use(coop, "bob", act, propose=True, reason="Threats.")).proposal
    assert made is not None
    assert (made.kind, made.state, made.body) == ("moderation", "open", "Threats.")


async def test_others_do_nothing_alone(coop: Coop) -> None:
    for name in ("ann", "zoe"):
        with pytest.raises(NotAllowed):
            await use(coop, name, LIMIT)
    await coop.pass_time(days=91)
    with pytest.raises(NotAllowed):
        await use(coop, "bob", LIMIT)
    await agreed(coop)


async def test_whoever_runs_the_server_acts_within_the_same_powers(coop: Coop) -> None:
    async with coop.db.write() as tx:
        await accounts_actions.set_role(tx, coop.people["cem"].id, "admin")
    done = (await use(coop, "cem", LIMIT)).done
    assert done is not None
    assert done.office == "operator"
    with pytest.raises(NotAllowed):
        await use(coop, "cem", {"type": "suspend_account", "account": "zoe"})
    await agreed(coop)


async def test_where_there_are_rules_one_is_cited(coop: Coop) -> None:
    adopted = await decide(coop, {"type": "adopt_rule", "text": "Be kind."})
    rule = adopted.acts[0].act["rule"]
    for wrong in ("", "7"):
        with pytest.raises(Invalid):
            await use(coop, "bob", LIMIT, rule=wrong)
    done = (await use(coop, "bob", LIMIT, rule=rule)).done
    assert done is not None
    assert done.rule == rule


async def test_what_is_not_ratified_expires_by_itself(coop: Coop) -> None:
    done = (await use(coop, "bob", SPAM)).done
    assert done is not None
    assert done.proposal_id is not None
    assert await gate(coop)
    proposal = await coop.see(int(done.proposal_id))
    assert proposal.title.startswith("Ratify: Suspend spam.example")
    await coop.vote("ann", proposal, "disagree")
    await coop.pass_time(minutes=6)
    assert not await gate(coop)
    async with coop.db.read() as tx:
        [entry] = await serve.entries(tx, types=("power_expired",))
        assert entry.body["because"] == "refused"
        [seen] = await actions.page(tx, None, Page())
        assert seen.state == "expired"
    await agreed(coop)


async def test_what_is_ratified_stays_and_can_be_repealed(coop: Coop) -> None:
    done = (await use(coop, "bob", SPAM)).done
    assert done is not None
    proposal = await coop.see(int(done.proposal_id or 0))
    for name in ("ann", "cem"):
        await coop.vote(name, proposal, "agree")
    await coop.pass_time(days=8)
    assert await gate(coop)
    async with coop.db.read() as tx:
        [seen] = await actions.page(tx, None, Page())
        assert seen.state == "ratified"
    await agreed(coop)
    with pytest.raises(NotAllowed):
        await use(coop, "bob", {"type": "lift_domain", "domain": "spam.example"})
    decided = await coop.see(proposal)
    assert decided.acts[0].inverse == {"type": "lift_domain", "domain": "spam.example"}


async def test_time_runs_out_where_the_question_is_still_open(coop: Coop) -> None:
    text = EASY.replace('minimum = "5 minutes"', 'minimum = "20 hours"') + POWERS.replace("7 days", "2 hours")
    await decide(coop, {"type": "amend_constitution", "constitution": text})
    done = (await use(coop, "bob", SPAM)).done
    assert done is not None
    async with coop.db.write() as tx:
        await actions.expire(tx, int(done.id), config=coop.config)
    assert await gate(coop), "not before its time"
    await coop.pass_time(minutes=121)
    assert not await gate(coop)
    async with coop.db.read() as tx:
        [entry] = await serve.entries(tx, types=("power_expired",))
        assert entry.body["because"] == "time"
    await agreed(coop)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"office": "juror"}, "has no powers"),
        ({"ratify_by": None}, "to be ratified within another time"),
        ({"act": {"type": "resolve", "text": "x"}}, "lets nobody do alone"),
        ({"inverse": None}, "another state"),
    ],
)
async def test_a_power_that_nobody_has_is_found_in_the_record(
    coop: Coop, change: dict[str, Any], message: str
) -> None:
    await use(coop, "bob", SPAM)
    files = await coop.files()
    key = await signer(coop)
    assert (await check(files)).problems == []
    entries = entries_of(files)
    forged = changed(entries, where(entries, "power"), **change)
    problems = (await check(signed(forged, key))).problems
    assert any(message in problem for problem in problems), problems


async def test_an_act_by_somebody_without_the_office_is_found(coop: Coop) -> None:
    await use(coop, "bob", SPAM)
    entries = entries_of(await coop.files())
    at = where(entries, "power")
    forged = [*entries[:at], entries[at] | {"actor": "member:0000000000000000"}, *entries[at + 1 :]]
    problems = (await check(signed(forged, await signer(coop)))).problems
    assert any("does not hold the office" in problem for problem in problems)


async def test_an_account_suspended_behind_the_ledgers_back_is_drift(coop: Coop) -> None:
    async with coop.db.write() as tx:
        await accounts_actions.suspend(tx, coop.people["zoe"].id)
        [told] = await reconcile.drift_now(tx)
    assert "no act in the ledger says so: Suspend" in told
