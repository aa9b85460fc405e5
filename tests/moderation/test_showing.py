"""What is seen of a vote, and by whom: results, ballots, receipts, the roll, what the assembly says in
timelines."""

import pytest

from fedcoop.accounts.remote import save_remote
from fedcoop.accounts.types import RemoteAccount
from fedcoop.errors import Invalid, NotAllowed, NotFound
from fedcoop.polls import queries as poll_queries
from fedcoop.polls.actions import receive_vote
from fedcoop.statuses import queries as status_queries
from moderation import ballots, members
from moderation.ledger import serve
from moderation.ledger.notes import open_note, read_vkey
from moderation.ledger.proofs import check_proof
from tests.moderation.world import Coop, of


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


@pytest.mark.parametrize("reason", ["x" * 5001, "no\x00thing", "half \ud83d"])
async def test_a_reason_that_cannot_be_kept_is_refused(coop: Coop, reason: str) -> None:
    await coop.join("ann")
    proposal = await coop.suspend_spam("ann")
    with pytest.raises(Invalid, match="A reason has"):
        await coop.vote("ann", proposal, "block", reason)


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


async def test_the_assembly_asks_in_plain_words(coop: Coop) -> None:
    await coop.join("ann")
    proposal = await coop.propose("ann", body="They **spam** us:\n\n- a lot\n- always")
    async with coop.db.read() as tx:
        status = await tx.one(status_queries.BY_ID, id=int(proposal.status_id or 0))
    assert status is not None
    assert "**" not in status.text
    assert "They spam us" in status.text
