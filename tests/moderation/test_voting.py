"""A vote from proposal to effect: who may vote, when, how often, and what happens at the end."""

import asyncio

import pytest

from fedcoop import clock, domains
from fedcoop.accounts.remote import save_remote
from fedcoop.accounts.types import RemoteAccount
from fedcoop.errors import Invalid, NotAllowed, NotFound
from fedcoop.paging import Page
from fedcoop.polls import queries as poll_queries
from fedcoop.polls.actions import receive_vote
from fedcoop.relationships import actions as relationships
from fedcoop.statuses import queries as status_queries
from moderation import ballots, members, proposals
from moderation.constitution import load
from moderation.constitution.force import adopt
from moderation.ledger import serve
from moderation.ledger.notes import open_note, read_vkey
from moderation.ledger.proofs import check_proof
from tests.moderation.world import SUSPEND, Coop, of


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


async def test_a_discussion_comes_first_where_the_rule_wants_one_and_a_delay_after(coop: Coop) -> None:
    await coop.join("ann")
    proposal = await coop.propose("ann", kind="moderation", acts=[{"type": "resolve", "text": "Be kind."}])
    assert proposal.state == "discussion"
    with pytest.raises(Invalid, match="has not opened yet"):
        await coop.vote("ann", proposal, "agree")
    async with coop.db.write() as tx:
        with pytest.raises(Invalid, match="discussion lasts until"):
            await proposals.actions.open_now(tx, coop.people["ann"], of(proposal), config=coop.config)
    await coop.pass_time(minutes=2)
    assert (await coop.see(proposal)).state == "open"
    await coop.vote("ann", proposal, "agree")
    await coop.pass_time(minutes=10)
    assert (await coop.see(proposal)).state == "passed"
    assert (await coop.verified()).problems == []
    await coop.pass_time(minutes=59)
    assert (await coop.see(proposal)).state == "passed"
    await coop.pass_time(minutes=2)
    assert (await coop.see(proposal)).state == "enacted"
    assert (await coop.verified()).problems == []


async def test_a_draft_opens_when_its_proposer_wants(coop: Coop) -> None:
    await coop.join("ann", "bob")
    await coop.account("zoe")
    draft = await coop.suspend_spam("ann", hold=True)
    assert draft.state == "draft"
    with pytest.raises(NotFound):
        await coop.see(draft, "zoe")
    assert (await coop.see(draft, "bob")).state == "draft"
    async with coop.db.write() as tx:
        with pytest.raises(NotAllowed):
            await proposals.actions.open_now(tx, coop.people["bob"], of(draft), config=coop.config)
        opened = await proposals.actions.open_now(tx, coop.people["ann"], of(draft), config=coop.config)
        assert opened.state == "open"
        again = await proposals.actions.open_now(tx, coop.people["ann"], of(draft), config=coop.config)
        assert again == opened


async def test_a_withdrawn_draft_stays_among_members(coop: Coop) -> None:
    await coop.join("ann", "bob")
    draft = await coop.suspend_spam("ann", hold=True)
    async with coop.db.write() as tx:
        await proposals.actions.withdraw(tx, coop.people["ann"], of(draft))
    assert (await coop.see(draft, "bob")).state == "withdrawn"
    with pytest.raises(NotFound):
        await coop.see(draft)
    async with coop.db.read() as tx:
        assert await proposals.hydrate.page(tx, None, Page()) == []


async def test_the_stations_of_a_proposal_lead_to_the_ledger(coop: Coop) -> None:
    await coop.join("ann")
    proposal = await coop.suspend_spam("ann")
    async with coop.db.read() as tx:
        steps = await proposals.timeline.timeline(tx, None, of(proposal))
    assert [(step.words, step.done) for step in steps] == [
        ("Proposed", True),
        ("Voting opened", True),
        ("Voting closes", False),
        ("Carried out, if it passes", False),
    ]
    await coop.vote("ann", proposal, "agree")
    await coop.pass_time(minutes=6)
    async with coop.db.read() as tx:
        steps = await proposals.timeline.timeline(tx, None, of(proposal))
        types = [(await serve.entry(tx, step.ledger_index or 0)).type for step in steps]
    assert [step.words for step in steps] == ["Proposed", "Voting opened", "Counted: passed", "Carried out"]
    assert types == ["proposal", "proposal_opened", "tally", "act"]


