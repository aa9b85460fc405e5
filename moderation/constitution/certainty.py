"""Whether those who have not answered could still turn a result. Exact for each comparison of a rule; where
conditions are joined it may say "open" longer than needed, and never "certain" too early."""

from collections.abc import Collection
from fractions import Fraction
from typing import NamedTuple

from .predicate import (
    Always,
    Clause,
    Comparison,
    Condition,
    Count,
    Counts,
    Joined,
    Not,
    Number,
    Predicate,
    Some,
    Sum,
    Term,
)
from .types import Rule

_MADE_OF = {
    "agree": ("agree",),
    "abstain": ("abstain",),
    "disagree": ("disagree",),
    "block": ("block",),
    "cast": ("agree", "abstain", "disagree", "block"),
    "votes": ("agree", "disagree", "block"),
}


class _Linear(NamedTuple):
    """What a term is now, and by how much each further answer changes it."""

    now: Fraction
    each: dict[str, Fraction]


def certain(predicate: Predicate, counts: Counts, remaining: int, options: Collection[str]) -> bool | None:
    """True when the rule holds however `remaining` more voters answer, or do not; False when it fails in any
    case; None while that is open. The answers in `counts` are taken to stand."""
    found = [_clause(clause, counts, remaining, options) for clause in predicate.clauses]
    return _all(found)


def settled(rule: Rule, counts: Counts) -> bool | None:
    """The result of a vote that those who have not answered can no longer turn, or None."""
    return certain(rule.predicate, counts, counts["eligible"] - counts["cast"], rule.ballot.options)


def _clause(clause: Clause, counts: Counts, remaining: int, options: Collection[str]) -> bool | None:
    must = _condition(clause.must, counts, remaining, options)
    if clause.when is None:
        return must
    return _any([_opposite(_condition(clause.when, counts, remaining, options)), must])


def _condition(condition: Condition, counts: Counts, remaining: int, options: Collection[str]) -> bool | None:
    match condition:
        case Always(answer):
            return answer
        case Not(inner):
            return _opposite(_condition(inner, counts, remaining, options))
        case Joined(operator, left, right):
            both = [_condition(each, counts, remaining, options) for each in (left, right)]
            return _all(both) if operator == "and" else _any(both)
        case Some(term):
            return _compared(">", _linear(term, counts), remaining, options)
        case Comparison(operator, left, right):
            difference = _linear(Sum("-", left, right), counts)
            return _compared(operator, difference, remaining, options)


def _compared(
    operator: str, difference: _Linear | None, remaining: int, options: Collection[str]
) -> bool | None:
    """How a number compares with zero, over everything that it may become."""
    if difference is None:
        return None
    nothing = Fraction(0)
    steps = [nothing, *(remaining * difference.each.get(option, nothing) for option in options)]
    least, most = difference.now + min(steps), difference.now + max(steps)
    match operator:
        case ">":
            return True if least > 0 else False if most <= 0 else None
        case ">=":
            return True if least >= 0 else False if most < 0 else None
        case "<":
            return True if most < 0 else False if least >= 0 else None
        case "<=":
            return True if most <= 0 else False if least > 0 else None
        case "==":
            return True if least == most == 0 else False if least > 0 or most < 0 else None
        case _:
            return _opposite(_compared("==", difference, remaining, options))


def _linear(term: Term, counts: Counts) -> _Linear | None:
    """None for a product of two counts."""
    match term:
        case Number(number):
            return _Linear(number, {})
        case Count(name):
            return _Linear(Fraction(counts[name]), dict.fromkeys(_MADE_OF.get(name, ()), Fraction(1)))
        case Sum(operator, left, right):
            a, b = _linear(left, counts), _linear(right, counts)
            if a is None or b is None:
                return None
            if operator in ("+", "-"):
                sign = 1 if operator == "+" else -1
                names = {*a.each, *b.each}
                each = {name: a.each.get(name, 0) + sign * b.each.get(name, Fraction(0)) for name in names}
                return _Linear(a.now + sign * b.now, each)
            if operator == "/":
                return _times(a, 1 / b.now)
            if not a.each:
                return _times(b, a.now)
            return None if b.each else _times(a, b.now)


def _times(term: _Linear, factor: Fraction) -> _Linear:
    return _Linear(term.now * factor, {name: each * factor for name, each in term.each.items()})


def _opposite(answer: bool | None) -> bool | None:
    return None if answer is None else not answer


def _all(answers: list[bool | None]) -> bool | None:
    return False if False in answers else None if None in answers else True


def _any(answers: list[bool | None]) -> bool | None:
    return True if True in answers else None if None in answers else False
