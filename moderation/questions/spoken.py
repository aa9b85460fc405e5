"""Answers as people write them to the assembly: “alice > bob”, “parks=5 roads=3”, “1, 3”. What is meant comes
out as `Marks`; whether it fits is for `answers` to say."""

import re
from collections.abc import Sequence

from fedcoop.errors import Invalid

from .answers import ABSTAIN, FIELDS, Marks, find
from .says import example_answer
from .types import Question

_BECAUSE = re.compile(r"[\s,;.:–—-]+(?:because|since|weil)\b[\s,:]*", re.IGNORECASE)
_ABSTAIN = re.compile(r"\W*(?:abstain|abstention|enthaltung)\b\W*", re.IGNORECASE)
_POINTS = re.compile(r"\s*(.+?)\s*(?:=|:|\bgets?\b|\s)\s*(-?\d{1,6})(?=\s|[,;.]|$)[\s,;.]*", re.IGNORECASE)
_RANKS = re.compile(r"\s*(?:>|→|\bthen\b|\bbefore\b|\n)\s*", re.IGNORECASE)
_COMMAS = re.compile(r"\s*[,;]\s*")
_LIST = re.compile(r"\s*(?:[,;+\n]|\band\b|\bund\b|&)\s*", re.IGNORECASE)
_AROUND = "\"'“”„‟«»‹›‘’`*_ .!?"


def heard(question: Question, said: str) -> tuple[Marks, str]:
    """The answer in what somebody wrote after “vote 12”, and their reason. Raises Invalid with an example of how
    it would be right."""
    parts = _BECAUSE.split(said.lstrip(" \t\r\n:,–—-").rstrip(), maxsplit=1)
    words, reason = parts[0].strip(), parts[1].strip() if len(parts) > 1 else ""
    if not words.strip(_AROUND):
        raise Invalid(f"Which answer? Write for instance “{example_answer(question)}”.")
    if _ABSTAIN.fullmatch(words):
        return Marks(choice=ABSTAIN), reason
    try:
        return _marks(question, words), reason
    except Invalid as wrong:
        raise Invalid(
            f"{wrong.message} Write for instance “{example_answer(question)}”.", wrong.field
        ) from None


def _marks(question: Question, words: str) -> Marks:
    match FIELDS[question.kind]:
        case "approvals":
            return Marks(approvals=list(_options(question, words, _LIST)))
        case "ranking":
            ranks = _RANKS.split(words) if _RANKS.search(words) else None
            if ranks is None:
                return Marks(ranking=list(_options(question, words, _COMMAS)))
            tied = [
                _options(question, rank, re.compile(r"\s*[=,]\s*")) for rank in ranks if rank.strip(_AROUND)
            ]
            return Marks(ranking=[each[0] if len(each) == 1 else list(each) for each in tied])
        case _:
            return Marks(scores=_points(question, words))


def _options(question: Question, words: str, between: re.Pattern[str]) -> Sequence[int]:
    """The numbers of the options named, from 1. A title that has the separator in it is found whole."""
    if words.strip(_AROUND).casefold() in (title.casefold() for title in question.titles):
        return [find(question, words.strip(_AROUND)) + 1]
    named = [each.strip(_AROUND) for each in between.split(words)]
    return [find(question, each) + 1 for each in named if each]


def _points(question: Question, words: str) -> dict[str, int]:
    given: dict[str, int] = {}
    at = 0
    while at < len(words) and (found := _POINTS.match(words, at)):
        option = find(question, found[1].strip(_AROUND))
        if str(option + 1) in given:
            raise Invalid(f"“{question.options[option].title}” is named twice.", "scores")
        given[str(option + 1)] = int(found[2])
        at = found.end()
    if rest := words[at:].strip(_AROUND + ",;"):
        raise Invalid(f"How many points for “{rest}”?", "scores")
    return given
