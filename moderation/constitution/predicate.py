"""The small language in which a constitution says when a vote passes. It is total: every text either fails
to parse, with the place, or has an answer for all counts. Its words for readers are in `words`.

    agree > disagree; agree >= 9 * (disagree + block) if block
    cast >= 20% of eligible and agree >= 3/4 of (agree + disagree)

Clauses stand between semicolons and all must hold; a clause with `if` only matters when its condition is
true. Numbers are exact fractions. A division needs a plain number below the line, so nothing divides by
zero."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Literal

NAMES = ("agree", "abstain", "disagree", "block", "cast", "votes", "eligible", "active")
"""What may be counted: the four answers; `cast` is all ballots, `votes` those that are no abstention,
`eligible` the electorate, `active` the part of it that was active when voting opened."""

LONGEST, DEEPEST = 1000, 40
_TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d+)?%?)|([a-z_]+)|(<=|>=|==|!=|[-+*/()<>;,]))")
_COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")

Compare = Literal["<", "<=", ">", ">=", "==", "!="]


class PredicateError(ValueError):
    """A rule that cannot be read: what is wrong, and where (an offset into the text)."""

    def __init__(self, message: str, text: str, at: int) -> None:
        self.at = at
        start = max(0, at - 40)
        shown = text[start : at + 40].replace("\n", " ")
        super().__init__(f"{message}, at character {at + 1}:\n  {shown}\n  {' ' * (at - start)}^")


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


@lru_cache(maxsize=256)
def parse(text: str, names: tuple[str, ...] = NAMES) -> Predicate:
    """Read a rule. Raises PredicateError, which points at the place."""
    if len(text) > LONGEST:
        raise PredicateError(f"a rule has at most {LONGEST} characters", text, LONGEST)
    return _Reader(text, names).rule()


class _Reader:
    """Recursive descent over the tokens of one text."""

    def __init__(self, text: str, names: tuple[str, ...]) -> None:
        self.text, self.names, self.depth = text, names, 0
        self.tokens: list[tuple[str, int]] = []
        at = 0
        while text[at:].strip():
            found = _TOKEN.match(text, at)
            if found is None:
                start = at + len(text[at:]) - len(text[at:].lstrip())
                raise PredicateError(f"{text[start]!r} has no meaning here", text, start)
            word = found[found.lastindex or 0]
            self.tokens.append((word, found.end() - len(word)))
            at = found.end()
        self.tokens.append(("", len(text)))
        self.next = 0

    def rule(self) -> Predicate:
        clauses = [self.clause()]
        while self.take(";"):
            if self.peek == "":
                break
            clauses.append(self.clause())
        if self.peek:
            raise self.wrong(f"“{self.peek}” does not fit here")
        return Predicate(tuple(clauses), self.text)

    def clause(self) -> Clause:
        start = self.at
        must = self.condition()
        when = self.condition() if self.take("if") else None
        return Clause(must, when, self.text[start : self.at].strip())

    def condition(self) -> Condition:
        left = self.both()
        while self.take("or"):
            left = Joined("or", left, self.both())
        return left

    def both(self) -> Condition:
        left = self.single()
        while self.take("and"):
            left = Joined("and", left, self.single())
        return left

    def single(self) -> Condition:
        if not self.take("not"):
            return self.compared()
        outer = self.deeper()
        opposite = Not(self.single())
        self.depth = outer
        return opposite

    def compared(self) -> Condition:
        start = self.at
        left = self.sum()
        if self.peek not in _COMPARISONS:
            return self.as_condition(left)
        operator: Compare = self.advance()  # type: ignore[assignment]
        left = self.as_term(left, start)
        start = self.at
        right = self.as_term(self.sum(), start)
        if self.peek in _COMPARISONS:
            raise self.wrong("compare two numbers at a time and join them with `and`")
        return Comparison(operator, left, right)

    def sum(self) -> Term | Condition:
        start = self.at
        left = self.product()
        while self.peek in ("+", "-"):
            operator: Literal["+", "-"] = self.advance()  # type: ignore[assignment]
            left = self.as_term(left, start)
            start = self.at
            left = Sum(operator, left, self.as_term(self.product(), start))
        return left

    def product(self) -> Term | Condition:
        start = self.at
        left = self.factor()
        while self.peek in ("*", "/", "of"):
            operator: Literal["*", "/", "of"] = self.advance()  # type: ignore[assignment]
            left = self.as_term(left, start)
            start = self.at
            right = self.as_term(self.factor(), start)
            if operator == "/" and not (isinstance(right, Number) and right.value):
                raise PredicateError("divide only by a plain number other than zero", self.text, start)
            left = Sum(operator, left, right)
        return left

    def factor(self) -> Term | Condition:
        word, at = self.tokens[self.next]
        if self.take("("):
            outer = self.deeper()
            inner = self.inside()
            if not self.take(")"):
                raise self.wrong("here a “)” is missing")
            self.depth = outer
            return inner
        self.next += 1
        if word in ("true", "false"):
            return Always(word == "true")
        if word in self.names:
            return Count(word)
        if word[:1].isdigit():
            number = Fraction(word.rstrip("%"))
            return Number(number / 100 if word.endswith("%") else number, word)
        what = f"“{word}” is nothing that can be counted" if word else "the rule ends too early"
        raise PredicateError(f"{what}; known are {', '.join(self.names)}", self.text, at)

    def inside(self) -> Term | Condition:
        condition = self.condition()
        return condition.term if isinstance(condition, Some) else condition

    def as_term(self, found: Term | Condition, at: int) -> Term:
        if isinstance(found, Number | Count | Sum):
            return found
        raise PredicateError("here a number is needed, not a condition", self.text, at)

    def as_condition(self, found: Term | Condition) -> Condition:
        return Some(found) if isinstance(found, Number | Count | Sum) else found

    def deeper(self) -> int:
        before = self.depth
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.wrong(f"brackets and `not` go at most {DEEPEST} deep")
        return before

    @property
    def peek(self) -> str:
        return self.tokens[self.next][0]

    @property
    def at(self) -> int:
        return self.tokens[self.next][1]

    def take(self, word: str) -> bool:
        if self.peek != word:
            return False
        self.next += 1
        return True

    def advance(self) -> str:
        word = self.peek
        self.next += 1
        return word

    def wrong(self, message: str) -> PredicateError:
        return PredicateError(message, self.text, self.at)
