"""A question with several options in plain words: what is asked, how one answers, how it is counted. Counting
itself explains its steps in `counting`."""

from .types import Option, Question

KINDS = {
    "approval": "Approve of as many options as you like.",
    "score": "Give each option points, from 0 to {highest}.",
    "dots": "Spread up to {dots} dots over the options, as many on one as you like.",
    "ranked": "Rank the options, best first, as far down as you care.",
    "condorcet": "Rank the options, best first; some may stand side by side.",
    "budget": "Approve of every project that should be paid; {budget} {money} can be spent.",
}
METHODS = {
    "most-approvals": "The most approvals win; a tie for the last seat is shown and not decided.",
    "sum": "The most points win; a tie for the last seat is shown and not decided.",
    "instant-runoff": "Instant run-off: whoever has the fewest votes goes out, and their ballots move to the next"
    " in order, until somebody has more than half.",
    "scottish-stv": "Single transferable vote as in Scotland: a seat costs a quota of the votes; what is above"
    " it, and the votes of those who are out, move on.",
    "meek": "Single transferable vote by Meek's method: whoever is elected keeps just the part of each ballot that"
    " makes up the quota.",
    "schulze": "Schulze's method: every two options are compared, and whoever cannot be beaten wins.",
    "equal-shares": "Method of equal shares: the budget is divided equally among the voters, and projects are paid"
    " by those who want them.",
    "greedy": "The most approved projects are paid, as long as they fit.",
}


def how(question: Question) -> str:
    """How one answers, in a sentence."""
    money = question.money or "in all"
    return KINDS[question.kind].format(
        highest=question.highest, dots=question.dots, budget=question.budget, money=money
    )


def counted(question: Question) -> str:
    """How many can win, and how that is counted."""
    win = f"{question.seats} of them win{'s' if question.seats == 1 else ''}. "
    return ("" if question.kind == "budget" else win) + METHODS[question.method]


def decides(question: Question | None) -> str:
    """What decides between the options, in words; empty for a vote by consent, where the rule says that."""
    return "" if question is None else f"{how(question)} {counted(question)}"


def listing(question: Question) -> str:
    """The options with their numbers, on a line each."""
    return "\n".join(
        f"{number}. {option.title}{_cost(question, option)}"
        for number, option in enumerate(question.options, 1)
    )


def how_to_answer(question: Question, number: int) -> str:
    """What the assembly's post says below the options: how to vote, and by which words to the assembly."""
    return (
        f"{how(question)} {counted(question)} Vote in the poll, if there is one, on the page, or write to me:"
        f" “{example(question, number)}”."
    )


def example(question: Question, number: int) -> str:
    """A command to the assembly that would be understood."""
    return f"vote {number} {example_answer(question)}"


def example_answer(question: Question) -> str:
    """An answer as one could write it."""
    first, second = question.titles[:2]
    match question.kind:
        case "approval" | "budget":
            return f"{first}, {second}"
        case "ranked" | "condorcet":
            return f"{second} > {first}"
        case _:
            return f"{first} = {min(3, question.highest)}, {second} = 1"


def _cost(question: Question, option: Option) -> str:
    return f" ({option.cost} {question.money}".rstrip() + ")" if option.cost else ""
