"""What bad input gets. Where a sentence is tested elsewhere the table says where; what had no test has it
below. That the table names tests that exist is a test too."""

from __future__ import annotations

import ast
import asyncio
import random
from pathlib import Path
from typing import Any

import pytest

from fedcoop import accounts, domains
from fedcoop.accounts.leaving import actions as deleting
from fedcoop.db import Database
from fedcoop.errors import Invalid, NotAllowed
from moderation.ballots import queries as ballot_queries
from moderation.constitution import rule_from
from moderation.delegations import actions as delegations
from moderation.ledger import tiles
from moderation.ledger.canonical import read_canonical
from moderation.questions.types import QuestionDraft
from tests.moderation.options import SEVERAL
from tests.moderation.world import Coop

TESTED = {
    "two ballots at once": "test_voting::test_two_ballots_of_one_voter_at_once_leave_one_answer",
    "a ballot at the closing second": "test_voting::test_a_ballot_at_the_closing_second_is_too_late",
    "ballots while counting": "test_voting::test_ballots_and_closing_at_the_same_moment_agree_with_the_record",
    "a vote after expulsion": "test_voting::test_an_expelled_member_no_longer_votes_and_an_earlier_ballot_stands",
    "a delegation cycle": "test_delegation::test_a_circle_abstains_and_is_shown",
    "a member who leaves mid-vote": "test_delegation::test_who_leaves_while_it_is_voted_on_votes_for_nobody",
    "… by deleting the account": "test_bad_input::test_a_member_who_deletes_their_account_while_it_is_voted_on",
    "a rule changed during a vote": "test_voting::test_rules_changed_during_a_vote_do_not_reach_it",
    "clock set back": "test_voting::test_a_clock_set_back_does_not_reopen_a_vote",
    "a crash before the entry": "test_bad_input::test_a_crash_between_ballot_and_ledger_entry_leaves_neither",
    "a crash between entry and act": "test_voting::test_a_crash_between_entry_and_act_leaves_neither",
    "a forged act in the database": "test_verify::test_an_act_in_the_database_alone_is_drift",
    "an entry edited on disk": "test_verify::test_every_changed_byte_is_found",
    "an entry edited in the database": "test_verify::test_a_changed_entry_in_the_database_is_found",
    "a fork shown to two auditors": "test_verify::test_a_fork_shown_to_two_auditors_is_found_when_they_compare",
    "an electorate of one": "test_voting::test_an_electorate_of_one_decides",
    "a tie": "test_tally::test_a_tie_fails_and_a_block_asks_for_nine_to_one",
    "a tie between options": "test_counting::test_sums_show_a_tie_for_the_last_seat_and_do_not_guess",
    "a tie in an election": "test_elections::test_a_tie_is_shown_and_fills_no_seat",
    "zero ballots": "test_voting::test_nobody_votes",
    "zero ballots for options": "test_counting::test_no_ballots_elect_nobody_and_say_so",
    "an electorate of nobody": "test_bad_input::test_where_nobody_may_vote_nothing_passes",
    "10,000 options": "test_bad_input::test_ten_thousand_options_are_refused_with_a_sentence",
    "10,000 options, counted": "test_counting::test_ten_thousand_options_are_counted_like_few",
    "order of ballots does not matter": "test_tally::test_the_order_of_ballots_does_not_matter",
    "nobody counts twice": "test_tally::test_nobody_counts_twice_and_no_more_vote_than_may",
    "nobody counts twice by delegation": "test_delegation::test_the_order_does_not_matter_and_nobody_counts_twice",
    "what passed passes from the ledger alone": (
        "test_bad_input::test_every_passed_proposals_predicate_holds_when_recomputed_from_the_ledger_alone"
    ),
}


@pytest.mark.parametrize(("sentence", "where"), TESTED.items())
def test_every_sentence_about_bad_input_has_a_test(sentence: str, where: str) -> None:
    module, _, name = where.partition("::")
    tree = ast.parse((Path(__file__).parent / f"{module}.py").read_text("utf-8"))
    known = {each.name for each in tree.body if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)}
    assert name in known, sentence


async def test_a_member_who_deletes_their_account_while_it_is_voted_on(coop: Coop) -> None:
    await coop.join("ann", "bob", "cem", "dee")
    async with coop.db.write() as tx:
        await delegations.delegate(tx, coop.people["bob"], "federation", coop.people["cem"].id)
        await delegations.delegate(tx, coop.people["cem"], "federation", coop.people["dee"].id)
    proposal = await coop.suspend_spam("ann")
    await coop.vote("ann", proposal, "agree")
    await coop.vote("cem", proposal, "disagree")
    async with coop.db.write() as tx:
        await deleting.delete_local(tx, await accounts.access.find(tx, coop.people["cem"].id))
    await coop.pass_time()
    with pytest.raises(NotAllowed):
        await coop.vote("cem", proposal, "agree")
    async with coop.db.read() as tx:
        assert (await delegations.shown(tx, coop.people["bob"])).given == []
        assert (await delegations.shown(tx, coop.people["dee"])).received == []
    await coop.pass_time(minutes=6)
    counts = (await coop.result(proposal)).counts
    assert counts is not None
    assert (counts["agree"], counts["disagree"], counts["eligible"]) == (1, 1, 4), "what was answered stays"
    assert (await coop.verified()).problems == []


