"""Votes on several options as the page of a proposal shows them: the ballot's fields, and how the options
fared. Drawings are `charts`; what is sent comes to `deciding`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from moderation.questions.answers import FIELDS, Marks
from moderation.questions.says import how
from web.pages import charts
from web.pages.environment import tidy

if TYPE_CHECKING:
    from moderation.counting.types import Count
    from moderation.proposals.types import ProposalEntity, Result
    from moderation.questions.types import Question

UNITS = {
    "approval": "approvals",
    "score": "points",
    "dots": "points",
    "ranked": "first preferences",
    "condorcet": "duels won",
    "budget": "supporters",
}
MOST_ROUNDS = 40
"""As many stages a table shows; the words below it tell all."""
EXPORTS = {
    "csv": "Ballots as CSV",
    "json": "Ballots as JSON",
    "blt": "Ballots as BLT, for other counting programs",
    "pb": "Ballots as .pb, for Pabulib's tools",
}


class Sent(msgspec.Struct, frozen=True):
    """The fields of a ballot on several options as a form sends them, by the options' numbers."""

    choice: str = ""
    approvals: list[str] = []
    points: dict[str, str] = {}
    places: dict[str, str] = {}

    def marks(self, question: Question) -> Marks:
        """What they amount to; whether that is an answer is for `moderation` to say."""
        if self.choice:
            return Marks(choice=self.choice)
        match FIELDS[question.kind]:
            case "approvals":
                return Marks(approvals=list(self.approvals))
            case "scores":
                given = {option: points for option, points in self.points.items() if points.strip()}
                return Marks(scores={option: _number(points) for option, points in given.items()})
            case _:
                ranks: dict[int, list[str | int]] = {}
                for option, place in self.places.items():
                    if place.strip():
                        ranks.setdefault(_number(place), []).append(option)
                ordered = [ranks[place] for place in sorted(ranks)]
                return Marks(ranking=[tied[0] if len(tied) == 1 else tied for tied in ordered])


def form(proposal: ProposalEntity, sent: Sent | None) -> dict[str, Any] | None:
    """The fields of the ballot, filled in with what was `sent` and refused, or with one's own ballot."""
    question = proposal.question
    if question is None:
        return None
    values = _values(question, sent, proposal.my_ballot.marks if proposal.my_ballot else None)
    most = {"score": question.highest, "dots": question.dots}.get(question.kind, len(question.options))
    return {
        "field": FIELDS[question.kind],
        "kind": question.kind,
        "how": how(question),
        "most": most,
        "rows": [
            {
                "number": number,
                "title": option.title,
                "note": f"{option.cost} {question.money}".strip() if option.cost else "",
                "value": values.get(str(number), ""),
            }
            for number, option in enumerate(question.options, 1)
        ],
    }


def fared(proposal: ProposalEntity, result: Result) -> dict[str, Any] | None:
    """How the options fared, as far as the rule shows it."""
    question, count = proposal.question, result.count
    if question is None or count is None:
        return None
    return {
        "final": result.final,
        "unit": UNITS[question.kind],
        "rows": _rows(question, count, final=result.final),
        "flow": charts.flows(count, question.titles),
        "rounds": _rounds(question, count) if question.kind == "ranked" and len(count.stages) > 1 else None,
        "pairs": count.pairs,
        "titles": question.titles,
        "stages": count.stages,
        "quota": count.quota,
        "exports": [
            {"label": label, "url": f"/api/fedcoop/v1/proposals/{proposal.id}/export/{ending}"}
            for ending, label in EXPORTS.items()
            if ending in ("csv", "json")
            or (ending == "blt" and question.kind == "ranked")
            or (ending == "pb" and question.kind == "budget")
        ],
    }


def _rows(question: Question, count: Count, *, final: bool) -> list[dict[str, Any]]:
    """A bar for each option, best first."""
    totals = [(total or "0").partition(".")[0] for total in count.stages[0].totals]
    most = max((int(total) for total in totals), default=0) or 1
    rows = [
        {
            "title": option.title,
            "votes": int(totals[at]),
            "share": round(100 * int(totals[at]) / most, 2),
            "won": final and at in count.winners,
            "tied": final and at in count.tied,
            "note": f"{option.cost} {question.money}".strip() if option.cost else "",
            "tone": charts.tone(at),
        }
        for at, option in enumerate(question.options)
    ]
    return sorted(rows, key=lambda row: (not row["won"], -int(row["votes"])))


def _rounds(question: Question, count: Count) -> list[dict[str, Any]]:
    """What each option held at each stage."""
    stages = count.stages[:MOST_ROUNDS]
    return [
        {
            "title": title,
            "tone": charts.tone(at),
            "cells": [
                {
                    "total": tidy(stage.totals[at] or ""),
                    "elected": at in stage.elected,
                    "out": at in stage.excluded,
                }
                for stage in stages
            ],
        }
        for at, title in enumerate(question.titles)
    ]


def _values(question: Question, sent: Sent | None, mine: Marks | None) -> dict[str, str]:
    """What each option's field holds."""
    if sent is not None:
        return {**dict.fromkeys(sent.approvals, "on"), **sent.points, **sent.places}
    if mine is None:
        return {}
    if mine.scores is not None:
        return {option: str(points) for option, points in mine.scores.items()}
    values: dict[str, str] = {str(option): "on" for option in mine.approvals or []}
    for place, tied in enumerate(mine.ranking or [], 1):
        values |= {str(option): str(place) for option in (tied if isinstance(tied, list) else [tied])}
    return values


def _number(given: str) -> int:
    """A whole number that somebody typed; what is none becomes one that no ballot allows."""
    word = given.strip()
    return int(word) if word.isascii() and word.isdigit() and len(word) < 10 else -1
