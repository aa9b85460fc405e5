"""A vote from its opening to its effect: who may vote, when, how often, and what happens at the end. What comes
before is in `test_proposing`, what is seen of it in `test_showing`."""

import asyncio

import pytest

from fedcoop import clock, domains
from fedcoop.errors import Invalid, NotAllowed
from moderation.constitution import load
from moderation.constitution.force import adopt
from moderation.ledger import serve
from tests.moderation.world import Coop, of


async def test_members_cut_off_a_server_and_the_ledger_says_why(coop: Coop) -> None:
    await coop.join("ann", "bob", "cem", "dee")
    proposal = await coop.suspend_spam("ann")
    assert proposal.state == "open"
    assert proposal.electorate_size == 4
    await coop.vote("ann", proposal, "agree")
    await coop.vote("bob", proposal, "agree")
    await coop.vote("cem", proposal, "disagree", "They are a small server.")
    async with coop.db.read() as tx:
        assert await domains.gate(tx, "spam.example") is None
    await coop.pass_time(minutes=6)
    decided = await coop.see(proposal)
    assert decided.state == "enacted"
    assert decided.verdict == "Passed: 2 agree (66 % of the votes), 1 disagree; 3 of 4 voted."
    assert decided.acts[0].carried_out_at is not None
    assert decided.acts[0].inverse == {"type": "lift_domain", "domain": "spam.example"}
    async with coop.db.read() as tx:
        gate = await domains.gate(tx, "spam.example")
        assert gate is not None
        assert gate.severity == "suspend"
        assert gate.because == f"proposal:{proposal.id}"
        assert gate.public_comment == "Spam and nothing else."
    report = await coop.verified()
    assert report.problems == []
    assert report.restrictions == {"spam.example": "suspend"}
    assert [recount.verdict for recount in report.recounts] == [decided.verdict]
    async with coop.db.read() as tx:
        acts = await serve.entries(tx, types=("act",))
        assert [entry.body["act"]["domain"] for entry in acts] == ["spam.example"]


async def test_a_decision_is_undone_by_another_and_then_remembers_what_was_before(coop: Coop) -> None:
    await coop.join("ann")
    limit = {"type": "limit_domain", "domain": "loud.example", "reject_media": True}
    for act in (limit, {"type": "suspend_domain", "domain": "loud.example"}):
        proposal = await coop.propose("ann", kind="federation", acts=[act])
        await coop.vote("ann", proposal, "agree")
        await coop.pass_time(minutes=6)
    inverse = (await coop.see(proposal)).acts[0].inverse
    assert inverse is not None
    assert (inverse["type"], inverse["reject_media"]) == ("limit_domain", True)
    lift = await coop.propose(
        "ann", kind="federation", acts=[{"type": "lift_domain", "domain": "LOUD.example."}]
    )
    await coop.vote("ann", lift, "agree")
    await coop.pass_time(minutes=6)
    async with coop.db.read() as tx:
        assert await domains.all_restrictions(tx) == []
    report = await coop.verified()
    assert report.problems == []
    assert report.restrictions == {}


async def test_a_failed_vote_changes_nothing(coop: Coop) -> None:
    await coop.join("ann", "bob")
    proposal = await coop.suspend_spam("ann")
    await coop.vote("ann", proposal, "agree")
    await coop.vote("bob", proposal, "block", "No.")
    await coop.pass_time(minutes=6)
    decided = await coop.see(proposal)
    assert decided.state == "failed"
    assert decided.acts[0].carried_out_at is None
    async with coop.db.read() as tx:
        assert await domains.all_restrictions(tx) == []
    result = await coop.result(proposal)
    assert result.passed is False
    assert "Agree is at least 9 × (disagree + block): 1 ≥ 9, does not hold." in result.steps
    assert (await coop.verified()).problems == []


async def test_nobody_votes(coop: Coop) -> None:
    await coop.join("ann", "bob")
    proposal = await coop.suspend_spam("ann")
    await coop.pass_time(minutes=6)
    assert (await coop.see(proposal)).verdict == "Failed: nobody voted."
    assert (await coop.verified()).problems == []


