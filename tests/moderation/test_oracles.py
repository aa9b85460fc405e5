"""Random votes, counted by us and by libraries that others wrote: `make oracles` installs them."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest

from moderation.counting.greedy import greedy
from moderation.counting.meek import meek
from moderation.counting.runoff import instant_runoff
from moderation.counting.schulze import schulze
from moderation.counting.shares import STEPS, complete, supporters_of
from moderation.counting.stv import scottish_stv
from moderation.counting.types import Count, Lot

WHY = "the libraries that counting is compared with are not installed (make oracles)"
NAMES = [f"Option {number}" for number in range(6)]
LOT = Lot("seed")


class InOrder(Lot):
    """Lots that fall on whoever comes first, as another library's do."""

    def order(self, option: int, stage: int = 0) -> str:
        return f"{option:04}"


def drew_lots(count: Count) -> bool:
    return any(
        "draw lots" in word or "latest stage" in word for stage in count.stages for word in stage.words
    )


def rankings(dice: random.Random, *, complete: bool) -> tuple[list[tuple[int, ...]], int]:
    size = dice.randint(2, 6)
    ballots = []
    for _ in range(dice.choice((1, 3, 8, 25, 60))):
        order = dice.sample(range(size), size)
        ballots.append(tuple(order if complete else order[: dice.randint(1, size)]))
    return ballots, size


def test_the_instant_run_off_agrees_with_pref_voting_on_a_thousand_elections() -> None:
    pref_voting: Any = pytest.importorskip("pref_voting.iterative_methods", reason=WHY)
    profiles: Any = pytest.importorskip("pref_voting.profiles", reason=WHY)
    dice = random.Random(1)
    compared = 0
    for _ in range(1000):
        ballots, size = rankings(dice, complete=True)
        ours = instant_runoff(ballots, NAMES[:size], LOT)
        theirs = pref_voting.instant_runoff_put(profiles.Profile(ballots))
        assert ours.winners[0] in theirs, ballots
        compared += len(theirs) == 1
    assert compared > 500, "most elections have one winner, whatever the lots"


def test_schulze_agrees_with_pref_voting_on_a_thousand_elections() -> None:
    methods: Any = pytest.importorskip("pref_voting.margin_based_methods", reason=WHY)
    profiles: Any = pytest.importorskip("pref_voting.profiles", reason=WHY)
    dice = random.Random(2)
    for _ in range(1000):
        ballots, size = rankings(dice, complete=True)
        ours = schulze([[[option] for option in ballot] for ballot in ballots], NAMES[:size])
        assert (ours.winners or ours.tied) == methods.beat_path(profiles.Profile(ballots)), ballots


def test_scottish_stv_agrees_with_pref_voting_where_no_lots_are_drawn() -> None:
    methods: Any = pytest.importorskip("pref_voting.proportional_methods", reason=WHY)
    profiles: Any = pytest.importorskip("pref_voting.profiles_with_ties", reason=WHY)
    dice = random.Random(3)
    compared = 0
    for _ in range(600):
        ballots, size = rankings(dice, complete=False)
        seats = dice.randint(1, size)
        ours = scottish_stv(ballots, NAMES[:size], seats, LOT)
        if drew_lots(ours):
            continue
        compared += 1
        given = [{option: place for place, option in enumerate(ballot)} for ballot in ballots]
        profile = profiles.ProfileWithTies(given, candidates=list(range(size)))
        assert sorted(ours.winners) == sorted(methods.stv_scottish(profile, num_seats=seats)), ballots
    assert compared > 150


def test_meek_agrees_with_pref_voting_where_nobody_ties() -> None:
    methods: Any = pytest.importorskip("pref_voting.proportional_methods", reason=WHY)
    profiles: Any = pytest.importorskip("pref_voting.profiles_with_ties", reason=WHY)
    dice = random.Random(4)
    compared = 0
    for _ in range(200):
        ballots, size = rankings(dice, complete=False)
        seats = dice.randint(1, size)
        ours = meek(ballots, NAMES[:size], seats, LOT)
        if drew_lots(ours):
            continue
        compared += 1
        given = [{option: place for place, option in enumerate(ballot)} for ballot in ballots]
        profile = profiles.ProfileWithTies(given, candidates=list(range(size)))
        assert sorted(ours.winners) == sorted(methods.stv_meek(profile, num_seats=seats)), ballots
    assert compared > 50