async def test_voices_from_elsewhere_advise_and_do_not_decide(coop: Coop) -> None:
    await coop.join("ann")
    proposal = await coop.suspend_spam("ann")
    await coop.vote_in_poll("ann", proposal, [0])
    async with coop.db.write() as tx:
        far = await save_remote(
            tx, RemoteAccount(uri="https://b.test/u/far", username="far", domain="b.test", public_key="x")
        )
        poll = await tx.one(poll_queries.BY_ID, poll_id=int(proposal.poll_id or 0))
        assert poll is not None
        assert await receive_vote(tx, far, poll, "Disagree")
    result = await coop.result(proposal)
    assert result.advisory == {"disagree": 1}
    assert result.counts is not None
    assert (result.counts["agree"], result.counts["disagree"]) == (1, 0)
    await coop.pass_time(minutes=6)
    assert (await coop.see(proposal)).state == "enacted"


async def test_endorsements_open_a_gate(coop: Coop) -> None:
    await coop.join("ann", "bob", "cem")
    clock.advance(seconds=2 * 86_400)
    proposal = await coop.propose("ann", kind="bylaw")
    assert (proposal.state, proposal.endorsements_needed) == ("draft", 2)
    for name in ("bob", "cem"):
        async with coop.db.write() as tx:
            await proposals.actions.endorse(tx, coop.people[name], of(proposal), config=coop.config)
    assert (await coop.see(proposal)).state == "open"
    await coop.join("new")
    with pytest.raises(NotAllowed, match="vote 1 day after joining"):
        await coop.vote("new", proposal, "agree")
    await coop.pass_time(minutes=6)
    assert (await coop.verified()).problems == []


async def test_withdrawn_is_over(coop: Coop) -> None:
    await coop.join("ann", "bob")
    proposal = await coop.suspend_spam("ann")
    await coop.vote("bob", proposal, "agree")
    async with coop.db.write() as tx:
        with pytest.raises(NotAllowed):
            await proposals.actions.withdraw(tx, coop.people["bob"], of(proposal))
        await proposals.actions.withdraw(tx, coop.people["ann"], of(proposal))
    with pytest.raises(Invalid, match="withdrawn"):
        await coop.vote("bob", proposal, "agree")
    await coop.pass_time(minutes=6)
    assert (await coop.see(proposal)).state == "withdrawn"
    async with coop.db.read() as tx:
        poll = await tx.one(poll_queries.BY_ID, poll_id=int(proposal.poll_id or 0))
        assert poll is not None
        assert poll.closed
        steps = await proposals.timeline.timeline(tx, None, of(proposal))
    assert [step.words for step in steps] == ["Proposed", "Voting opened", "Withdrawn by the proposer"]
    assert (await coop.verified()).problems == []


async def test_secret_results_stay_hidden_and_reasons_are_asked_for(coop: Coop) -> None:
    await coop.join("ann", "bob")
    proposal = await coop.propose("ann", kind="role")
    with pytest.raises(Invalid, match="needs a reason"):
        await coop.vote("ann", proposal, "block")
    with pytest.raises(Invalid, match="on the page of proposal 1"):
        await coop.vote_in_poll("ann", proposal, [3])
    await coop.vote("ann", proposal, "block", "Not them.")
    with pytest.raises(Invalid, match="do not let an answer be changed"):
        await coop.vote("ann", proposal, "agree")
    assert (await coop.see(proposal, "ann")).counts is None
    assert (await coop.result(proposal, "ann")).counts is None
    async with coop.db.read() as tx:
        assert await ballots.actions.ballots(tx, coop.people["ann"].id, of(proposal)) == []
    await coop.pass_time(minutes=6)
    assert (await coop.see(proposal)).counts is not None
    async with coop.db.read() as tx:
        shown = await ballots.actions.ballots(tx, coop.people["bob"].id, of(proposal))
    assert [(each.choice, each.reason, each.acct) for each in shown] == [("block", "Not them.", None)]
    assert (await coop.verified()).problems == []


