"""How a running vote stands, and whether those who have not answered could still turn it; without clock or
database. Counting when it is over is `tally`; what follows for the window is in `window`."""

from collections.abc import Mapping

from moderation.constitution import Rule, parse
from moderation.constitution.certainty import certain
from moderation.constitution.certainty import settled as settled_by_consent
from moderation.constitution.types import QUORUM_COUNTS
from moderation.questions.answers import support
from moderation.questions.types import Question
from moderation.tally import Electorate, numbers, taking_part

_SUMS = ("approval", "score", "dots")
"""Kinds of ballots that add up, so that nobody can change more than the points of one ballot."""

Answers = Mapping[str, int]
"""How often each answer was given."""


def stands(rule: Rule, question: Question | None, answers: Answers, electorate: Electorate) -> object:
    """What would come out now, to be compared with another moment: whether it passes, or which options win. None
    for methods that do not add up, where each ballot may move every option."""
    if question is None:
        return rule.predicate.holds(numbers(answers, electorate))
    if question.kind not in _SUMS:
        return None
    quorum = rule.ballot.quorum
    if quorum and not parse(quorum, names=QUORUM_COUNTS).holds(taking_part(answers, electorate)):
        return ()
    sums = support(question, answers)
    first_out = sorted(sums, reverse=True)[question.seats]
    return tuple(option for option, points in enumerate(sums) if points > first_out)


def settled(rule: Rule, question: Question | None, answers: Answers, electorate: Electorate) -> bool:
    """Whether nobody who has not answered could change what comes out, answers given being taken to stand. Where
    ballots do not add up only when nobody is left."""
    if question is None:
        return settled_by_consent(rule, numbers(answers, electorate)) is not None
    counts = taking_part(answers, electorate)
    left = electorate.eligible - counts["cast"]
    if not left:
        return True
    if rule.ballot.quorum:
        quorum = parse(rule.ballot.quorum, names=QUORUM_COUNTS)
        reached = certain(quorum, counts, left, ("agree", "abstain"))
        if not reached:
            return reached is False
    if question.kind not in _SUMS:
        return False
    most = {"approval": 1, "score": question.highest, "dots": question.dots}[question.kind]
    sums = sorted(support(question, answers), reverse=True)
    return sums[question.seats - 1] - sums[question.seats] > left * most
