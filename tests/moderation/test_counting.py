"""Counting votes with several options: published counts, borders, and properties that hold for any vote.
Comparing with other libraries is `test_oracles`."""

from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.counting.greedy import greedy
from moderation.counting.meek import meek
from moderation.counting.runoff import instant_runoff
from moderation.counting.schulze import schulze
from moderation.counting.shares import equal_shares
from moderation.counting.stv import scottish_stv
from moderation.counting.sums import approval, score
from moderation.counting.types import Count, Lot

LOT = Lot("seed")
ABC = ["Ann", "Bob", "Cas", "Dee", "Eve"]

# The model election of the Electoral Reform Society, third edition of “How to conduct an election by the single
# transferable vote”: voters, then their preferences.
ERS97_NAMES = ["Smith", "Carpenter", "Wright", "Glazier", "Duke", "Prince", "Baron", "Abbot", "Vicar"]
ERS97_NAMES += ["Monk", "Freeman"]
ERS97 = """35 1 2/3 1 3 9/11 1 3 6/5 1 3 7/6 1 3 8/20 1 4/7 1 4 9/4 1 4 11/8 1 5/4 1 8/1 1 10 5 7/1 1 10 9/18 1 11
/11 1/81 2/23 3 1 2/2 3 1 2 7/1 3 1 2 8/1 3 1/3 4 1 3 7/1 4 8/11 4 5 6/3 4 2/5 4 2 11/1 4 3/105 5/91 6/64 7/5 8
/42 8 9/12 8 7/55 9/2 10 5/5 10 8/14 10 9/2 10 1 11/90 11"""


# Dundee City Council, 5 May 2022, East End, three seats: the published preference profile, and the report of
# votes by stage. Only ballots for Dawson are ever moved; of the others the first preference is enough.
EAST_END = ["Crabb", "Dawson", "Maattanen-Bourke", "McHugh", "McIntosh", "Petrie", "Roberts"]
EAST_END_FIRST = (440, 1350, 115, 1071, 167, 151, 823)
DAWSON = """5 271/183 275/45 247/1 2751436/2 234/1 2134567/1 264/1 2736451/1 2461357/1 2715/1 256/1 2173/21 2756431
/7 2765431/1 2576314/1 2714365/1 2674513/2 27356/1 2473156/1 2547/407 27/1 27536/1 261/1 2375461/1 2735416
/1 24537/1 2473516/15 24/23 2756341/1 2713456/1 2435716/1 2753146/5 2753641/4 26/1 2716/1 27653/1 2453716
/9 273/16 2754/1 2475361/17 2765/1 2456173/5 2745/1 2573164/82 2/1 2765134/1 2746351/4 254/1 2741356/19 2756
/3 2576431/1 2475/82 276/1 2613745/1 2431765/5 2764351/1 2176345/1 235/1 2473561/3 253/1 273451/3 217/1 275431
/1 275643/1 2734561/2 2567/3 276534/1 27431/1 275436/1 27564/1 2756314/5 2765314/2 2745316/1 23/1 27435
/14 2765341/10 25/2 2745631/6 243/1 2147653/1 2731564/1 2431/2 2746531/2 27543/1 2735/1 2176543/1 215/1 27453
/2 27534/3 231/10 2753/2 2743651/1 2356741/3 2743516/2 27465/1 2647531/2 237/8 2754631/1 25763/2 2576
/5 2764531/1 273564/8 2754361/1 2764135/3 2764/8 2753461/1 2751346/2 2714356/1 276543/3 2743156/2 2475631
/1 2735461/1 27143/1 2715346/2 2753416/3 2754316/1 24753/1 27354/2 2745136/2 2675/1 2675431/1 2653741/7 2745361
/15 267/2 2457/8 2743561/1 214/1 247563/1 2761534/110 274/10 245/2 275634/2 213/2 21/2 2743/3 241/26 257/1 2357"""


def east_end() -> list[list[int]]:
    ballots = [[at] for at, number in enumerate(EAST_END_FIRST) if at != 1 for _ in range(number)]
    for line in DAWSON.replace("\n", "").split("/"):
        number, ranking = line.split()
        ballots += [[int(option) - 1 for option in ranking]] * int(number)
    return ballots


def ers97() -> list[list[int]]:
    ballots = []
    for line in ERS97.replace("\n", "").split("/"):
        number, *ranking = map(int, line.split())
        ballots += [[option - 1 for option in ranking]] * number
    return ballots


def ranked(*groups: tuple[int, str]) -> list[list[int]]:
    return [[ord(letter) - ord("A") for letter in order] for number, order in groups for _ in range(number)]


