"""A rule in plain words, for pages and polls, and a rule with its counts filled in, for results. The data
is in `types`, the language in `predicate`."""

from fractions import Fraction

from .grammar import parse
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
    clause_holds,
    true,
    value,
)
from .types import QUORUM_COUNTS, Choice, Rule

_COUNTED = {
    "agree": "agree",
    "abstain": "abstain",
    "disagree": "disagree",
    "block": "block",
    "cast": "all ballots",
    "votes": "all ballots but abstentions",
    "eligible": "everybody eligible",
    "active": "everybody active",
}
_COMPARED = {
    ">": "more than",
    ">=": "at least",
    "<": "less than",
    "<=": "at most",
    "==": "exactly",
    "!=": "not",
}
_STANDINGS = {
    "probation": "on probation",
    "good": "in good standing",
    "paused": "paused",
    "lapsed": "lapsed",
    "expelled": "expelled",
}


def say(predicate: Predicate) -> str:
    """The whole rule as one phrase: "agree is more than disagree; if there is a block, agree is at least 9
    × …"."""
    return "; ".join(_clause(clause) for clause in predicate.clauses)


def say_rule(rule: Rule, decides: str = "") -> str:
    """What decides, who votes, how long: a few sentences a member can check a result against. Where something else
    than the rule's own condition `decides`, as between several options, that comes in words."""
    return " ".join([say_condition(rule, decides), *say_terms(rule, decides)])


def say_condition(rule: Rule, decides: str = "") -> str:
    """What decides."""
    return decides or rule.says or f"Passes when {say(rule.predicate)}."


def say_terms(rule: Rule, decides: str = "") -> list[str]:
    """What holds beside it: how long, who votes, what comes afterwards; a sentence for each."""
    sentences = []
    if decides and rule.ballot.quorum:
        quorum = parse(rule.ballot.quorum, names=QUORUM_COUNTS)
        sentences.append(f"The result counts only when {say(quorum)}.")
    sentences.append(f"Voting is open for {rule.window.minimum} or longer, up to {rule.window.maximum}.")
    if rule.window.urgent is not None:
        sentences.append(f"Urgent votes may be as short as {rule.window.urgent}, with a written reason.")
    if rule.window.early_close:
        sentences.append("It ends early once those who have not voted could not turn the result.")
    if (quiet := rule.window.quiet_ending) is not None:
        turns = "ticks or points turn the result" if decides else "the result turns"
        sentences.append(f"If {turns} in the last {quiet}, voting goes on for {quiet}, once.")
    if rule.gates.discussion.ms:
        sentences.append(f"Discussed for at least {rule.gates.discussion} before.")
    if rule.gates.endorsements:
        sentences.append(f"Needs {rule.gates.endorsements} endorsements to open.")
    if rule.gates.endorsement_share:
        sentences.append(f"{rule.gates.endorsement_share} of those who may vote must endorse it to open.")
    sentences.append(_electorate(rule))
    if rule.ballot.reason_for:
        sentences.append(f"Whoever chooses {_either(rule.ballot.reason_for)} says why.")
    if rule.after.delay.ms:
        sentences.append(f"Carried out {rule.after.delay} after it passed.")
    if rule.after.executor:
        sentences.append(f"The office “{rule.after.executor.replace('_', ' ')}” carries it out.")
    if rule.after.review is not None:
        sentences.append(f"Looked at again after {rule.after.review}.")
    if rule.after.expiry is not None:
        sentences.append(f"Undone by itself after {rule.after.expiry}.")
    return sentences


def example(rule: Rule) -> str:
    """A worked example of where the border runs: "3 agree and 1 block fails; 9 agree and 1 block passes."."""
    against = next((option for option in ("block", "disagree") if option in rule.ballot.options), None)
    if against is None:
        return ""
    enough = next((number for number in range(101) if _would_pass(rule, number, against)), None)
    if enough is None:
        return f"1 {against} fails, however many agree."
    if enough == 0:
        return f"1 {against} passes, even when nobody agrees."
    few = min(3, enough - 1)
    return f"{few} agree and 1 {against} fails; {enough} agree and 1 {against} passes."


WORKED: tuple[tuple[str, dict[str, int]], ...] = (
    ("when most agree", {"agree": 6, "disagree": 2}),
    ("in a tie", {"agree": 4, "disagree": 4}),
    ("when one person blocks", {"agree": 3, "block": 1}),
    ("when one person blocks and many agree", {"agree": 9, "block": 1}),
    ("when most abstain", {"agree": 1, "abstain": 8}),
    ("when nobody answers", {}),
)
"""Answers of some of a hundred members."""


def worked(rule: Rule) -> list[str]:
    """What comes of some votes of a hundred members, as the counting has it: "When one person blocks (3 agree, 1
    block): fails; 9 agree would pass."."""
    shown = []
    for when, answers in WORKED:
        if not set(answers) <= set(rule.ballot.options):
            continue
        passes = _counted(rule, answers)
        said = ", ".join(f"{number} {answer}" for answer, number in answers.items()) or "0 ballots"
        more = ""
        if not passes and answers:
            enough = next(
                (n for n in range(answers["agree"], 101) if _counted(rule, answers | {"agree": n})), None
            )
            more = f"; {enough} agree would pass" if enough is not None else ", however many agree"
        shown.append(f"{_capital(when)} ({said}): {'passes' if passes else 'fails'}{more}.")
    return shown