async def test_an_electorate_of_one_decides(coop: Coop) -> None:
    await coop.join("ann")
    proposal = await coop.suspend_spam("ann")
    await coop.vote("ann", proposal, "agree")
    await coop.pass_time(minutes=6)
    assert (await coop.see(proposal)).state == "enacted"
    assert (await coop.verified()).problems == []


async def test_an_answer_can_be_changed_until_closing_and_counts_once(coop: Coop) -> None:
    await coop.join("ann", "bob")
    proposal = await coop.suspend_spam("ann")
    first = await coop.vote("ann", proposal, "agree")
    again = await coop.vote("ann", proposal, "agree")
    assert again == first, "the same answer again writes nothing"
    changed = await coop.vote("ann", proposal, "disagree", "I read more.")
    assert changed.ballot.number == 2
    assert changed.receipt.id != first.receipt.id
    seen = await coop.see(proposal, "ann")
    assert seen.counts is not None
    assert (seen.counts["agree"], seen.counts["disagree"], seen.counts["cast"]) == (0, 1, 1)
    assert seen.my_ballot is not None
    assert (seen.my_ballot.choice, seen.my_ballot.reason) == ("disagree", "I read more.")
    await coop.pass_time(minutes=6)
    assert (await coop.see(proposal)).state == "failed"
    assert (await coop.verified()).problems == []


async def test_two_ballots_of_one_voter_at_once_leave_one_answer(coop: Coop) -> None:
    await coop.join("ann", "bob")
    proposal = await coop.suspend_spam("ann")
    cast = await asyncio.gather(
        *(coop.vote("ann", proposal, choice) for choice in ("agree", "disagree", "block", "abstain")),
        *(coop.vote("bob", proposal, "agree") for _ in range(3)),
    )
    assert sorted(each.ballot.number for each in cast) == [1, 1, 1, 1, 2, 3, 4]
    seen = await coop.see(proposal)
    assert seen.counts is not None
    assert seen.counts["cast"] == 2
    await coop.pass_time(minutes=6)
    assert (await coop.verified()).problems == []


async def test_a_ballot_at_the_closing_second_is_too_late(coop: Coop) -> None:
    await coop.join("ann")
    proposal = await coop.suspend_spam("ann")
    assert proposal.closes_at is not None
    clock.advance(seconds=(clock.parse(proposal.closes_at) - clock.now()) / 1000)
    with pytest.raises(Invalid, match="Voting on this proposal has closed"):
        await coop.vote("ann", proposal, "agree")
    assert not (await coop.see(proposal, "ann")).may_vote


async def test_ballots_and_closing_at_the_same_moment_agree_with_the_record(coop: Coop) -> None:
    await coop.join("ann", "bob", "cem")
    proposal = await coop.suspend_spam("ann")
    await coop.vote("ann", proposal, "agree")
    clock.advance(seconds=299.99)
    results = await asyncio.gather(
        coop.vote("bob", proposal, "disagree"),
        coop.pass_time(seconds=1),
        coop.vote("cem", proposal, "disagree"),
        return_exceptions=True,
    )
    assert all(
        result is None or not isinstance(result, Exception) or isinstance(result, Invalid)
        for result in results
    )
    await coop.pass_time(minutes=1)
    assert (await coop.verified()).problems == []


async def test_who_is_no_member_is_told_why_they_cannot_vote(coop: Coop) -> None:
    await coop.join("ann")
    await coop.account("zoe")
    proposal = await coop.suspend_spam("ann")
    with pytest.raises(NotAllowed, match="Only members of the co-operative vote"):
        await coop.vote("zoe", proposal, "agree")
    assert await coop.vote_in_poll("zoe", proposal, [0]) is None, "in the poll it advises"
    with pytest.raises(NotAllowed, match="Only members"):
        await coop.suspend_spam("zoe")
    seen = await coop.see(proposal, "zoe")
    assert not seen.may_vote
    assert "not one" in seen.why_not
    assert "Log in" in (await coop.see(proposal)).why_not


