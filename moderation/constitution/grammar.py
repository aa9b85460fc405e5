"""Reads a rule of the language in `predicate`, and shows the place where one cannot be read."""

import re
from fractions import Fraction
from functools import lru_cache
from typing import Literal

from .predicate import (
    NAMES,
    Always,
    Clause,
    Compare,
    Comparison,
    Condition,
    Count,
    Joined,
    Not,
    Number,
    Predicate,
    Some,
    Sum,
    Term,
)

LONGEST, DEEPEST = 1000, 40
_TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d+)?%?)|([a-z_]+)|(<=|>=|==|!=|[-+*/()<>;,]))")
_COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")


class PredicateError(ValueError):
    """A rule that cannot be read: what is wrong, and where (an offset into the text)."""

    def __init__(self, message: str, text: str, at: int) -> None:
        self.at = at
        start = max(0, at - 40)
        shown = text[start : at + 40].replace("\n", " ")
        super().__init__(f"{message}, at character {at + 1}:\n  {shown}\n  {' ' * (at - start)}^")


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
