"""Constitutions: the five that come along, files of one's own, and what is wrong with a bad one."""

from pathlib import Path

import pytest

from moderation.constitution import (
    KINDS,
    Constitution,
    constitution_from,
    example,
    load,
    read,
    read_duration,
    rule_from,
    say_duration,
    say_rule,
    starters,
    to_data,
)
from moderation.constitution.force import fingerprint
from moderation.constitution.read import without_defaults
from moderation.ledger.canonical import canonical, read_canonical

SECONDS = """
name = "trial"
title = "Trial"
summary = "Everything in seconds."
[rules.quick]
passes = "agree > disagree"
window = { minimum = "5 seconds", maximum = "1 minute", urgent = "1 second" }
gates = { discussion = "2 seconds" }
[kinds]
bylaw = "quick"
policy = "quick"
federation = "quick"
moderation = "quick"
membership = "quick"
role = "quick"
budget = "quick"
advisory = "quick"
"""


def test_five_constitutions_come_along_and_social_coop_is_the_default() -> None:
    assert starters() == [
        "absolute-majority",
        "association",
        "consensus-small-medium-large",
        "modified-consensus",
        "social-coop",
    ]
    assert load().name == "social-coop"


@pytest.mark.parametrize("name", starters())
def test_a_constitution_survives_being_stored(name: str) -> None:
    constitution = load(name)
    assert constitution.name == name
    assert constitution_from(read_canonical(canonical(to_data(constitution)))) == constitution
    for kind in KINDS:
        rule = constitution.rule_for(kind)
        assert rule_from(to_data(rule)) == rule
        assert "Voting is open for" in say_rule(rule)


def holds(constitution: Constitution, kind: str, **counts: int) -> bool:
    answers = {"agree": 0, "abstain": 0, "disagree": 0, "block": 0} | counts
    cast = sum(answers[each] for each in ("agree", "abstain", "disagree", "block"))
    full = {"cast": cast, "votes": cast - answers["abstain"], "eligible": 100, "active": 50} | answers
    return constitution.rule_for(kind).predicate.holds(full)


@pytest.mark.parametrize(
    ("name", "kind", "counts", "passes"),
    [
        ("social-coop", "federation", {"agree": 3, "disagree": 2}, True),
        ("social-coop", "federation", {"agree": 2, "disagree": 2}, False),
        ("social-coop", "federation", {"agree": 1, "abstain": 50}, True),
        ("social-coop", "federation", {"agree": 9, "block": 1}, True),
        ("social-coop", "federation", {"agree": 8, "block": 1}, False),
        ("social-coop", "bylaw", {"agree": 3, "disagree": 1}, True),
        ("social-coop", "bylaw", {"agree": 5, "disagree": 2}, False),
        ("social-coop", "bylaw", {"agree": 19, "block": 1}, True),
        ("social-coop", "bylaw", {"agree": 18, "block": 1}, False),
        ("social-coop", "bylaw", {}, False),
        ("consensus-small-medium-large", "advisory", {}, True),
        ("consensus-small-medium-large", "federation", {}, True),
        ("consensus-small-medium-large", "federation", {"agree": 40, "disagree": 1}, False),
        ("consensus-small-medium-large", "policy", {"agree": 40, "disagree": 1}, True),
        ("modified-consensus", "bylaw", {"agree": 90, "disagree": 1, "block": 9}, True),
        ("modified-consensus", "bylaw", {"agree": 90, "block": 10}, False),
        ("association", "policy", {"agree": 5, "disagree": 5}, False),
        ("association", "bylaw", {"agree": 3, "disagree": 1}, True),
        ("absolute-majority", "policy", {"agree": 50}, False),
        ("absolute-majority", "policy", {"agree": 51, "disagree": 49}, True),
    ],
)
def test_the_starters_decide_as_their_communities_do(
    name: str, kind: str, counts: dict[str, int], passes: bool
) -> None:
    assert holds(load(name), kind, **counts) is passes