def _counted(rule: Rule, answers: dict[str, int]) -> bool:
    counts = {"agree": 0, "abstain": 0, "disagree": 0, "block": 0} | answers
    cast = sum(counts.values())
    counts |= {"cast": cast, "votes": cast - counts["abstain"], "eligible": 100, "active": 100}
    return rule.predicate.holds(counts)


def _would_pass(rule: Rule, agree: int, against: str) -> bool:
    # A hundred eligible members, so that a rule that counts them has something to count.
    return _counted(rule, {"agree": agree, against: 1})


def explain(predicate: Predicate, counts: Counts) -> list[str]:
    """Each clause with the counts filled in and whether it holds."""
    return [_explained(clause, counts) for clause in predicate.clauses]


def _explained(clause: Clause, counts: Counts) -> str:
    if clause.when is not None and not true(clause.when, counts):
        return f"{_capital(_when(clause.when))}: does not apply here ({_with_counts(clause.when, counts)})."
    answer = "holds" if clause_holds(clause, counts) else "does not hold"
    return f"{_capital(_condition(clause.must))}: {_with_counts(clause.must, counts)}, {answer}."


def _electorate(rule: Rule) -> str:
    who = _either(tuple(_STANDINGS[each] for each in rule.electorate.standings))
    extra = f" for at least {rule.electorate.member_for}" if rule.electorate.member_for.ms else ""
    paid = ", dues paid" if rule.electorate.paid_up else ""
    if rule.electorate.mandate:
        who = f"{who} who hold the office “{rule.electorate.mandate.replace('_', ' ')}”"
    return f"Members {who} may vote{', if members' + extra if extra else ''}{paid}."


def _clause(clause: Clause) -> str:
    must = _condition(clause.must)
    return must if clause.when is None else f"{_when(clause.when)}, {must}"


def _when(condition: Condition) -> str:
    if isinstance(condition, Some) and isinstance(condition.term, Count):
        return (
            f"if there is a {condition.term.name}"
            if condition.term.name == "block"
            else f"if any {_term(condition.term)}"
        )
    return f"if {_condition(condition)}"


def _condition(condition: Condition) -> str:
    match condition:
        case Always(answer):
            return "in any case" if answer else "never"
        case Some(term):
            return f"there is any {_term(term)}"
        case Not(inner):
            return f"not ({_condition(inner)})"
        case Joined(operator, left, right):
            return f"{_condition(left)} {operator} {_condition(right)}"
        case Comparison(operator, left, Number(number)) if operator in ("==", "<", "<=") and number < 2:
            most = 0 if number == 0 or (operator == "<" and number == 1) else 1
            return f"there is no {_term(left)}" if not most else f"there is at most one {_term(left)}"
        case Comparison(operator, left, right):
            return f"{_term(left)} is {_COMPARED[operator]} {_term(right)}"


def _term(term: Term) -> str:
    match term:
        case Number(_, written):
            return written
        case Count(name):
            return _COUNTED.get(name, name)
        case Sum("of", left, right):
            return f"{_inner(left)} of {_inner(right)}"
        case Sum("/", Number(a), Number(b)):
            return f"{a}/{b}"
        case Sum("*", left, right):
            return f"{_inner(left)} × {_inner(right)}"
        case Sum("-", left, right):
            return f"{_term(left)} − {_inner(right)}"
        case Sum("+", left, right):
            return f"{_term(left)} + {_term(right)}"
        case Sum(operator, left, right):
            return f"{_inner(left)} {operator} {_inner(right)}"


def _inner(term: Term) -> str:
    bracketed = isinstance(term, Sum) and term.operator in ("+", "-")
    return f"({_term(term)})" if bracketed else _term(term)


def _with_counts(condition: Condition, counts: Counts) -> str:
    match condition:
        case Comparison(operator, left, right):
            sign = {">=": "≥", "<=": "≤", "!=": "≠", "==": "="}.get(operator, operator)
            return f"{_number(value(left, counts))} {sign} {_number(value(right, counts))}"
        case Joined(operator, left, right):
            return f"{_with_counts(left, counts)} {operator} {_with_counts(right, counts)}"
        case Not(inner):
            return f"not ({_with_counts(inner, counts)})"
        case Some(term):
            return _number(value(term, counts))
        case Always(answer):
            return "yes" if answer else "no"


def _number(number: Fraction) -> str:
    """Whole numbers plainly, others as an exact fraction with its decimal beside it."""
    if number.denominator == 1:
        return str(number.numerator)
    hundredths = round(number * 100)
    return f"{number.numerator}/{number.denominator} (about {hundredths // 100}.{hundredths % 100:02d})"


def _either(words: tuple[str, ...] | tuple[Choice, ...]) -> str:
    return " or ".join(words)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
