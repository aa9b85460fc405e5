"""Answers to votes on several options, given by ballot, in a poll, in words to the assembly or by a delegate.
What is asked and how it ends is in `test_options`."""

from __future__ import annotations

from typing import Any

import pytest

from fedcoop.accounts.remote import save_remote
from fedcoop.accounts.types import RemoteAccount
from fedcoop.db import Database
from fedcoop.errors import Invalid, NotAllowed
from fedcoop.polls import queries as polls
from fedcoop.polls.actions import receive_vote
from moderation.ballots import actions as ballots
from moderation.delegations import actions as delegations
from moderation.ledger import actions as ledger
from moderation.questions.answers import Marks
from tests.moderation.options import answer, ask, five, recounted
from tests.moderation.world import Coop


@pytest.fixture
async def coop(db: Database) -> Coop:
    """A co-operative with five members whose rules know every kind of ballot."""
    return await five(db)


async def test_an_answer_replaces_the_one_before_and_the_receipt_proves_it(coop: Coop) -> None:
    proposal = await ask(coop, "ranked")
    await answer(coop, "ann", proposal, ranking=["Bee"])
    await answer(coop, "ann", proposal, ranking=["Wheel", "Bee"])
    mine = (await coop.see(proposal, "ann")).my_ballot
    assert mine is not None
    assert (mine.number, mine.words) == (2, "Wheel > Bee")
    assert mine.marks == Marks(ranking=[3, 1])
    async with coop.db.write() as tx:
        await ledger.sign(tx)
    async with coop.db.read() as tx:
        assert (await ballots.proof(tx, int(mine.receipt_id))).startswith("c2sp.org/tlog-proof@v1")


WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("approval", {"approvals": []}, "Approve of one option at least"),
    ("approval", {"approvals": ["Oak"]}, "“Oak” is no option here; there are 1 Bee, 2 Fern, 3 Wheel."),
    ("approval", {"approvals": [1, "bee"]}, "“Bee” is named twice."),
    ("approval", {"ranking": [1]}, "answered with approvals and nothing else"),
    ("approval", {"choice": "agree"}, "answer with approvals, or the choice “abstain”"),
    ("approval", {}, "answered with approvals, or the choice “abstain”"),
    ("approval", {"approvals": [0]}, "“0” is no option"),
    ("ranked", {"ranking": [[1, 2]]}, "cannot stand side by side"),
    ("ranked", {"ranking": [1, 1]}, "named twice"),
    ("ranked", {"ranking": []}, "Rank one option at least"),
    ("condorcet", {"ranking": [[]]}, "Rank one option at least"),
    ("score", {"scores": {"Bee": 6}}, "“Bee” can have 0 to 5 points, not 6."),
    ("score", {"scores": {"Bee": -1}}, "0 to 5 points"),
    ("score", {"scores": {"Bee": 0}}, "one option a point at least"),
    ("dots", {"scores": {"Bee": 6, "Fern": 6}}, "You have 10 dots and have given 12."),
]


@pytest.mark.parametrize(("kind", "marks", "sentence"), WRONG)
async def test_a_wrong_answer_is_explained_and_not_kept(
    coop: Coop, kind: str, marks: dict[str, Any], sentence: str
) -> None:
    proposal = await ask(coop, kind)
    with pytest.raises(Invalid) as refused:
        await answer(coop, "ann", proposal, **marks)
    assert sentence in refused.value.message
    assert (await coop.see(proposal, "ann")).my_ballot is None


async def test_whoever_is_outside_the_electorate_does_not_vote(coop: Coop) -> None:
    await coop.join("late", standing="paused")
    proposal = await ask(coop, "approval")
    with pytest.raises(NotAllowed):
        await answer(coop, "late", proposal, approvals=[1])
    with pytest.raises(Invalid):
        await coop.vote_in_poll("late", proposal, [0])


async def test_an_approval_is_a_poll_with_several_answers(coop: Coop) -> None:
    proposal = await ask(coop, "approval")
    assert proposal.poll_id is not None
    await coop.vote_in_poll("bob", proposal, [0, 2])
    await coop.vote_in_poll("bob", proposal, [2])
    await coop.vote_in_poll("cas", proposal, [1, 2])
    assert [each.support for each in (await coop.see(proposal)).choices] == [0, 1, 2]
    for wrong in ([], [3], [-1]):
        with pytest.raises(Invalid):
            await coop.vote_in_poll("dee", proposal, wrong)
    await coop.pass_time(minutes=6)
    assert (await coop.result(proposal)).verdict == "Passed: “Wheel” won; 2 of 5 voted."
    await recounted(coop)


@pytest.mark.parametrize("kind", ["score", "dots", "ranked", "condorcet"])
async def test_what_no_poll_can_ask_is_asked_in_words_with_its_options(coop: Coop, kind: str) -> None:
    proposal = await ask(coop, kind)
    assert proposal.poll_id is None
    assert proposal.status_id is not None
    [post] = await coop.said_by_the_assembly()
    assert "1. Bee\n2. Fern\n3. Wheel" in post.text
    assert f"/coop/{proposal.number}" in post.text
    assert f"vote {proposal.number} " in post.text


