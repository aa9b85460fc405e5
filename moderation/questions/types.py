"""What a vote on several options asks, as plain data: how voters answer, which method counts, between which
options. A vote without one is answered with agree, abstain, disagree or block. Answers are in `answers`, counting
them in `moderation.choosing`."""

from typing import Any, Literal

import msgspec

from fedcoop.errors import Invalid
from moderation.wording import checked

Kind = Literal["approval", "score", "dots", "ranked", "condorcet", "budget"]
METHODS: dict[Kind, tuple[str, ...]] = {
    "approval": ("most-approvals",),
    "score": ("sum",),
    "dots": ("sum",),
    "ranked": ("instant-runoff", "scottish-stv", "meek"),
    "condorcet": ("schulze",),
    "budget": ("equal-shares", "greedy"),
}
"""The methods that count each kind of ballot."""
MOST_OPTIONS, LONGEST_OPTION = 100, 100
HIGHEST_SCORE, MOST_DOTS, MOST_MONEY = 100, 1000, 10**12


class Option(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One of the options. `cost` is in whole units of the budget's money; `acts` are the places of those acts of
    the proposal that are carried out only if this option wins."""

    title: str
    cost: int = 0
    acts: tuple[int, ...] = ()


class Question(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """The question of a vote: `highest` is the best score that a voter can give, `dots` how many a voter has to
    spread, `budget` how much can be spent, in `money`."""

    kind: Kind
    method: str
    options: tuple[Option, ...]
    seats: int = 1
    highest: int = 5
    dots: int = 10
    budget: int = 0
    money: str = ""

    @property
    def titles(self) -> list[str]:
        """The options in their order."""
        return [option.title for option in self.options]

    @property
    def single(self) -> bool:
        """Whether one option wins at most."""
        return self.kind != "budget" and self.seats == 1

    def tied_to(self, act: int) -> int | None:
        """The option with which an act stands or falls, or None where it hangs on the vote as a whole."""
        return next((at for at, option in enumerate(self.options) if act in option.acts), None)


class OptionDraft(msgspec.Struct, frozen=True):
    """An option as somebody proposes it; `acts` are carried out if it wins."""

    title: str
    cost: int = 0
    acts: list[dict[str, Any]] = []


class QuestionDraft(msgspec.Struct, frozen=True, kw_only=True):
    """A question as somebody proposes it. An option may be its title alone; an empty `method` is the usual one
    of its kind."""

    kind: Kind | Literal["consent"] = "consent"
    method: str = ""
    options: list[OptionDraft | str] = []
    seats: int = 1
    highest: int = 5
    dots: int = 10
    budget: int = 0
    money: str = ""


def read_question(draft: QuestionDraft, allowed: tuple[str, ...], acts: int) -> Question | None:
    """The question in one form, or None for a vote by consent. `acts` is how many acts the proposal has before
    those of its options. Raises Invalid, with what is wrong as a sentence."""
    if draft.kind not in allowed:
        raise Invalid(
            f"The constitution does not let this kind of proposal be decided by a “{draft.kind}” ballot;"
            f" it allows {', '.join(allowed)}.",
            "ballot",
        )
    kind = draft.kind
    if kind == "consent":
        if draft.options:
            raise Invalid(
                "A vote by consent has no options of its own; choose another kind of ballot.", "ballot"
            )
        return None
    method = draft.method or ("scottish-stv" if kind == "ranked" and draft.seats > 1 else METHODS[kind][0])
    if method not in METHODS[kind]:
        known = ", ".join(METHODS[kind])
        raise Invalid(f"“{method}” does not count a “{kind}” ballot; there is {known}.", "ballot")
    options = _options(draft, acts)
    seats = 1 if kind == "budget" else draft.seats
    if not 1 <= seats < len(options):
        raise Invalid(f"With {len(options)} options there can be 1 to {len(options) - 1} seats.", "ballot")
    if seats > 1 and method in ("instant-runoff", "schulze"):
        raise Invalid(
            f"“{method}” fills one seat; for more choose a ranked ballot by scottish-stv or meek.", "ballot"
        )
    _in_range(draft.highest, 1, HIGHEST_SCORE, "The best score")
    _in_range(draft.dots, 1, MOST_DOTS, "The number of dots")
    if kind == "budget":
        _in_range(draft.budget, 1, MOST_MONEY, "The budget")
    return Question(
        kind=kind,
        method=method,
        options=options,
        seats=seats,
        highest=draft.highest if kind == "score" else 5,
        dots=draft.dots if kind == "dots" else 10,
        budget=draft.budget if kind == "budget" else 0,
        money=checked(draft.money, "The name of the money", 12, "ballot") if kind == "budget" else "",
    )


def acts_of_options(draft: QuestionDraft) -> list[dict[str, Any]]:
    """The acts of all options, in their order."""
    return [act for option in draft.options if isinstance(option, OptionDraft) for act in option.acts]


class Asked(msgspec.Struct, frozen=True):
    """The acts that hang on a vote as a whole, and the options with theirs."""

    acts: list[dict[str, Any]]
    ballot: QuestionDraft


def drafted(question: Question | None, acts: list[dict[str, Any]]) -> Asked:
    """A question as somebody would propose it, with the acts of its proposal: what `read_question` reads."""
    if question is None:
        return Asked(acts, QuestionDraft())
    whole = [act for at, act in enumerate(acts) if question.tied_to(at) is None]
    options: list[OptionDraft | str] = [
        OptionDraft(option.title, option.cost, [acts[at] for at in option.acts])
        for option in question.options
    ]
    ballot = QuestionDraft(
        kind=question.kind,
        method=question.method,
        options=options,
        seats=question.seats,
        highest=question.highest,
        dots=question.dots,
        budget=question.budget,
        money=question.money,
    )
    return Asked(whole, ballot)


def question_from(data: object) -> Question:
    """Back from `to_data`. Raises ValueError (msgspec.ValidationError)."""
    return msgspec.convert(data, Question)


def to_data(question: Question) -> dict[str, Any]:
    """As plain data without what is as usual: what the ledger and the database hold."""
    data: dict[str, Any] = msgspec.to_builtins(question)
    return data


def _options(draft: QuestionDraft, acts: int) -> tuple[Option, ...]:
    if not 2 <= len(draft.options) <= MOST_OPTIONS:
        raise Invalid(f"A vote has 2 to {MOST_OPTIONS} options.", "ballot")
    options: list[Option] = []
    for given in draft.options:
        drafted = OptionDraft(given) if isinstance(given, str) else given
        title = checked(" ".join(drafted.title.split()), "An option", LONGEST_OPTION, "ballot")
        if not title:
            raise Invalid("Every option needs a title.", "ballot")
        if draft.kind == "budget":
            _in_range(drafted.cost, 1, MOST_MONEY, f"What “{title}” costs")
        elif drafted.cost:
            raise Invalid("Only the options of a budget have a cost.", "ballot")
        own = tuple(range(acts, acts + len(drafted.acts)))
        acts += len(own)
        options.append(Option(title, drafted.cost, own))
    if len({option.title.casefold() for option in options}) != len(options):
        raise Invalid("Every option needs a title of its own.", "ballot")
    return tuple(options)


def _in_range(value: int, least: int, most: int, what: str) -> None:
    if not least <= value <= most:
        raise Invalid(f"{what} is a whole number from {least} to {most}.", "ballot")