async def test_results_may_show_after_ones_own_vote(coop: Coop) -> None:
    await coop.join("ann", "bob")
    proposal = await coop.propose("ann", kind="membership")
    await coop.vote("ann", proposal, "agree")
    assert (await coop.see(proposal, "ann")).counts is not None
    assert (await coop.see(proposal, "bob")).counts is None
    assert (await coop.see(proposal)).counts is None


async def test_open_ballots_have_names_for_members_and_pseudonyms_for_others(coop: Coop) -> None:
    await coop.join("ann", "bob")
    proposal = await coop.suspend_spam("ann")
    cast = await coop.vote("bob", proposal, "agree", "Because.")
    async with coop.db.read() as tx:
        inside = await ballots.actions.ballots(tx, coop.people["ann"].id, of(proposal))
        outside = await ballots.actions.ballots(tx, None, of(proposal))
        entry = await serve.entry(tx, cast.ballot.ledger_index)
    assert [each.acct for each in inside] == ["bob"]
    assert [each.acct for each in outside] == [None]
    assert outside[0].voter == entry.actor
    assert "bob" not in str(entry)
    assert "Because" not in str(entry)


async def test_a_receipt_is_a_promise_at_once_and_a_proof_soon(coop: Coop) -> None:
    await coop.join("ann", "bob")
    proposal = await coop.suspend_spam("ann")
    cast = await coop.vote("bob", proposal, "agree")
    receipt_id = int(cast.receipt.id)
    async with coop.db.read() as tx:
        verifier = read_vkey(await serve.verifier_key(tx))
        promised = open_note(cast.receipt.promise, verifier).split("\n")
        assert promised[0] == "coop.example/ledger/receipt"
        assert promised[1:3] == [str(cast.ballot.ledger_index), cast.receipt.entry_hash]
        with pytest.raises(NotFound):
            await ballots.actions.proof(tx, receipt_id)
        with pytest.raises(NotFound):
            await ballots.actions.receipt(tx, coop.people["ann"], receipt_id)
        assert await ballots.actions.receipt(tx, coop.people["bob"], receipt_id) == cast.receipt
    await coop.pass_time(seconds=1)
    async with coop.db.read() as tx:
        entry = await serve.raw(tx, cast.ballot.ledger_index)
        assert check_proof(await ballots.actions.proof(tx, receipt_id), entry, verifier).size > 0


async def test_the_assembly_asks_and_answers_in_the_timeline(coop: Coop) -> None:
    await coop.join("ann", "bob")
    proposal = await coop.suspend_spam("ann")
    assert proposal.status_id is not None
    await coop.vote_in_poll("ann", proposal, [0])
    await coop.vote_in_poll("bob", proposal, [2])
    await coop.vote_in_poll("bob", proposal, [0])
    async with coop.db.read() as tx:
        question = await tx.one(status_queries.BY_ID, id=int(proposal.status_id))
        poll = await tx.one(poll_queries.BY_ID, poll_id=int(proposal.poll_id or 0))
        assert question is not None
        assert poll is not None
        assert "Suspend spam.example" in question.text
        assert "https://coop.example/coop/1" in question.text
        assert poll.titles() == ["Agree", "Abstain", "Disagree", "Block"]
        assert poll.votes() == [2, 0, 0, 0]
        assert poll.kind == "ballot"
    with pytest.raises(Invalid, match="exactly one"):
        await coop.vote_in_poll("ann", proposal, [0, 1])
    with pytest.raises(Invalid, match="no such answer"):
        await coop.vote_in_poll("ann", proposal, [7])
    await coop.pass_time(minutes=6)
    decided = await coop.see(proposal)
    assert decided.outcome_status_id is not None
    async with coop.db.read() as tx:
        outcome = await tx.one(status_queries.BY_ID, id=int(decided.outcome_status_id))
        poll = await tx.one(poll_queries.BY_ID, poll_id=int(proposal.poll_id or 0))
    assert outcome is not None
    assert outcome.in_reply_to_id == int(proposal.status_id)
    assert "Passed: 2 agree" in outcome.text
    assert "Carried out: Suspend spam.example" in outcome.text
    assert poll is not None
    assert poll.closed