@pytest.mark.parametrize(
    ("name", "kind", "said"),
    [
        ("social-coop", "federation", "3 agree and 1 block fails; 9 agree and 1 block passes."),
        ("social-coop", "bylaw", "3 agree and 1 block fails; 19 agree and 1 block passes."),
        ("absolute-majority", "policy", "3 agree and 1 disagree fails; 51 agree and 1 disagree passes."),
        ("association", "policy", "1 agree and 1 disagree fails; 2 agree and 1 disagree passes."),
        ("consensus-small-medium-large", "federation", "1 block fails, however many agree."),
        ("consensus-small-medium-large", "advisory", "1 block passes, even when nobody agrees."),
    ],
)
def test_an_example_shows_where_the_border_runs(name: str, kind: str, said: str) -> None:
    assert example(load(name).rule_for(kind)) == said


def test_a_file_may_set_windows_as_short_as_seconds(tmp_path: Path) -> None:
    path = tmp_path / "trial.toml"
    path.write_text(SECONDS)
    rule = load(str(path)).rule_for("federation")
    assert rule.window.minimum.ms == 5_000
    assert rule.window.urgent is not None
    assert rule.window.urgent.ms == 1_000
    assert rule.gates.discussion.ms == 2_000


@pytest.mark.parametrize(
    ("was", "becomes", "message"),
    [
        ('"agree > disagree"', '"agree > dissent"', "“dissent” is nothing that can be counted"),
        ('"5 seconds"', '"5 lightyears"', '"5 lightyears" is no duration'),
        ('"5 seconds"', '"2 minutes"', "under the shortest"),
        ('"5 seconds"', "5", "Expected|expected a duration"),
        ('"1 second"', '"9 seconds"', "over the ordinary one"),
        ('bylaw = "quick"', "", "no rule is named for the kind bylaw"),
        ('bylaw = "quick"', 'bylaw = "slow"', 'names the rule "slow"'),
        ('bylaw = "quick"', 'bylaw = "quick"\nbeer = "quick"', "beer is no kind"),
        ("[kinds]", "surprise = 1\n[kinds]", "surprise"),
        ("[kinds]", "[kinds", "line|Expected"),
    ],
)
def test_what_is_wrong_with_a_constitution_is_said_with_its_place(
    was: str, becomes: str, message: str
) -> None:
    with pytest.raises(ValueError, match=message) as wrong:
        read(SECONDS.replace(was, becomes), "trial.toml")
    assert str(wrong.value).startswith("trial.toml: ")


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(ValueError, match="neither a file nor one of absolute-majority, association"):
        load("anarchy")


@pytest.mark.parametrize(
    ("text", "ms", "said"),
    [
        ("6 days", 518_400_000, "6 days"),
        ("5 seconds", 5_000, "5 seconds"),
        ("1 day 12 hours", 129_600_000, "1 day 12 hours"),
        ("2 weeks", 1_209_600_000, "14 days"),
        ("90 minutes", 5_400_000, "1 hour 30 minutes"),
        ("0 seconds", 0, "0 seconds"),
    ],
)
def test_spans_of_time_are_words(text: str, ms: int, said: str) -> None:
    assert read_duration(text).ms == ms
    assert str(read_duration(text)) == said
    assert say_duration(ms) == said


@pytest.mark.parametrize("text", ["", "soon", "6", "days", "-1 day", "1.5 days", "99 weeks 999999999 days"])
def test_what_is_no_span_of_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"duration|longer"):
        read_duration(text)


def test_a_parameter_that_a_rule_does_not_use_is_not_in_its_fingerprint() -> None:
    rule = load().rule_for("federation")
    data = to_data(rule)
    assert data["window"].pop("early_close") is False
    assert fingerprint(rule_from(data)) == fingerprint(rule)
    assert "early_close" not in without_defaults(rule)["window"]
    assert without_defaults(rule)["passes"] == data["passes"]
    data["window"]["early_close"] = True
    assert fingerprint(rule_from(data)) != fingerprint(rule)
