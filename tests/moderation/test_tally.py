"""Counting: two results from real life, the borders of the rules, and properties that hold for any vote."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.constitution import CHOICES, Rule, load
from moderation.tally import Electorate, Outcome, Vote, tally

FEDERATION = load("social-coop").rule_for("federation")
BYLAW = load("social-coop").rule_for("bylaw")


def cast(answers: dict[str, int]) -> list[Vote]:
    choices = [choice for choice, number in answers.items() for _ in range(number)]
    return [Vote(f"voter {index}", choice, index) for index, choice in enumerate(choices)]


def result(rule: Rule = FEDERATION, eligible: int = 1000, **answers: int) -> Outcome:
    return tally(cast(answers), Electorate(eligible, eligible), rule)


def test_the_vote_of_2023_to_defederate_failed_at_51_per_cent_because_of_a_block() -> None:
    outcome = result(agree=50, disagree=46, block=2, abstain=4)
    assert 100 * 50 // 98 == 51
    assert not outcome.passed
    assert "51 % of the votes" in outcome.verdict
    assert "the block raised the bar" in outcome.verdict
    assert result(agree=50, disagree=46).passed, "without a block the same majority passes"


def test_the_vote_of_2023_to_defederate_failed_at_56_per_cent_because_of_a_block() -> None:
    outcome = result(agree=55, disagree=40, block=3)
    assert not outcome.passed
    assert "56 % of the votes" in outcome.verdict
    assert any("55 ≥ 387, does not hold" in step for step in outcome.steps)


def test_the_bylaws_of_2017_passed_six_to_none_of_21_invited() -> None:
    outcome = result(BYLAW, eligible=21, agree=6)
    assert outcome.passed
    assert outcome.verdict == "Passed: 6 agree (100 % of the votes), 0 disagree; 6 of 21 voted."
    assert outcome.counts["eligible"] == 21


@pytest.mark.parametrize(
    ("answers", "passed"),
    [
        ({"agree": 1, "disagree": 1}, False),
        ({"agree": 2, "disagree": 1}, True),
        ({}, False),
        ({"abstain": 5}, False),
        ({"agree": 1, "abstain": 99}, True),
        ({"agree": 9, "block": 1}, True),
        ({"agree": 8, "block": 1}, False),
        ({"agree": 18, "disagree": 1, "block": 1}, True),
        ({"agree": 17, "disagree": 1, "block": 1}, False),
        ({"block": 1}, False),
    ],
)
def test_a_tie_fails_and_a_block_asks_for_nine_to_one(answers: dict[str, int], passed: bool) -> None:
    assert tally(cast(answers), Electorate(1000, 1000), FEDERATION).passed is passed


def test_nobody_voting_has_a_verdict() -> None:
    outcome = result(eligible=3)
    assert outcome.verdict == "Failed: nobody voted."
    assert outcome.steps[0] == "0 of 3 who could vote did."


def test_an_electorate_of_one_decides() -> None:
    assert result(eligible=1, agree=1).passed
    assert not result(eligible=1, block=1).passed


def test_strangers_and_unknown_answers_are_set_aside_and_said() -> None:
    votes = [Vote("ann", "agree", 1), Vote("stranger", "block", 2), Vote("bob", "perhaps", 3)]
    outcome = tally(votes, Electorate(2, 2, frozenset({"ann", "bob"})), FEDERATION)
    assert outcome.passed
    assert outcome.counts["cast"] == 1
    assert "2 ballots set aside: from outside the electorate or with no known answer." in outcome.steps


def test_two_answers_under_one_number_are_an_error_not_a_choice() -> None:
    with pytest.raises(ValueError, match="two answers"):
        tally([Vote("ann", "agree", 1), Vote("ann", "block", 1)], Electorate(2, 2), FEDERATION)


def test_an_answer_that_is_no_option_here_does_not_count() -> None:
    rule = load("association").rule_for("policy")
    assert tally([Vote("ann", "block", 1), Vote("bob", "agree", 2)], Electorate(2, 2), rule).passed


VOTES = st.lists(st.tuples(st.integers(0, 12), st.sampled_from([*CHOICES, "perhaps"])), max_size=60).map(
    lambda rows: [Vote(f"v{who}", choice, number) for number, (who, choice) in enumerate(rows)]
)
RULES = st.sampled_from(
    [rule for name in ("social-coop", "association") for rule in load(name).rules.values()]
)


@given(VOTES, RULES, st.randoms())
def test_the_order_of_ballots_does_not_matter(votes: list[Vote], rule: Rule, random: object) -> None:
    electorate = Electorate(10, 5, frozenset(f"v{index}" for index in range(10)))
    shuffled = list(votes)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert tally(shuffled, electorate, rule) == tally(votes, electorate, rule)


@given(VOTES, RULES)
def test_nobody_counts_twice_and_no_more_vote_than_may(votes: list[Vote], rule: Rule) -> None:
    voters = frozenset(f"v{index}" for index in range(10))
    outcome = tally(votes, Electorate(len(voters), 5, voters), rule)
    last = {vote.voter: vote.choice for vote in votes}
    for choice in CHOICES:
        expected = sum(last.get(voter) == choice for voter in voters) if choice in rule.ballot.options else 0
        assert outcome.counts[choice] == expected
    assert outcome.counts["cast"] == sum(outcome.counts[choice] for choice in CHOICES) <= len(voters)


@given(VOTES, RULES)
def test_counting_ballots_again_changes_nothing(votes: list[Vote], rule: Rule) -> None:
    assert tally(votes + votes, Electorate(13, 5), rule) == tally(votes, Electorate(13, 5), rule)


@given(VOTES, RULES)
def test_what_passed_passes_by_the_counts_alone(votes: list[Vote], rule: Rule) -> None:
    outcome = tally(votes, Electorate(13, 5), rule)
    assert outcome.passed is rule.predicate.holds(outcome.counts)
    assert outcome.verdict.startswith("Passed" if outcome.passed else "Failed")