async def test_the_assembly_quotes_but_calls_nobody(coop: Coop) -> None:
    await coop.join("ann", "bob")
    proposal = await coop.propose("ann", "Ask @bob", body="Hello @bob #now")
    async with coop.db.read() as tx:
        question = await tx.one(status_queries.BY_ID, id=int(proposal.status_id or 0))
        assert question is not None
        assert await tx.all(status_queries.MENTIONED_IDS, id=question.id) == []


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


@pytest.mark.parametrize(
    ("draft", "message"),
    [
        ({"title": "  "}, "needs a title"),
        ({"title": "x" * 201}, "at most 200"),
        ({"kind": "beer"}, "no kind of proposal"),
        ({"body": "x" * 50_001}, "at most 50000"),
        ({"closes_in": "1 second"}, "open for 5 minutes at least"),
        ({"closes_in": 90 * 86_400}, "and 1 day at most"),
        ({"closes_in": "soon"}, "no duration"),
        ({"acts": [{"type": "nuke"}]}, "One of the acts"),
        ({"body": "no\x00thing"}, "cannot be kept"),
        ({"title": "half \ud83d"}, "cannot be kept"),
        ({"acts": [SUSPEND | {"public_comment": "x" * 1001}]}, "public comment has at most"),
        ({"acts": [{"type": "resolve", "text": "x" * 4001}]}, "resolution has at most"),
        ({"acts": [{"type": "suspend_domain"}]}, "One of the acts"),
        ({"acts": [{"type": "suspend_domain", "domain": "no domain"}]}, "not a domain"),
        ({"acts": [{"type": "suspend_domain", "domain": "Coop.Example"}]}, "this server"),
        ({"acts": [{"type": "resolve", "text": " "}]}, "needs words"),
        ({"acts": [SUSPEND] * 21}, "at most 20"),
        ({"acts": [{"type": "resolve", "text": "x" * 4000}] * 3}, "too long for the ledger"),
        ({"kind": "moderation", "urgent": "Now!"}, "no urgent vote"),
        ({"kind": "moderation", "discussion": "1 minute"}, "discussed for 2 minutes"),
    ],
)
async def test_a_proposal_that_makes_no_sense_is_refused(
    coop: Coop, draft: dict[str, object], message: str
) -> None:
    await coop.join("ann")
    with pytest.raises(Invalid, match=message):
        await coop.propose("ann", **draft)  # type: ignore[arg-type]
    report = await coop.verified()
    assert "proposal" not in report.entries


async def test_urgent_votes_are_short_and_say_why(coop: Coop) -> None:
    await coop.join("ann")
    proposal = await coop.suspend_spam("ann", urgent="They spam right now.", closes_in="1 minute")
    await coop.vote("ann", proposal, "agree")
    await coop.pass_time(minutes=1, seconds=1)
    assert (await coop.see(proposal)).state == "enacted"
    assert (await coop.verified()).problems == []


async def test_the_preview_counts_what_would_be_cut(coop: Coop) -> None:
    await coop.join("ann")
    proposal = await coop.suspend_spam("ann")
    async with coop.db.read() as tx:
        preview = await proposals.hydrate.preview(tx, None, of(proposal), coop.config)
    assert preview[0].sentence.startswith("Suspend spam.example")
    assert preview[0].impact == "Nobody from spam.example is known here; nothing changes for anybody today."
    assert preview[0].counts["accounts"] == 0


async def test_what_was_previewed_is_what_is_cut(coop: Coop) -> None:
    await coop.join("ann", "bob")
    ann, bob = coop.people["ann"], coop.people["bob"]
    async with coop.db.write() as tx:
        for name in ("one", "two"):
            uri = f"https://spam.example/u/{name}"
            far = await save_remote(
                tx, RemoteAccount(uri=uri, username=name, domain="spam.example", public_key="x")
            )
            await relationships.follow(tx, ann, far)
            await relationships.accepted(tx, ann, far)
        await relationships.follow(tx, far, bob, uri="https://spam.example/f/1")
    proposal = await coop.suspend_spam("ann")
    async with coop.db.read() as tx:
        preview = await proposals.hydrate.preview(tx, None, of(proposal), coop.config)
    assert preview[0].impact == (
        "Cuts 3 follows of 2 members with accounts there; 2 accounts and 0 posts from spam.example are known here."
    )
    await coop.vote("bob", proposal, "agree")
    await coop.pass_time(minutes=6)
    async with coop.db.read() as tx:
        preview = await proposals.hydrate.preview(tx, None, of(proposal), coop.config)
    assert preview[0].counts["following"] == preview[0].counts["followers"] == 0