async def test_the_electorate_is_frozen_when_voting_opens(coop: Coop) -> None:
    await coop.join("ann", "pat", standing="good")
    await coop.join("lou", standing="lapsed")
    await coop.join("sam", "kim")
    proposal = await coop.suspend_spam("ann")
    assert proposal.electorate_size == 4
    clock.advance(seconds=1)
    await coop.join("new")
    with pytest.raises(NotAllowed, match="became a member after voting opened"):
        await coop.vote("new", proposal, "agree")
    with pytest.raises(NotAllowed, match="yours is “lapsed”"):
        await coop.vote("lou", proposal, "agree")
    await coop.set_standing("lou", "good")
    with pytest.raises(NotAllowed, match="did not meet its conditions then"):
        await coop.vote("lou", proposal, "agree")
    await coop.set_standing("sam", "paused")
    await coop.vote("sam", proposal, "agree")


async def test_an_expelled_member_no_longer_votes_and_an_earlier_ballot_stands(coop: Coop) -> None:
    await coop.join("ann", "bob", "mal")
    proposal = await coop.suspend_spam("ann")
    await coop.vote("mal", proposal, "agree")
    await coop.set_standing("mal", "expelled")
    with pytest.raises(NotAllowed, match="expelled"):
        await coop.vote("mal", proposal, "block", "Ha.")
    assert (await coop.see(proposal, "mal")).why_not.startswith("This account was expelled")
    with pytest.raises(NotAllowed, match="expelled"):
        await coop.suspend_spam("mal")
    await coop.pass_time(minutes=6)
    decided = await coop.see(proposal)
    assert decided.counts is not None
    assert (decided.counts["agree"], decided.counts["eligible"]) == (1, 3)
    assert (await coop.verified()).problems == []


async def test_rules_changed_during_a_vote_do_not_reach_it(coop: Coop) -> None:
    await coop.join("ann", "bob", "cem")
    proposal = await coop.suspend_spam("ann")
    async with coop.db.write() as tx:
        await adopt(tx, load("absolute-majority"), because="proposal:none")
    await coop.vote("ann", proposal, "block", "No.")
    await coop.vote("bob", proposal, "agree")
    await coop.pass_time(minutes=6)
    decided = await coop.see(proposal)
    assert decided.state == "failed"
    assert "if there is a block" in decided.rule.lower()
    report = await coop.verified()
    assert report.problems == ["Entry 7 (constitution): a constitution that no act put into force."]


async def test_a_clock_set_back_does_not_reopen_a_vote(coop: Coop) -> None:
    await coop.join("ann", "bob")
    first = await coop.suspend_spam("ann")
    clock.advance(seconds=360)
    second = await coop.propose("ann", "Another")
    clock.advance(seconds=-360)
    with pytest.raises(Invalid, match="has closed"):
        await coop.vote("bob", first, "agree")
    await coop.vote("bob", second, "agree")
    await coop.pass_time(minutes=12)
    assert (await coop.verified()).problems == []


async def test_everything_again_changes_nothing(coop: Coop) -> None:
    await coop.join("ann")
    proposal = await coop.suspend_spam("ann")
    await coop.vote("ann", proposal, "agree")
    await coop.pass_time(minutes=6)
    before = await coop.see(proposal)
    from moderation import closing

    async with coop.db.write() as tx:
        await closing.close_vote(tx, of(proposal), config=coop.config)
        await closing.enact_delayed(tx, of(proposal), config=coop.config)
    assert await coop.see(proposal) == before


async def test_a_crash_between_entry_and_act_leaves_neither(
    coop: Coop, monkeypatch: pytest.MonkeyPatch
) -> None:
    await coop.join("ann")
    proposal = await coop.suspend_spam("ann")
    await coop.vote("ann", proposal, "agree")
    from moderation import closing, enact

    async def power_cut(*_: object, **__: object) -> None:
        raise RuntimeError("power cut")

    clock.advance(seconds=400)
    with monkeypatch.context() as patch:
        patch.setattr(enact, "carry_out", power_cut)
        with pytest.raises(RuntimeError, match="power cut"):
            async with coop.db.write() as tx:
                await closing.close_vote(tx, of(proposal), config=coop.config)
    assert (await coop.see(proposal)).state == "open"
    report = await coop.verified()
    assert report.problems == []
    assert "tally" not in report.entries
    await coop.pass_time(seconds=1)
    assert (await coop.see(proposal)).state == "enacted"
    assert (await coop.verified()).problems == []