async def test_a_delegates_whole_ballot_counts_for_those_who_trust_them(coop: Coop) -> None:
    async with coop.db.write() as tx:
        for name in ("bob", "cas"):
            await delegations.delegate(tx, coop.people[name], "advisory", coop.people["dee"].id)
        await delegations.delegate(tx, coop.people["eve"], "advisory", coop.people["bob"].id)
    proposal = await ask(coop, "ranked", seats=2)
    await answer(coop, "ann", proposal, ranking=["Bee"])
    await answer(coop, "cas", proposal, ranking=["Bee"])
    await answer(coop, "dee", proposal, ranking=["Wheel", "Fern"])
    await coop.pass_time(minutes=6)
    result = await coop.result(proposal)
    assert result.counts is not None
    assert result.counts["cast"] == 5
    assert result.count is not None
    assert result.count.stages[0].totals == ["2.00000", "0.00000", "3.00000"]
    assert result.verdict == "Passed: “Wheel” and “Bee” won; 5 of 5 voted, 2 by delegation."
    await recounted(coop)


async def test_a_circle_of_trust_abstains_in_every_kind_of_ballot(coop: Coop) -> None:
    async with coop.db.write() as tx:
        await delegations.delegate(tx, coop.people["bob"], "advisory", coop.people["cas"].id)
        await delegations.delegate(tx, coop.people["cas"], "advisory", coop.people["bob"].id)
    proposal = await ask(coop, "score")
    await answer(coop, "ann", proposal, scores={"Bee": 1})
    await coop.pass_time(minutes=6)
    result = await coop.result(proposal)
    assert result.counts is not None
    assert (result.counts["cast"], result.counts["votes"], result.counts["abstain"]) == (3, 1, 2)
    await recounted(coop)


async def test_voices_from_elsewhere_advise_on_several_options_and_never_decide(coop: Coop) -> None:
    proposal = await ask(coop, "approval")
    async with coop.db.write() as tx:
        far = await save_remote(
            tx, RemoteAccount(uri="https://b.test/u/far", username="far", domain="b.test", public_key="x")
        )
        poll = await tx.one(polls.BY_ID, poll_id=int(proposal.poll_id or 0))
        assert poll is not None
        assert poll.multiple
        for title in ("Bee", "Wheel"):
            assert await receive_vote(tx, far, poll, title)
        assert not await receive_vote(tx, far, poll, "Bee"), "nobody advises twice"
    await answer(coop, "ann", proposal, approvals=["Fern"])
    await answer(coop, "bob", proposal, approvals=["Fern"])
    await coop.pass_time(minutes=6)
    result = await coop.result(proposal)
    assert result.advisory == {"Bee": 1, "Wheel": 1}
    assert result.verdict == "Passed: “Fern” won; 2 of 5 voted."


SPOKEN = [
    ("ranked", "vote {n} bee > wheel", "1>3"),
    ("ranked", "Vote on {n}: Wheel, Bee", "3>1"),
    ("ranked", "vote {n} 2 > 1 because ferns are lovely", "2>1"),
    ("condorcet", "vote {n} bee = fern > wheel", "1=2>3"),
    ("approval", "vote {n} bee and wheel", "1,3"),
    ("approval", "vote {n} 1, 2", "1,2"),
    ("score", "vote {n} bee=5 fern: 3", "1=5,2=3"),
    ("dots", "vote {n} Wheel 7, Bee 3", "1=3,3=7"),
    ("score", "vote {n} abstain", "abstain"),
]


@pytest.mark.parametrize(("kind", "said", "kept"), SPOKEN)
async def test_words_to_the_assembly_are_understood(coop: Coop, kind: str, said: str, kept: str) -> None:
    proposal = await ask(coop, kind)
    reply = await coop.told("bob", said.format(n=proposal.number))
    assert "Counted" in reply
    mine = (await coop.see(proposal, "bob")).my_ballot
    assert mine is not None
    assert mine.choice == kept


MISSAID = [
    ("ranked", "vote {n} oak > bee", "“oak” is no option here"),
    ("ranked", "vote {n}", "Which answer? Write for instance “Fern > Bee”."),
    ("score", "vote {n} bee=9", "“Bee” can have 0 to 5 points, not 9."),
    ("score", "vote {n} bee", "How many points for “bee”?"),
    ("approval", "vote {n} agree", "“agree” is no option here"),
]


@pytest.mark.parametrize(("kind", "said", "sentence"), MISSAID)
async def test_words_that_make_no_sense_are_explained(
    coop: Coop, kind: str, said: str, sentence: str
) -> None:
    proposal = await ask(coop, kind)
    assert sentence in await coop.told("bob", said.format(n=proposal.number))
    assert (await coop.see(proposal, "bob")).my_ballot is None
