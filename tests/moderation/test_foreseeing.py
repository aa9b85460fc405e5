"""A vote on several options ends early when nobody could change who wins, and goes on when that changes at the
last moment; a stranger finds both in the ledger."""

from __future__ import annotations

import itertools
from collections import Counter

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fedcoop.db import Database
from moderation.constitution import load
from moderation.constitution.types import Rule
from moderation.foreseeing import settled, stands
from moderation.ledger import serve
from moderation.questions.types import Kind, Option, Question
from moderation.tally import Electorate, Vote, tally
from tests.moderation.options import LOGOS, SEVERAL, answer, ask
from tests.moderation.world import Coop

WINDOW = '[rules.choices]\npasses = "agree > disagree"\nwindow = { minimum = "5 minutes"'
EARLY = SEVERAL.replace(WINDOW, WINDOW + ", early_close = true")
QUIET = SEVERAL.replace(WINDOW, WINDOW + ', quiet_ending = "1 minute"')
RULE: Rule = load("social-coop").rule_for("federation")
NAMES = ("ann", "bob", "cas", "dee", "eve")


async def founded(db: Database, rules: str) -> Coop:
    coop = await Coop(db).found(rules)
    await coop.join(*NAMES)
    return coop


async def test_an_approval_that_nobody_can_change_ends_early(db: Database) -> None:
    coop = await founded(db, EARLY)
    proposal = await ask(coop, "approval")
    for name in ("ann", "bob"):
        await answer(coop, name, proposal, approvals=["Bee"])
    await coop.pass_time()
    assert (await coop.see(proposal)).state == "open", "three are left"
    await answer(coop, "cas", proposal, approvals=["Bee"])
    await coop.pass_time()
    ended = await coop.see(proposal)
    assert (ended.state, ended.choices[0].won) == ("passed", True)
    async with db.read() as tx:
        [entry] = await serve.entries(tx, types=("tally",))
    assert entry.body["early"] is True
    assert (await coop.verified()).problems == []


async def test_a_ranking_ends_early_when_everybody_has_answered(db: Database) -> None:
    coop = await founded(db, EARLY)
    proposal = await ask(coop, "ranked")
    for name in NAMES:
        assert (await coop.see(proposal)).state == "open"
        await answer(coop, name, proposal, ranking=["Bee", "Fern"])
        await coop.pass_time()
    assert (await coop.see(proposal)).state == "passed"
    assert (await coop.verified()).problems == []


async def test_a_choice_that_turns_at_the_last_moment_goes_on(db: Database) -> None:
    coop = await founded(db, QUIET)
    proposal = await ask(coop, "approval")
    for name in ("ann", "bob"):
        await answer(coop, name, proposal, approvals=["Bee"])
    await coop.pass_time(minutes=4, seconds=30)
    await answer(coop, "cas", proposal, approvals=["Bee", "Fern"])
    assert (await coop.see(proposal)).closes_at == proposal.closes_at, "Bee wins as before"
    await answer(coop, "dee", proposal, approvals=["Fern"])
    assert (await coop.see(proposal)).closes_at == proposal.closes_at, "Bee still has more"
    await answer(coop, "eve", proposal, approvals=["Fern"])
    longer = await coop.see(proposal)
    assert str(longer.closes_at) > str(proposal.closes_at), "now they tie"
    await coop.pass_time(minutes=2)
    assert (await coop.see(proposal)).state == "failed"
    assert (await coop.verified()).problems == []


SMALL: dict[Kind, list[str]] = {
    "approval": ["1", "2", "3", "1,2", "1,3", "2,3", "1,2,3", "abstain"],
    "dots": ["1=2", "2=2", "3=2", "1=1,2=1", "1=1,3=1", "2=1,3=1", "abstain"],
}


@given(
    kind=st.sampled_from(sorted(SMALL)),
    seats=st.integers(1, 2),
    picks=st.lists(st.integers(0, 7), max_size=5),
    left=st.integers(0, 2),
)
def test_what_is_settled_nobody_changes(kind: Kind, seats: int, picks: list[int], left: int) -> None:
    method = "most-approvals" if kind == "approval" else "sum"
    question = Question(
        kind=kind, method=method, options=tuple(Option(each) for each in LOGOS), seats=seats, dots=2
    )
    known = SMALL[kind]
    given_ = [known[pick % len(known)] for pick in picks]
    electorate = Electorate(len(given_) + left, len(given_) + left)

    def winners(answers: list[str]) -> tuple[int, ...]:
        votes = [Vote(str(at), each, at) for at, each in enumerate(answers)]
        return tuple(sorted(tally(votes, electorate, RULE, question=question).winners))

    now = winners(given_)
    assert stands(RULE, question, Counter(given_), electorate) == now
    if not settled(RULE, question, Counter(given_), electorate):
        return
    for number in range(left + 1):
        for more in itertools.product(known, repeat=number):
            assert winners([*given_, *more]) == now


@pytest.mark.parametrize(("cast", "over"), [(0, False), (1, False), (2, True)])
def test_a_quorum_that_is_missing_keeps_it_open(cast: int, over: bool) -> None:
    rule = msgspec.structs.replace(RULE, ballot=msgspec.structs.replace(RULE.ballot, quorum="cast >= 2"))
    question = Question(kind="approval", method="most-approvals", options=tuple(map(Option, LOGOS)))
    assert settled(rule, question, {"1": cast} if cast else {}, Electorate(3, 3)) is over
