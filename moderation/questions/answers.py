"""Answers to a question with several options. In the database and the ledger an answer is a short text in which
options are numbers from 1: `1,3` approves of two, `2>1>3` ranks (`2=3>1` puts two side by side), `1=5,3=2` gives
points, `abstain` leaves it to the others. What people write is `spoken`."""

from collections.abc import Mapping, Sequence

import msgspec

from fedcoop.errors import Invalid

from .types import Question

ABSTAIN = "abstain"


class Marks(msgspec.Struct, frozen=True, kw_only=True):
    """What a voter sends. Options go by their number or their title; a rank of a condorcet ballot may be a list
    of those side by side. Only what belongs to the kind of ballot may be there."""

    choice: str = ""
    approvals: list[str | int] | None = None
    ranking: list[str | int | list[str | int]] | None = None
    scores: dict[str, int] | None = None


def answer_to(question: Question, marks: Marks) -> str:
    """The answer as it is kept. Raises Invalid with what is wrong, and how it would be right."""
    wanted = FIELDS[question.kind]
    given = {"approvals": marks.approvals, "ranking": marks.ranking, "scores": marks.scores}
    if marks.choice and all(value is None for value in given.values()):
        if marks.choice == ABSTAIN:
            return ABSTAIN
        raise Invalid(
            f"This vote has several options: answer with {wanted}, or the choice “{ABSTAIN}”.", "choice"
        )
    if marks.choice or any(value is not None for name, value in given.items() if name != wanted):
        raise Invalid(f"This vote is answered with {wanted} and nothing else.", wanted)
    match wanted:
        case "approvals" if marks.approvals is not None:
            return approve(question, [find(question, each) for each in marks.approvals])
        case "ranking" if marks.ranking is not None:
            ranks = [each if isinstance(each, list) else [each] for each in marks.ranking]
            return rank(question, [[find(question, each) for each in tied] for tied in ranks])
        case "scores" if marks.scores is not None:
            return give(question, [(find(question, name), points) for name, points in marks.scores.items()])
    raise Invalid(f"This vote is answered with {wanted}, or the choice “{ABSTAIN}”.", wanted)


FIELDS = {
    "approval": "approvals",
    "budget": "approvals",
    "ranked": "ranking",
    "condorcet": "ranking",
    "score": "scores",
    "dots": "scores",
}
"""Which part of a ballot answers each kind of question."""


def kept(question: Question | None, marks: Marks) -> str:
    """An answer to any vote as it is kept: one of the choices, where there is no `question`. Whether that one
    exists is for the rule to say. Raises Invalid."""
    if question is not None:
        return answer_to(question, marks)
    if marks.approvals is not None or marks.ranking is not None or marks.scores is not None:
        raise Invalid("This vote is answered with one choice and nothing else.", "choice")
    if not marks.choice:
        raise Invalid("Choice can't be blank", "choice")
    return marks.choice


def approve(question: Question, options: Sequence[int]) -> str:
    """An approval of these options. Raises Invalid without any, or for one named twice."""
    _once(question, options, "approvals")
    if not options:
        raise Invalid(f"Approve of one option at least, or answer “{ABSTAIN}”.", "approvals")
    return ",".join(str(option + 1) for option in sorted(options))


def rank(question: Question, ranks: Sequence[Sequence[int]]) -> str:
    """A ranking, best first. Raises Invalid without any, for one named twice, and for ties where the method
    knows none."""
    _once(question, [option for tied in ranks for option in tied], "ranking")
    if not ranks or not all(ranks):
        raise Invalid(f"Rank one option at least, or answer “{ABSTAIN}”.", "ranking")
    if question.kind == "ranked" and any(len(tied) > 1 for tied in ranks):
        raise Invalid("Here options cannot stand side by side: one on each rank.", "ranking")
    return ">".join("=".join(str(option + 1) for option in sorted(tied)) for tied in ranks)


def give(question: Question, points: Sequence[tuple[int, int]]) -> str:
    """Points for options. Raises Invalid for what is out of range, given twice, or too many in all."""
    _once(question, [option for option, _ in points], "scores")
    most = question.highest if question.kind == "score" else question.dots
    for option, number in points:
        if not 0 <= number <= most:
            title = question.options[option].title
            raise Invalid(f"“{title}” can have 0 to {most} points, not {number}.", "scores")
    total = sum(number for _, number in points)
    if question.kind == "dots" and total > question.dots:
        raise Invalid(f"You have {question.dots} dots and have given {total}.", "scores")
    if not total:
        raise Invalid(f"Give one option a point at least, or answer “{ABSTAIN}”.", "scores")
    return ",".join(f"{option + 1}={number}" for option, number in sorted(points) if number)


