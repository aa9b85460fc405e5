"""Votes on several options, from proposal to effect: what may be asked, what is kept, what a stranger recounts.
How they are answered is in `test_answering`."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fedcoop.db import Database
from fedcoop.errors import Invalid
from moderation.ballots import actions as ballots
from moderation.constitution import load
from moderation.ledger.entries import decode
from moderation.ledger.replay import Replay
from moderation.ledger.tiles import unpack
from moderation.proposals.types import ProposalDraft
from moderation.questions.answers import valid
from moderation.questions.types import Option, Question
from moderation.tally import Electorate, Vote, tally
from tests.moderation.options import LOGOS, PROJECTS, answer, ask, five, recounted
from tests.moderation.world import SUSPEND, Coop


@pytest.fixture
async def coop(db: Database) -> Coop:
    """A co-operative with five members whose rules know every kind of ballot."""
    return await five(db)


CASES: list[tuple[str, dict[str, Any], list[dict[str, Any]], list[str], str]] = [
    (
        "approval",
        {},
        [{"approvals": ["Bee", "Fern"]}, {"approvals": [2]}, {"approvals": ["fern", "Wheel"]}],
        ["1,2", "2", "2,3"],
        "Passed: “Fern” won; 3 of 5 voted.",
    ),
    (
        "score",
        {},
        [{"scores": {"Bee": 5, "Fern": 0}}, {"scores": {"2": 3}}, {"scores": {"wheel": 4, "bee": 1}}],
        ["1=5", "2=3", "1=1,3=4"],
        "Passed: “Bee” won; 3 of 5 voted.",
    ),
    (
        "dots",
        {"dots": 3},
        [{"scores": {"Wheel": 3}}, {"scores": {"Bee": 2, "Fern": 1}}, {"choice": "abstain"}],
        ["3=3", "1=2,2=1", "abstain"],
        "Passed: “Wheel” won; 3 of 5 voted.",
    ),
    (
        "ranked",
        {},
        [
            {"ranking": ["Bee"]},
            {"ranking": ["Fern", "Wheel"]},
            {"ranking": ["Wheel", "Fern"]},
            {"ranking": [2]},
        ],
        ["1", "2>3", "3>2", "2"],
        "Passed: “Fern” won; 4 of 5 voted.",
    ),
    (
        "ranked",
        {"seats": 2},
        [{"ranking": [1, 2]}, {"ranking": [1, 2]}, {"ranking": [1, 2]}, {"ranking": [3]}, {"ranking": [3]}],
        ["1>2", "1>2", "1>2", "3", "3"],
        "Passed: “Bee” and “Wheel” won; 5 of 5 voted.",
    ),
    (
        "condorcet",
        {},
        [{"ranking": [["Bee", "Fern"], "Wheel"]}, {"ranking": ["Fern", "Bee"]}],
        ["1=2>3", "2>1"],
        "Passed: “Fern” won; 2 of 5 voted.",
    ),
    (
        "budget",
        {"budget": 100, "money": "€", "options": PROJECTS},
        [{"approvals": ["Bees", "Library"]}, {"approvals": ["Bees"]}, {"approvals": ["Roof"]}],
        ["1,3", "1", "2"],
        "Passed: “Bees” and “Library” are paid, 100 of 100 €; 3 of 5 voted.",
    ),
]


@pytest.mark.parametrize(("kind", "more", "marks", "kept", "verdict"), CASES, ids=lambda case: str(case)[:12])
async def test_every_kind_of_ballot_is_cast_counted_and_recounted(
    coop: Coop, kind: str, more: dict[str, Any], marks: list[Any], kept: list[str], verdict: str
) -> None:
    proposal = await ask(coop, kind, **more)
    assert proposal.state == "open"
    assert proposal.ballot_kind == kind
    names = ["ann", "bob", "cas", "dee", "eve"]
    assert [
        await answer(coop, name, proposal, **each) for name, each in zip(names, marks, strict=False)
    ] == kept
    await coop.pass_time(minutes=6)
    result = await coop.result(proposal)
    assert result.verdict == verdict
    assert result.count is not None
    assert result.count.stages
    assert result.engine == result.count.engine
    shown = await coop.see(proposal)
    assert shown.state == "passed"
    assert [each.won for each in shown.choices].count(True) == len(result.count.winners)
    await recounted(coop)


UNASKABLE: list[tuple[dict[str, Any], str]] = [
    ({"kind": "approval", "options": ["One"]}, "2 to 100 options"),
    ({"kind": "approval", "options": [str(number) for number in range(10_000)]}, "2 to 100 options"),
    ({"kind": "approval", "options": ["Bee", "bee "]}, "a title of its own"),
    ({"kind": "approval", "options": ["Bee", " "]}, "Every option needs a title."),
    ({"kind": "approval", "options": ["Bee", "x" * 101]}, "at most 100 characters"),
    ({"kind": "approval", "options": LOGOS, "seats": 3}, "1 to 2 seats"),
    ({"kind": "approval", "options": LOGOS, "method": "meek"}, "does not count a “approval” ballot"),
    ({"kind": "ranked", "options": LOGOS, "seats": 2, "method": "instant-runoff"}, "fills one seat"),
    ({"kind": "condorcet", "options": LOGOS, "seats": 2}, "fills one seat"),
    ({"kind": "budget", "options": LOGOS, "budget": 5}, "What “Bee” costs is a whole number"),
    ({"kind": "budget", "options": PROJECTS}, "The budget is a whole number"),
    ({"kind": "score", "options": [{"title": "Bee", "cost": 3}, "Fern"]}, "Only the options of a budget"),
    ({"kind": "score", "options": LOGOS, "highest": 101}, "from 1 to 100"),
    ({"kind": "consent", "options": LOGOS}, "no options of its own"),
]


@pytest.mark.parametrize(("ballot", "sentence"), UNASKABLE)
async def test_a_question_that_makes_no_sense_is_refused_with_a_sentence(
    coop: Coop, ballot: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Invalid) as refused:
        await ask(coop, **ballot)
    assert sentence in refused.value.message


async def test_only_ballots_that_the_constitution_allows_are_asked(coop: Coop) -> None:
    with pytest.raises(Invalid, match="does not let this kind of proposal be decided by a “approval” ballot"):
        await ask(coop, "approval", about="policy")


async def test_nobody_sees_how_it_stands_before_the_end_where_the_rule_hides_it(coop: Coop) -> None:
    proposal = await ask(coop, "ranked", about="role")
    await answer(coop, "ann", proposal, ranking=["Bee"])
    for viewer in (None, "ann", "bob"):
        shown = await coop.see(proposal, viewer)
        assert shown.counts is None
        assert [each.support for each in shown.choices] == [None, None, None]
        result = await coop.result(proposal, viewer)
        assert (result.counts, result.count, result.steps) == (None, None, [])
        async with coop.db.read() as tx:
            viewer_id = None if viewer is None else coop.people[viewer].id
            assert await ballots.ballots(tx, viewer_id, int(proposal.id)) == []  # type: ignore[arg-type]
    await coop.pass_time(minutes=6)
    async with coop.db.read() as tx:
        [shown_ballot] = await ballots.ballots(tx, coop.people["bob"].id, int(proposal.id))  # type: ignore[arg-type]
    assert (shown_ballot.words, shown_ballot.acct) == ("Bee", None)


async def test_only_the_acts_of_winning_options_are_carried_out(coop: Coop) -> None:
    other = {"type": "suspend_domain", "domain": "worse.example"}
    options = [
        {"title": "Cut off spam.example", "acts": [SUSPEND]},
        {"title": "Cut off worse.example", "acts": [other]},
        {"title": "Nothing", "acts": []},
    ]
    proposal = await ask(coop, "approval", options, about="federation")
    assert [act.option for act in proposal.acts] == ["1", "2"]
    await answer(coop, "ann", proposal, approvals=[2])
    await answer(coop, "bob", proposal, approvals=[2, 3])
    await coop.pass_time(minutes=6)
    assert [act.carried_out_at is not None for act in (await coop.see(proposal)).acts] == [False, True]
    assert (await coop.see(proposal)).state == "enacted"
    report = await coop.verified()
    assert report.problems == []
    assert report.restrictions == {"worse.example": "suspend"}


async def test_a_tie_without_a_winner_fails_and_too_few_voters_do_not_decide(coop: Coop) -> None:
    tied = await ask(coop, "approval")
    await answer(coop, "ann", tied, approvals=[1])
    await answer(coop, "bob", tied, approvals=[2])
    few = await ask(coop, "approval")
    await answer(coop, "ann", few, approvals=[1])
    nobody = await ask(coop, "ranked")
    await coop.pass_time(minutes=6)
    assert (await coop.result(tied)).verdict == "Failed: “Bee” and “Fern” tie, and nobody won; 2 of 5 voted."
    assert (await coop.result(few)).verdict == "Failed: too few took part; 1 of 5 voted."
    assert (await coop.result(nobody)).verdict == "Failed: nobody voted."
    await recounted(coop)


async def test_a_tally_that_names_another_winner_is_found_by_a_stranger(coop: Coop) -> None:
    proposal = await ask(coop, "approval")
    await answer(coop, "ann", proposal, approvals=[1])
    await answer(coop, "bob", proposal, approvals=[1])
    await coop.pass_time(minutes=6)
    files = await coop.files()
    entries = [decode(entry) for path in sorted(files) if "entries" in path for entry in unpack(files[path])]
    changes_: list[dict[str, Any]] = [
        {"winners": [2]},
        {"engine": "score/1"},
        {"counts": {}},
        {"passed": False},
    ]
    for wrong in changes_:
        replay = Replay()
        for index, entry in enumerate(entries):
            if entry.type == "tally":
                entry = msgspec.structs.replace(entry, body=entry.body | wrong)
            replay.feed(index, entry)
        assert any("its ballots give" in problem for problem in replay.problems), wrong


BALLOTS = st.lists(
    st.tuples(st.integers(0, 7), st.sampled_from(["1>2", "2>3>1", "3", "abstain", "1>1", "4", "agree", ""])),
    max_size=40,
).map(lambda rows: [Vote(f"v{who}", choice, number) for number, (who, choice) in enumerate(rows)])
TRUST = st.dictionaries(
    st.sampled_from(["v0", "v1", "v2", "v8", "v9"]), st.sampled_from(["v3", "v4", "v8", "v9"])
)
ELECTION = Question(
    kind="ranked", method="scottish-stv", seats=2, options=(Option("A"), Option("B"), Option("C"))
)
RULE = load("social-coop").rule_for("role")


@given(BALLOTS, TRUST, st.randoms())
def test_nobody_counts_twice_and_the_order_does_not_matter(
    votes: list[Vote], trust: dict[str, str], random: Any
) -> None:
    voters = frozenset(f"v{number}" for number in range(10) if number != 5)
    electorate = Electorate(len(voters), 5, voters)
    outcome = tally(votes, electorate, RULE, trust, question=ELECTION, seed="s")
    last = {vote.voter: vote.choice for vote in votes if vote.voter in voters}
    own = sum(valid(ELECTION, choice) for choice in last.values())
    assert own <= outcome.counts["cast"] <= min(len(voters), own + len(trust))
    assert outcome.count is not None
    held = sum(Decimal(total or 0) for total in outcome.count.stages[0].totals)
    assert held == outcome.counts["votes"] == outcome.counts["cast"] - outcome.counts["abstain"]
    assert outcome.passed is bool(outcome.count.winners)
    random.shuffle(votes)
    assert tally(votes, electorate, RULE, trust, question=ELECTION, seed="s") == outcome


def test_a_draft_without_a_ballot_is_a_vote_by_consent() -> None:
    assert msgspec.convert({"title": "T"}, ProposalDraft).ballot.kind == "consent"
