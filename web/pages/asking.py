"""The part of the form for a proposal that asks for a choice between several options: from a kind of ballot
and a line for each option to what `moderation` reads. The rest of the form is `deciding`."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

from fedcoop.errors import Invalid
from moderation.questions.types import OptionDraft, Question, QuestionDraft, drafted


class Ballot(NamedTuple):
    """A way of voting that the form offers."""

    key: str
    label: str


BALLOTS = (
    Ballot("consent", "Agree or disagree"),
    Ballot("approval", "Approve of as many as you like"),
    Ballot("score", "Give each 0 to 5 points"),
    Ballot("dots", "Spread 10 dots"),
    Ballot("ranked", "Rank them (instant run-off, or Scottish STV for more seats)"),
    Ballot("ranked meek", "Rank them (Meek's STV)"),
    Ballot("condorcet", "Rank them, every two compared (Schulze)"),
    Ballot("budget", "Spend a budget by equal shares"),
    Ballot("budget greedy", "Spend a budget on the most wanted"),
)


def question(ballot: str, options: str, seats: str, budget: str, money: str) -> QuestionDraft:
    """What the fields ask. A line is an option, and for a budget ends in “= cost”. Raises `Invalid`."""
    kind, _, method = ballot.partition(" ")
    drafted: dict[str, Any] = {"kind": kind, "method": method, "money": money}
    lines = [line.strip() for line in options.splitlines() if line.strip()]
    drafted["options"] = [msgspec.to_builtins(_option(line, kind)) for line in lines]
    if kind == "budget":
        drafted["budget"] = _whole(budget, "The budget", "budget")
    else:
        drafted["seats"] = _whole(seats or "1", "The number of seats", "seats")
    try:
        return msgspec.convert(drafted, QuestionDraft)
    except msgspec.ValidationError:
        raise Invalid(f"“{ballot}” is no way of voting.", "ballot") from None


def as_lines(question: Question) -> str:
    """The options of a question as one types them."""
    return "\n".join(f"{each.title} = {each.cost}" if each.cost else each.title for each in question.options)


def amended(question: Question, options: str) -> QuestionDraft:
    """A question whose options have no acts with the options that were typed. Raises `Invalid`."""
    lines = [line.strip() for line in options.splitlines() if line.strip()]
    ballot = drafted(question, []).ballot
    return msgspec.structs.replace(ballot, options=[_option(line, question.kind) for line in lines])


def _option(line: str, kind: str) -> OptionDraft:
    if kind != "budget":
        return OptionDraft(line)
    title, equals, cost = line.rpartition("=")
    if not equals:
        raise Invalid(f"What does “{line}” cost? Write “{line} = 300”.", "options")
    return OptionDraft(title.strip(), _whole(cost, f"What “{title.strip()}” costs", "options"))


def _whole(given: str, what: str, field: str) -> int:
    word = given.strip()
    if not (word.isascii() and word.isdigit() and len(word) < 14):
        raise Invalid(f"{what} is a whole number.", field)
    return int(word)
