"""The small language in which a constitution says when a vote passes. It is total: every text either fails
to parse, with the place, or has an answer for all counts. Reading one is in `grammar`, saying one in `words`.

    agree > disagree; agree >= 9 * (disagree + block) if block
    cast >= 20% of eligible and agree >= 3/4 of (agree + disagree)

Clauses stand between semicolons and all must hold; a clause with `if` only matters when its condition is
true. Numbers are exact fractions. A division needs a plain number below the line, so nothing divides by
zero."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

NAMES = ("agree", "abstain", "disagree", "block", "cast", "votes", "eligible", "active")
"""What may be counted: the four answers; `cast` is all ballots, `votes` those that are no abstention,
`eligible` the electorate, `active` the part of it that was active when voting opened."""

Compare = Literal["<", "<=", ">", ">=", "==", "!="]


@dataclass(frozen=True, slots=True)
class Number:
    """A constant, as written ("3/4" stays a division, "10%" is a tenth)."""

    value: Fraction
    written: str


@dataclass(frozen=True, slots=True)
class Count:
    """One of NAMES."""

    name: str


@dataclass(frozen=True, slots=True)
class Sum:
    """Two numbers put together; `of` is a multiplication."""

    operator: Literal["+", "-", "*", "/", "of"]
    left: "Term"
    right: "Term"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two numbers compared."""

    operator: Compare
    left: "Term"
    right: "Term"


@dataclass(frozen=True, slots=True)
class Some:
    """A number used as a condition: true when it is more than nothing (`if block`)."""

    term: "Term"


@dataclass(frozen=True, slots=True)
class Joined:
    """Two conditions."""

    operator: Literal["and", "or"]
    left: "Condition"
    right: "Condition"


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of a condition."""

    condition: "Condition"


@dataclass(frozen=True, slots=True)
class Always:
    """`true` or `false`."""

    value: bool


Term = Number | Count | Sum
Condition = Comparison | Some | Joined | Not | Always
Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Clause:
    """A condition that must hold, at least when `when` does."""

    must: Condition
    when: Condition | None
    text: str


@dataclass(frozen=True, slots=True)
class Predicate:
    """A whole rule: all its clauses must hold."""

    clauses: tuple[Clause, ...]
    text: str

    def holds(self, counts: Counts) -> bool:
        """Whether the counts pass. Raises KeyError when a count that the rule names is missing."""
        return all(clause_holds(clause, counts) for clause in self.clauses)


def clause_holds(clause: Clause, counts: Counts) -> bool:
    """Whether one clause is satisfied; one whose `if` is not true always is."""
    return (clause.when is not None and not true(clause.when, counts)) or true(clause.must, counts)


def value(term: Term, counts: Counts) -> Fraction:
    """The exact number a term stands for."""
    match term:
        case Number(number):
            return number
        case Count(name):
            return Fraction(counts[name])
        case Sum(operator, left, right):
            a, b = value(left, counts), value(right, counts)
            match operator:
                case "+":
                    return a + b
                case "-":
                    return a - b
                case "/":
                    return a / b
                case _:
                    return a * b


def true(condition: Condition, counts: Counts) -> bool:
    """Whether a condition is true of the counts."""
    match condition:
        case Always(answer):
            return answer
        case Some(term):
            return value(term, counts) > 0
        case Not(inner):
            return not true(inner, counts)
        case Joined("and", left, right):
            return true(left, counts) and true(right, counts)
        case Joined(_, left, right):
            return true(left, counts) or true(right, counts)
        case Comparison(operator, left, right):
            a, b = value(left, counts), value(right, counts)
            match operator:
                case "<":
                    return a < b
                case "<=":
                    return a <= b
                case ">":
                    return a > b
                case ">=":
                    return a >= b
                case "==":
                    return a == b
                case _:
                    return a != b