async def test_a_long_page_costs_no_more_statements_than_a_short_one(coop: Coop) -> None:
    await coop.join("ann")
    await coop.vote("ann", await coop.suspend_spam("ann"), "agree", "Yes.")
    await coop.propose("ann", "Draft", hold=True)

    async def cost() -> int:
        async with coop.db.read() as tx:
            counting = Counting(tx)
            await proposals.hydrate.page(counting, coop.people["ann"].id, Page())  # type: ignore[arg-type]
        return counting.asked

    short = await cost()
    for number in range(6):
        made = await coop.suspend_spam("ann")
        await coop.vote("ann", made, "block", "No.")
        await coop.propose("ann", f"Draft {number}", hold=True)
    assert await cost() == short


class Counting:
    """Counts the statements that go through it."""

    def __init__(self, tx: object) -> None:
        self.tx, self.asked = tx, 0

    def __getattr__(self, name: str) -> object:
        async def counted(*args: object, **params: object) -> object:
            self.asked += 1
            return await getattr(self.tx, name)(*args, **params)

        return counted


@pytest.mark.parametrize("reason", ["x" * 5001, "no\x00thing", "half \ud83d"])
async def test_a_reason_that_cannot_be_kept_is_refused(coop: Coop, reason: str) -> None:
    await coop.join("ann")
    proposal = await coop.suspend_spam("ann")
    with pytest.raises(Invalid, match="A reason has"):
        await coop.vote("ann", proposal, "block", reason)


async def test_pages_list_proposals_newest_first(coop: Coop) -> None:
    await coop.join("ann")
    await coop.account("zoe")
    first = await coop.suspend_spam("ann")
    second = await coop.propose("ann", "Words", kind="advisory")
    draft = await coop.propose("ann", "Later", hold=True)
    async with coop.db.read() as tx:
        for viewer, expected in (("ann", [draft, second, first]), ("zoe", [second, first])):
            shown = await proposals.hydrate.page(tx, coop.people[viewer].id, Page())
            assert [each.id for each in shown] == [each.id for each in expected]
        by_kind = await proposals.hydrate.page(tx, None, Page(), states=["open"], kind="advisory")
        assert [each.title for each in by_kind] == ["Words"]
        assert (await proposals.hydrate.show_number(tx, None, 2)).id == second.id
        assert (await proposals.access.newest(tx, state="draft"))[0].title == "Later"


async def test_the_roll_is_as_public_as_the_constitution_says(coop: Coop) -> None:
    await coop.join("ann", "bob")
    zoe = await coop.account("zoe")
    async with coop.db.read() as tx:
        shown = await members.actions.roll(tx, coop.people["ann"].id)
        assert [(each.number, each.acct) for each in shown] == [(1, "ann"), (2, "bob")]
        assert (await members.actions.me(tx, coop.people["bob"])).number == 2
        for viewer in (None, zoe.id):
            with pytest.raises(NotAllowed):
                await members.actions.roll(tx, viewer)
        with pytest.raises(NotAllowed):
            await members.actions.me(tx, zoe)


@pytest.mark.parametrize("kind", ["advisory", "policy", "moderation"])
async def test_an_act_cannot_be_decided_by_an_easier_rule(coop: Coop, kind: str) -> None:
    await coop.join("ann")
    with pytest.raises(Invalid, match="decided as “federation”"):
        await coop.propose("ann", kind=kind, acts=[SUSPEND])
    assert (await coop.propose("ann", kind="", acts=[SUSPEND])).kind == "federation"


async def test_the_assembly_asks_in_plain_words(coop: Coop) -> None:
    await coop.join("ann")
    proposal = await coop.propose("ann", body="They **spam** us:\n\n- a lot\n- always")
    async with coop.db.read() as tx:
        status = await tx.one(status_queries.BY_ID, id=int(proposal.status_id or 0))
    assert status is not None
    assert "**" not in status.text
    assert "They spam us" in status.text