def approvals(answer: str) -> list[int]:
    """The options that a kept answer approves of, from 0."""
    return [int(number) - 1 for number in answer.split(",")]


def ranking(answer: str) -> list[list[int]]:
    """The ranks of a kept answer, best first, options from 0."""
    return [[int(number) - 1 for number in tied.split("=")] for tied in answer.split(">")]


def scores(answer: str) -> dict[int, int]:
    """The points that a kept answer gives, by option from 0."""
    pairs = (each.split("=") for each in answer.split(","))
    return {int(option) - 1: int(points) for option, points in pairs}


def valid(question: Question, answer: str) -> bool:
    """Whether a text is an answer in the one form that is kept."""
    try:
        match FIELDS[question.kind]:
            case _ if answer == ABSTAIN:
                return True
            case "approvals":
                again = approve(question, _known(question, approvals(answer)))
            case "ranking":
                again = rank(question, [_known(question, tied) for tied in ranking(answer)])
            case _:
                given = scores(answer)
                _known(question, list(given))
                again = give(question, list(given.items()))
    except (ValueError, Invalid):
        return False
    return again == answer


def marks_of(question: Question, answer: str) -> Marks:
    """A kept answer as the API shows it, with options as numbers from 1."""
    if answer == ABSTAIN:
        return Marks(choice=ABSTAIN)
    match FIELDS[question.kind]:
        case "approvals":
            return Marks(approvals=[option + 1 for option in approvals(answer)])
        case "ranking":
            tied = [[option + 1 for option in each] for each in ranking(answer)]
            return Marks(ranking=[each[0] if len(each) == 1 else list(each) for each in tied])
        case _:
            return Marks(scores={str(option + 1): points for option, points in scores(answer).items()})


def support(question: Question, answers: Mapping[str, int]) -> list[int]:
    """What each option has from answers and how often each was given: approvals, points, or first ranks."""
    sums = [0] * len(question.options)
    for answer, number in answers.items():
        if answer == ABSTAIN:
            continue
        match FIELDS[question.kind]:
            case "approvals":
                gained = dict.fromkeys(approvals(answer), 1)
            case "ranking":
                gained = dict.fromkeys(ranking(answer)[0], 1)
            case _:
                gained = scores(answer)
        for option, points in gained.items():
            sums[option] += points * number
    return sums


def say(question: Question, answer: str) -> str:
    """A kept answer in the options' words: “Ann > Bob”, “Parks = 5, Roads = 3”."""
    titles = question.titles
    if answer == ABSTAIN:
        return ABSTAIN
    match FIELDS[question.kind]:
        case "approvals":
            return ", ".join(titles[option] for option in approvals(answer))
        case "ranking":
            return " > ".join(" = ".join(titles[option] for option in tied) for tied in ranking(answer))
        case _:
            return ", ".join(f"{titles[option]} = {points}" for option, points in scores(answer).items())


def find(question: Question, named: str | int) -> int:
    """An option by its title, its number, or the beginning of its title where only one begins so. Raises
    Invalid."""
    word = " ".join(str(named).split()).casefold()
    titles = [title.casefold() for title in question.titles]
    if word in titles:
        return titles.index(word)
    if word.isascii() and word.isdigit() and 1 <= int(word[:9]) <= len(titles):
        return int(word) - 1
    begin = [option for option, title in enumerate(titles) if word and title.startswith(word)]
    if len(begin) == 1:
        return begin[0]
    known = ", ".join(f"{number} {title}" for number, title in enumerate(question.titles, 1))
    if begin:
        raise Invalid(
            f"More than one option begins with “{named}”; there are {known}.", FIELDS[question.kind]
        )
    raise Invalid(f"“{named}” is no option here; there are {known}.", FIELDS[question.kind])


def _known(question: Question, options: list[int]) -> list[int]:
    if not all(0 <= option < len(question.options) for option in options):
        raise ValueError("no such option")
    return options


def _once(question: Question, options: Sequence[int], field: str) -> None:
    for option in options:
        if list(options).count(option) > 1:
            raise Invalid(f"“{question.options[option].title}” is named twice.", field)