def test_pyrankvote_finds_the_same_run_off_winner_where_no_lots_are_drawn() -> None:
    pyrankvote: Any = pytest.importorskip("pyrankvote", reason=WHY)
    dice = random.Random(5)
    for _ in range(500):
        ballots, size = rankings(dice, complete=False)
        ours = instant_runoff(ballots, NAMES[:size], LOT)
        if drew_lots(ours):
            continue
        people = [pyrankvote.Candidate(name) for name in NAMES[:size]]
        given = [pyrankvote.Ballot([people[option] for option in ballot]) for ballot in ballots]
        [winner] = pyrankvote.instant_runoff_voting(people, given).get_winners()
        assert winner.name == NAMES[ours.winners[0]], ballots


def budgets(dice: random.Random) -> tuple[list[list[int]], list[int], int]:
    size = dice.randint(2, 8)
    ballots = [dice.sample(range(size), dice.randint(1, size)) for _ in range(dice.choice((2, 5, 12, 30)))]
    return ballots, [dice.randint(1, 40) for _ in range(size)], dice.randint(40, 120)


def test_equal_shares_agree_with_pabutools_with_and_without_completion() -> None:
    election: Any = pytest.importorskip("pabutools.election", reason=WHY)
    rules: Any = pytest.importorskip("pabutools.rules", reason=WHY)
    tiebreaking: Any = pytest.importorskip("pabutools.tiebreaking", reason=WHY)
    dice = random.Random(6)
    for _ in range(300):
        ballots, costs, budget = budgets(dice)
        projects = [election.Project(f"{number:04}", cost) for number, cost in enumerate(costs)]
        instance = election.Instance(projects, budget_limit=budget)
        profile = election.ApprovalProfile(
            [election.ApprovalBallot([projects[option] for option in ballot]) for ballot in ballots]
        )
        ties = tiebreaking.TieBreakingRule(lambda _, votes, each: (-votes.approval_score(each), each.name))
        theirs = rules.method_of_equal_shares(
            instance,
            profile,
            sat_class=election.Cost_Sat,
            tie_breaking=ties,
            voter_budget_increment=Fraction(budget, len(ballots) * STEPS),
        )
        supporters = supporters_of(ballots, costs, budget)
        ours, _ = complete(supporters, len(ballots), costs, budget, InOrder(""))
        assert sorted(each.project for each in ours) == sorted(int(each.name) for each in theirs), (
            ballots,
            costs,
            budget,
        )


def test_greedy_agrees_with_pabutools() -> None:
    election: Any = pytest.importorskip("pabutools.election", reason=WHY)
    rules: Any = pytest.importorskip("pabutools.rules", reason=WHY)
    tiebreaking: Any = pytest.importorskip("pabutools.tiebreaking", reason=WHY)
    dice = random.Random(7)
    for _ in range(300):
        ballots, costs, budget = budgets(dice)
        projects = [election.Project(f"{number:04}", cost) for number, cost in enumerate(costs)]
        profile = election.ApprovalProfile(
            [election.ApprovalBallot([projects[option] for option in ballot]) for ballot in ballots]
        )
        theirs = rules.greedy_utilitarian_welfare(
            election.Instance(projects, budget_limit=budget),
            profile,
            sat_class=election.Cost_Sat,
            tie_breaking=tiebreaking.TieBreakingRule(lambda _, __, each: each.name),
        )
        ours = greedy(ballots, [str(cost) for cost in costs], costs, budget, InOrder(""))
        # They pay what nobody wants, too, as long as it fits.
        wanted = sorted(int(each.name) for each in theirs if profile.approval_score(each))
        assert sorted(ours.winners) == wanted, (ballots, costs, budget)