def words_of(count: Count) -> str:
    return " ".join(word for stage in count.stages for word in stage.words)


def test_scottish_stv_counts_a_ward_of_dundee_as_its_official_report_does() -> None:
    count = scottish_stv(east_end(), EAST_END, 3, LOT)
    assert (len(east_end()), count.quota) == (4117, "1030")
    first, surplus = count.stages
    assert [EAST_END[option] for option in first.elected] == ["Dawson", "McHugh"]
    assert surplus.totals == [
        "444.02951",
        "1030.00000",
        "119.97763",
        "1071.00000",
        "183.59210",
        "157.87387",
        "1087.52548",
    ]
    assert surplus.aside == "23.00141"
    assert [EAST_END[option] for option in count.winners] == ["Dawson", "McHugh", "Roberts"]


def test_meek_counts_the_model_election_of_1997_as_the_published_reference_does() -> None:
    count = meek(ers97(), ERS97_NAMES, 6, LOT)
    named = sorted(ERS97_NAMES[option] for option in count.winners)
    assert named == sorted(["Smith", "Duke", "Carpenter", "Freeman", "Prince", "Vicar"])
    totals = [
        {
            name: Decimal(total).quantize(Decimal("0.01"))
            for name, total in zip(ERS97_NAMES, stage.totals, strict=True)
            if total is not None
        }
        for stage in count.stages
    ]
    assert (totals[0]["Smith"], totals[0]["Monk"]) == (Decimal(134), Decimal(23))
    shared = next(each for each in totals if each["Smith"] == Decimal("107.26"))
    assert [str(shared[name]) for name in ("Carpenter", "Wright", "Glazier", "Duke", "Abbot", "Freeman")] == [
        "87.98",
        "31.99",
        "30.19",
        "106.60",
        "59.80",
        "93.59",
    ]


def test_schulze_finds_the_winner_and_the_paths_of_his_own_example() -> None:
    orders = ["ACBED", "ADECB", "BEDAC", "CABED", "CAEBD", "CBADE", "DCEBA", "EBADC"]
    ballots = [
        [[each] for each in ballot] for ballot in ranked(*zip((5, 5, 8, 3, 7, 2, 7, 8), orders, strict=True))
    ]
    count = schulze(ballots, ABC)
    assert count.winners == [4]
    assert count.paths == [
        [0, 28, 28, 30, 24],
        [25, 0, 28, 33, 24],
        [25, 29, 0, 29, 24],
        [25, 28, 28, 0, 24],
        [25, 28, 28, 31, 0],
    ]


def test_a_scottish_surplus_is_cut_to_five_decimals_and_what_is_lost_is_said() -> None:
    count = scottish_stv(ranked((7, "AB"), (3, "AC"), (1, "A"), (3, "B"), (4, "C")), ABC[:3], 2, LOT)
    first, surplus = count.stages[:2]
    assert count.quota == "7"
    assert first.totals == ["11.00000", "3.00000", "4.00000"]
    # The surplus is 4 of 11 votes: each ballot moves on at 0.36363, and the rest of it is lost.
    assert surplus.totals == ["7.00000", "5.54541", "5.09089"]
    assert surplus.aside == "0.36370"
    assert count.winners == [0, 1]
    assert "each at 4 / 11 of what it was worth" in words_of(count)


def test_an_exclusion_tie_is_decided_by_the_latest_stage_at_which_they_differed() -> None:
    ballots = ranked((10, "A"), (5, "B"), (4, "C"), (1, "DC"), (8, "E"))
    count = scottish_stv(ballots, ABC, 2, LOT)
    assert [stage.excluded for stage in count.stages if stage.excluded][:2] == [[3], [2]]
    assert "“Cas” had the fewest at the latest stage at which they differed" in words_of(count)


def test_lots_are_drawn_alike_by_everybody_and_otherwise_with_another_seed() -> None:
    ballots = ranked((2, "A"), (2, "B"), (2, "C"))
    drawn = {instant_runoff(ballots, ABC[:3], Lot(str(seed))).winners[0] for seed in range(40)}
    assert drawn == {0, 1, 2}
    assert instant_runoff(ballots, ABC[:3], LOT) == instant_runoff(ballots, ABC[:3], LOT)
    assert "everybody can compute it again" in words_of(instant_runoff(ballots, ABC[:3], LOT))


def test_the_instant_run_off_moves_ballots_until_more_than_half_agree() -> None:
    count = instant_runoff(ranked((4, "A"), (3, "BC"), (2, "CB")), ABC[:3], LOT)
    assert count.winners == [1]
    assert [(flow.source, flow.to, flow.amount) for flow in count.stages[1].flows] == [(2, 1, "2")]
    assert words_of(count).endswith("“Bob” has 5 votes and wins.")


