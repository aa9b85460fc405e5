"""Counting, without clock or database: ballots, electorate and rule go in, the result and the way to it
come out. Which rules there are is in `constitution`, how several options are counted in `choosing`; carrying out
what passed is in `enact`."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

import msgspec

from moderation import choosing
from moderation.constitution import Rule, explain
from moderation.counting.types import Count
from moderation.delegations.resolve import resolve
from moderation.questions.answers import valid
from moderation.questions.types import Question

ENGINE = "consent/1"
"""Which counting this is; it changes when the same ballots could come out differently."""


class Vote(msgspec.Struct, frozen=True):
    """One answer. `number` orders the answers of one voter: the highest is the one that counts."""

    voter: str
    choice: str
    number: int


class Electorate(msgspec.Struct, frozen=True):
    """Who could vote. `voters` is None when only the count is known and eligibility was proven
    elsewhere."""

    eligible: int
    active: int
    voters: frozenset[str] | None = None


class Outcome(msgspec.Struct, frozen=True):
    """What came out: the counts, the steps in words, whether it passed and a sentence that says so. `count` is
    how the options of a vote on several fared."""

    passed: bool
    counts: dict[str, int]
    steps: list[str]
    verdict: str
    engine: str = ENGINE
    count: Count | None = None

    @property
    def winners(self) -> list[int]:
        """The options that won, from 0, and are carried out; none where it failed."""
        return self.count.winners if self.count and self.passed else []


def tally(
    votes: Iterable[Vote],
    electorate: Electorate,
    rule: Rule,
    delegations: Mapping[str, str] | None = None,
    *,
    question: Question | None = None,
    seed: str = "",
) -> Outcome:
    """Count. `delegations` say whom those trust who gave no answer of their own: the delegate's whole ballot
    counts for them too. The order of `votes` does not matter, nobody counts twice, and nobody counts who was not
    in the electorate or chose what was no option. With a `question` its method counts the options, and draws lots
    from `seed`. Raises ValueError for two answers of one voter under one number."""
    own, delegated, set_aside = _given(votes, electorate, rule, delegations, question)
    given = [*own, *delegated]
    counts = count(given, electorate) if question is None else taking_part(Counter(given), electorate)
    steps = [_turnout(counts)]
    if question is None:
        steps.append(_answers(counts, rule))
    if set_aside:
        steps.append(f"{_ballots(set_aside)} set aside: from outside the electorate or with no known answer.")
    if delegated:
        steps.append(f"{len(delegated)} of these by delegation.")
    if question is not None:
        return _chosen(question, given, rule, counts, steps, len(delegated), seed)
    steps += explain(rule.predicate, counts)
    passed = rule.predicate.holds(counts)
    return Outcome(passed, counts, steps, verdict(passed, counts, len(delegated)))


def answers_given(
    votes: Iterable[Vote],
    electorate: Electorate,
    rule: Rule,
    delegations: Mapping[str, str] | None = None,
    *,
    question: Question | None = None,
) -> list[str]:
    """The answers that `tally` counts, those by delegation too, in no order that says whose they are."""
    own, delegated, _ = _given(votes, electorate, rule, delegations, question)
    return sorted([*own, *delegated])


def _given(
    votes: Iterable[Vote],
    electorate: Electorate,
    rule: Rule,
    delegations: Mapping[str, str] | None,
    question: Question | None,
) -> tuple[list[str], list[str], int]:
    """Own answers, those by delegation, and how many ballots are set aside."""
    answers = _last_answers(votes)
    own = {
        voter: vote.choice
        for voter, vote in answers.items()
        if _counts(vote, electorate.voters, rule, question)
    }
    trusting = resolve(own, delegations or {})
    delegated = [answer for answer in trusting.values() if is_answer(answer, rule, question)]
    return list(own.values()), delegated, len(answers) - len(own)


def _chosen(
    question: Question,
    given: list[str],
    rule: Rule,
    counts: dict[str, int],
    steps: list[str],
    delegated: int,
    seed: str,
) -> Outcome:
    found = choosing.choose(question, sorted(given), seed)
    quorate, said = choosing.enough(rule, counts)
    return Outcome(
        passed=quorate and bool(found.winners),
        counts=counts,
        steps=[*steps, *said, *(word for stage in found.stages for word in stage.words)],
        verdict=choosing.verdict(question, found, counts, quorate, delegated),
        engine=found.engine,
        count=found,
    )


def is_answer(choice: str, rule: Rule, question: Question | None) -> bool:
    """Whether this answers a vote, in the form that is kept."""
    return choice in rule.ballot.options if question is None else valid(question, choice)


def taking_part(answers: Mapping[str, int], electorate: Electorate) -> dict[str, int]:
    """The numbers of a vote on several options: who took part, not which option has what."""
    cast, abstain = sum(answers.values()), answers.get("abstain", 0)
    return {
        "cast": cast,
        "votes": cast - abstain,
        "abstain": abstain,
        "eligible": electorate.eligible,
        "active": electorate.active,
    }


def count(choices: Collection[str], electorate: Electorate) -> dict[str, int]:
    """The numbers that a rule may name, in a fixed order."""
    return numbers(Counter(choices), electorate)


def numbers(answers: Mapping[str, int], electorate: Electorate) -> dict[str, int]:
    """The same from how often each answer was given."""
    counts = {choice: answers.get(choice, 0) for choice in ("agree", "abstain", "disagree", "block")}
    cast = sum(counts.values())
    return counts | {
        "cast": cast,
        "votes": cast - counts["abstain"],
        "eligible": electorate.eligible,
        "active": electorate.active,
    }


def verdict(passed: bool, counts: dict[str, int], delegated: int = 0) -> str:
    """The result in one sentence, with the share of the votes as a whole per cent rounded down."""
    if not counts["cast"]:
        return f"{'Passed' if passed else 'Failed'}: nobody voted."
    against = f"{counts['disagree']} disagree"
    if counts["block"]:
        against += f", {counts['block']} block"
    share = f" ({100 * counts['agree'] // counts['votes']} % of the votes)" if counts["votes"] else ""
    sentence = f"{'Passed' if passed else 'Failed'}: {counts['agree']} agree{share}, {against}"
    if counts["abstain"]:
        sentence += f", {counts['abstain']} abstain"
    if not passed and counts["block"] and counts["agree"] > counts["disagree"] + counts["block"]:
        sentence += "; the block raised the bar above what was reached"
    by = f", {delegated} by delegation" if delegated else ""
    return f"{sentence}; {counts['cast']} of {counts['eligible']} voted{by}."


def _last_answers(votes: Iterable[Vote]) -> dict[str, Vote]:
    answers: dict[str, Vote] = {}
    for vote in votes:
        other = answers.get(vote.voter)
        if other is not None and other.number == vote.number and other.choice != vote.choice:
            raise ValueError(f"the voter {vote.voter} gave two answers under the number {vote.number}")
        if other is None or vote.number > other.number:
            answers[vote.voter] = vote
    return answers


def _counts(vote: Vote, voters: frozenset[str] | None, rule: Rule, question: Question | None) -> bool:
    return (voters is None or vote.voter in voters) and is_answer(vote.choice, rule, question)


def _turnout(counts: dict[str, int]) -> str:
    return f"{counts['cast']} of {counts['eligible']} who could vote did."


def _answers(counts: dict[str, int], rule: Rule) -> str:
    return ", ".join(f"{counts[option]} {option}" for option in rule.ballot.options) + "."


def _ballots(number: int) -> str:
    return f"{number} ballot{'' if number == 1 else 's'}"