async def test_a_crash_between_ballot_and_ledger_entry_leaves_neither(
    coop: Coop, monkeypatch: pytest.MonkeyPatch
) -> None:
    await coop.join("ann")
    proposal = await coop.suspend_spam("ann")

    class PowerCut:
        def bind(self, **_: object) -> None:
            raise RuntimeError("power cut")

    with monkeypatch.context() as patch:
        patch.setattr(ballot_queries, "ADD", PowerCut())
        with pytest.raises(RuntimeError, match="power cut"):
            await coop.vote("ann", proposal, "agree")
    assert (await coop.see(proposal, "ann")).my_ballot is None
    report = await coop.verified()
    assert (report.problems, report.entries.get("ballot", 0)) == ([], 0)
    await coop.vote("ann", proposal, "agree")
    assert (await coop.verified()).entries["ballot"] == 1


async def test_where_nobody_may_vote_nothing_passes(coop: Coop) -> None:
    await coop.join("ann", standing="probation")
    proposal = await coop.suspend_spam("ann")
    assert proposal.electorate_size == 0
    with pytest.raises(NotAllowed, match="probation"):
        await coop.vote("ann", proposal, "agree")
    await coop.pass_time(minutes=6)
    ended = await coop.see(proposal)
    assert (ended.state, ended.verdict) == ("failed", "Failed: nobody voted.")
    async with coop.db.read() as tx:
        assert await domains.gate(tx, "spam.example") is None
    assert (await coop.verified()).problems == []


async def test_ten_thousand_options_are_refused_with_a_sentence(db: Database) -> None:
    coop = await Coop(db).found(SEVERAL)
    await coop.join("ann")
    draft = QuestionDraft(kind="approval", options=[f"Option {number}" for number in range(10_000)])
    with pytest.raises(Invalid, match="2 to 100 options"):
        await coop.propose("ann", "Which?", kind="advisory", ballot=draft)
    assert (await coop.verified()).entries.get("proposal", 0) == 0


async def test_many_at_once_are_each_counted_once(coop: Coop) -> None:
    names = [f"person{number}" for number in range(12)]
    await coop.join(*names)
    proposal = await coop.suspend_spam("person0")
    answers = [(name, choice) for name in names for choice in ("agree", "disagree", "agree")]
    await asyncio.gather(*(coop.vote(name, proposal, choice) for name, choice in answers))
    await coop.pass_time(minutes=6)
    counts = (await coop.result(proposal)).counts
    assert counts is not None
    assert counts["cast"] == len(names)
    assert (await coop.verified()).problems == []


@pytest.mark.parametrize("seed", range(3))
async def test_every_passed_proposals_predicate_holds_when_recomputed_from_the_ledger_alone(
    coop: Coop, seed: int
) -> None:
    chance = random.Random(seed)  # a story, not a secret
    names = ["ann", "bob", "cem", "dee", "eve"]
    await coop.join(*names)
    open_ = [await coop.propose("ann", f"Matter {number}") for number in range(4)]
    for _ in range(30):
        choice = chance.choice(["agree", "agree", "agree", "abstain", "disagree", "block"])
        await coop.vote(chance.choice(names), chance.choice(open_), choice)
    await coop.pass_time(minutes=6)
    files = await coop.files()
    bundles = [files[path] for path in sorted(files) if "entries" in path]
    entries: list[Any] = [read_canonical(text) for bundle in bundles for text in tiles.unpack(bundle)]
    said = {each["body"]["proposal"]: each["body"]["passed"] for each in entries if each["type"] == "tally"}
    assert len(said) == 4
    for opened in (each["body"] for each in entries if each["type"] == "proposal_opened"):
        last = {
            each["actor"]: each["body"]["choice"]
            for each in entries
            if each["type"] == "ballot" and each["body"]["proposal"] == opened["proposal"]
        }
        given = list(last.values())
        counts = {choice: given.count(choice) for choice in ("agree", "abstain", "disagree", "block")}
        counts |= {"cast": len(given), "votes": len(given) - counts["abstain"]}
        counts |= {"eligible": opened["electorate"]["size"], "active": opened["electorate"]["active"]}
        assert rule_from(opened["rule"]).predicate.holds(counts) is said[opened["proposal"]]