def test_sums_show_a_tie_for_the_last_seat_and_do_not_guess() -> None:
    count = approval([[0, 1], [0, 2], [0]], ABC[:3], 2)
    assert (count.winners, count.tied) == ([0], [1, 2])
    assert "“Bob” and “Cas” tie with 1 approval each for 1 seat" in words_of(count)
    assert score([{0: 5, 1: 3}, {1: 2}], ABC[:2]).tied == [0, 1]
    assert approval([[0, 1]], ABC[:3], 3).winners == [0, 1], "nobody wins without an approval"


def test_equal_shares_serve_a_minority_that_greedy_passes_over() -> None:
    # Sixty want the four first projects, forty the last two; each costs 25, and 100 are there.
    ballots = [[0, 1, 2, 3]] * 60 + [[4, 5]] * 40
    names, costs = [f"Project {number}" for number in range(6)], [25] * 6
    assert sorted(greedy(ballots, names, costs, 100, LOT).winners) == [0, 1, 2, 3]
    fair = equal_shares(ballots, names, costs, 100, LOT)
    assert len({4, 5} & set(fair.winners)) == 1
    assert fair.spent == 100


def every_method(rankings: list[list[int]], names: list[str], lot: Lot = LOT) -> list[Count]:
    costs = [10 + 7 * option for option in range(len(names))]
    halves = [ranking[: max(1, len(ranking) // 2)] for ranking in rankings]
    return [
        approval(halves, names, 2),
        score([{option: 5 - place for place, option in enumerate(each)} for each in rankings], names),
        instant_runoff(rankings, names, lot),
        scottish_stv(rankings, names, 2, lot),
        meek(rankings, names, 2, lot),
        schulze([[[option] for option in ranking] for ranking in rankings], names),
        equal_shares(halves, names, costs, 60, lot),
        greedy(halves, names, costs, 60, lot),
    ]


def test_no_ballots_elect_nobody_and_say_so() -> None:
    for count in every_method([], ABC):
        assert count.winners == count.tied == []
        assert words_of(count) == "Nobody voted for any of the options."


def test_one_voter_gets_what_they_put_first() -> None:
    for count in every_method([[3, 1]], ABC):
        assert count.winners[0] == 3, count.engine


def test_ten_thousand_options_are_counted_like_few() -> None:
    names = [str(number) for number in range(10_000)]
    ballots = [[9_999, 5], [9_999]]
    assert approval(ballots, names).winners == [9_999]
    assert instant_runoff(ballots, names, LOT).winners == [9_999]
    assert greedy(ballots, names, [1] * len(names), 1, LOT).winners == [9_999]


RANKINGS = st.lists(
    st.permutations(range(5)).flatmap(lambda order: st.integers(1, 5).map(lambda n: order[:n])), max_size=30
)


@given(RANKINGS, st.randoms())
def test_the_order_of_ballots_does_not_matter(rankings: list[list[int]], random: object) -> None:
    shuffled = list(rankings)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert every_method(shuffled, ABC) == every_method(rankings, ABC)


@given(RANKINGS)
def test_seats_are_filled_once_and_never_more_than_there_are(rankings: list[list[int]]) -> None:
    for count in every_method(rankings, ABC):
        assert max(Counter(count.winners).values(), default=1) == 1
        assert not set(count.winners) & set(count.tied)
        if count.engine.startswith("stv"):
            assert len(count.winners) == (2 if rankings else 0)


@given(RANKINGS)
def test_no_vote_is_lost_or_made_while_they_are_transferred(rankings: list[list[int]]) -> None:
    for count in (scottish_stv(rankings, ABC, 2, LOT), instant_runoff(rankings, ABC, LOT)):
        for stage in count.stages:
            assert sum(Decimal(total or 0) for total in [*stage.totals, stage.aside]) == len(rankings)


@given(RANKINGS, st.integers(1, 200))
def test_a_budget_is_never_overspent(rankings: list[list[int]], budget: int) -> None:
    costs = [10, 20, 30, 40, 50]
    for count in (equal_shares(rankings, ABC, costs, budget, LOT), greedy(rankings, ABC, costs, budget, LOT)):
        assert count.spent == sum(costs[option] for option in count.winners) <= budget


@pytest.mark.parametrize("seats", [1, 3, 5, 9])
def test_as_many_candidates_as_seats_are_all_elected(seats: int) -> None:
    assert sorted(scottish_stv([[0, 1]], ABC[:3], max(seats, 3), LOT).winners) == [0, 1, 2]
