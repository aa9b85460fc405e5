"""The predicate language: total, exact, and pointing at what it cannot read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.constitution import PredicateError, explain, parse, say

COUNTS = {
    "agree": 3,
    "abstain": 1,
    "disagree": 0,
    "block": 1,
    "cast": 5,
    "votes": 4,
    "eligible": 10,
    "active": 6,
}
NINE_TO_ONE = "agree > disagree; agree >= 9 * (disagree + block) if block"


def counts(**changed: int) -> dict[str, int]:
    return COUNTS | changed


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("agree > disagree", True),
        ("agree > agree", False),
        (NINE_TO_ONE, False),
        ("block <= 1 and not disagree", True),
        ("agree >= 30% of eligible", True),
        ("agree > 30% of eligible", False),
        ("agree >= 3/4 of votes", True),
        ("agree > 0.75 * votes", False),
        ("cast >= 1/2 of eligible; agree >= 1/2 of active", True),
        ("(agree + block) * 2 - 1 == 7", True),
        ("(agree > 5 or cast == 5) and eligible != 11", True),
        ("disagree + block < 1", False),
        ("true", True),
        ("false", False),
        ("agree", True),
        ("disagree", False),
        ("agree > disagree;", True),
        ("not (agree < 3)", True),
    ],
)
def test_a_rule_is_true_or_false_of_the_counts(text: str, holds: bool) -> None:
    assert parse(text).holds(COUNTS) is holds


def test_thirds_are_exact() -> None:
    two_thirds = parse("agree >= 2/3 of votes")
    assert two_thirds.holds(counts(agree=2 * 10**15, votes=3 * 10**15))
    assert not two_thirds.holds(counts(agree=2 * 10**15 - 1, votes=3 * 10**15))


@pytest.mark.parametrize(
    ("text", "at", "message"),
    [
        ("agree >", 7, "ends too early"),
        ("agree > bogus", 8, "“bogus” is nothing that can be counted"),
        ("agree & block", 6, "has no meaning here"),
        ("(agree > 1", 10, "“)” is missing"),
        ("agree / block > 1", 8, "divide only by a plain number"),
        ("agree / 0 > 1", 8, "divide only by a plain number"),
        ("agree > (block > 1)", 8, "a number is needed"),
        ("agree > 1 > 2", 10, "two numbers at a time"),
        ("agree > 1 agree", 10, "does not fit here"),
        ("__import__('os')", 11, "has no meaning here"),
        ("__import__(agree)", 0, "nothing that can be counted"),
        ("agree > 1e9", 9, "does not fit here"),
        ("", 0, "ends too early"),
        ("(" * 60 + "agree" + ")" * 60, 41, "deep"),
        ("agree > " + "1 + " * 400 + "1", 1000, "at most 1000 characters"),
    ],
)
def test_a_mistake_is_shown_at_its_place(text: str, at: int, message: str) -> None:
    with pytest.raises(PredicateError, match=message.replace("(", r"\(").replace(")", r"\)")) as wrong:
        parse(text)
    assert wrong.value.at == at
    assert str(wrong.value).endswith("^")


@given(st.text(alphabet="agrediockbstnfv><=!+-*/();%0123456789. ", max_size=80))
def test_any_text_is_refused_or_answers(text: str) -> None:
    try:
        rule = parse(text)
    except PredicateError as wrong:
        place = wrong.at
    else:
        place = 0
        assert rule.holds(COUNTS) in (True, False)
        assert say(rule)
        assert explain(rule, COUNTS)
    assert 0 <= place <= len(text)


def test_a_rule_is_said_in_words() -> None:
    assert say(parse(NINE_TO_ONE)) == (
        "agree is more than disagree; if there is a block, agree is at least 9 × (disagree + block)"
    )
    assert explain(parse(NINE_TO_ONE), COUNTS) == [
        "Agree is more than disagree: 3 > 0, holds.",
        "Agree is at least 9 × (disagree + block): 3 ≥ 9, does not hold.",
    ]
    assert explain(parse(NINE_TO_ONE), counts(block=0))[1] == "If there is a block: does not apply here (0)."
    assert explain(parse("cast >= 1/3 of eligible"), COUNTS) == [
        "All ballots is at least 1/3 of everybody eligible: 5 ≥ 10/3 (about 3.33), holds."
    ]
