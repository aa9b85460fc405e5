"""The rules for deciding, as data: `load` reads a starter or a file, `Rule` is one way of deciding,
`say_rule` says it in plain words. Which constitution is in force stands in the database: `in_force`,
`adopt`."""

from .durations import Duration, read_duration, say_duration
from .grammar import PredicateError, parse
from .predicate import Predicate
from .read import DEFAULT, constitution_from, load, read, rule_from, starters, to_data
from .types import CHOICES, KINDS, BallotRule, Choice, Constitution, Power, Rule, Standing, Window
from .words import example, explain, say, say_condition, say_rule, say_terms, worked

__all__ = [
    "CHOICES",
    "DEFAULT",
    "KINDS",
    "BallotRule",
    "Choice",
    "Constitution",
    "Duration",
    "Power",
    "Predicate",
    "PredicateError",
    "Rule",
    "Standing",
    "Window",
    "constitution_from",
    "example",
    "explain",
    "load",
    "parse",
    "read",
    "read_duration",
    "rule_from",
    "say",
    "say_condition",
    "say_duration",
    "say_rule",
    "say_terms",
    "starters",
    "to_data",
    "worked",
]
