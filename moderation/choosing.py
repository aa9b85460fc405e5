"""Counting votes on several options, without clock or database: from answers to who won, by the method that the
question names (`counting`), and whether enough took part. Votes by consent are counted by `tally`, which comes
here for the others."""

from collections.abc import Sequence

from moderation.constitution import Rule, explain, parse
from moderation.constitution.types import QUORUM_COUNTS
from moderation.counting.greedy import greedy
from moderation.counting.meek import meek
from moderation.counting.runoff import instant_runoff
from moderation.counting.schulze import schulze
from moderation.counting.shares import equal_shares
from moderation.counting.stv import scottish_stv
from moderation.counting.sums import approval, score
from moderation.counting.types import Count, Lot, listed
from moderation.questions.answers import ABSTAIN, approvals, ranking, scores
from moderation.questions.types import Question

MOST_NAMED = 12
"""How many winners a verdict names; the result lists all."""


def choose(question: Question, answers: Sequence[str], seed: str) -> Count:
    """Count answers, one of each voter. `seed` is what lots are drawn from where the method's rules draw any."""
    given = [answer for answer in answers if answer != ABSTAIN]
    names, seats, lot = question.titles, question.seats, Lot(seed)
    costs = [option.cost for option in question.options]
    match question.method:
        case "most-approvals":
            return approval([approvals(each) for each in given], names, seats)
        case "sum":
            return score([scores(each) for each in given], names, seats)
        case "instant-runoff":
            return instant_runoff([_strict(each) for each in given], names, lot)
        case "scottish-stv":
            return scottish_stv([_strict(each) for each in given], names, seats, lot)
        case "meek":
            return meek([_strict(each) for each in given], names, seats, lot)
        case "schulze":
            return schulze([ranking(each) for each in given], names)
        case "equal-shares":
            return equal_shares([approvals(each) for each in given], names, costs, question.budget, lot)
        case "greedy":
            return greedy([approvals(each) for each in given], names, costs, question.budget, lot)
    raise ValueError(f"no method is called “{question.method}”")


def enough(rule: Rule, counts: dict[str, int]) -> tuple[bool, list[str]]:
    """Whether as many took part as the rule asks for, and that in words."""
    if not rule.ballot.quorum:
        return True, []
    quorum = parse(rule.ballot.quorum, names=QUORUM_COUNTS)
    return quorum.holds(counts), explain(quorum, counts)


def verdict(question: Question, count: Count, counts: dict[str, int], quorate: bool, delegated: int) -> str:
    """The result in one sentence."""
    voted = f"{counts['cast']} of {counts['eligible']} voted"
    voted += f", {delegated} by delegation" if delegated else ""
    names = [question.options[option].title for option in count.winners]
    if not counts["cast"]:
        return "Failed: nobody voted."
    if not quorate:
        return f"Failed: too few took part; {voted}."
    if count.tied:
        tied = _named([question.options[option].title for option in count.tied])
        said = f"{_named(names)} won, and {tied} tie" if names else f"{tied} tie, and nobody won"
        return f"{'Passed' if names else 'Failed'}: {said}; {voted}."
    if not names:
        return f"Failed: no option won; {voted}."
    if question.kind != "budget":
        return f"Passed: {_named(names)} won; {voted}."
    paid = "is" if len(names) == 1 else "are"
    spent = f"{count.spent} of {question.budget} {question.money}".rstrip()
    return f"Passed: {_named(names)} {paid} paid, {spent}; {voted}."


def _named(names: list[str]) -> str:
    if len(names) <= MOST_NAMED:
        return listed(names)
    return f"{', '.join(f'“{name}”' for name in names[:MOST_NAMED])} and {len(names) - MOST_NAMED} more"


def _strict(answer: str) -> list[int]:
    return [tied[0] for tied in ranking(answer)]
