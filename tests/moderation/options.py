"""Votes on several options, in few words: rules that know every kind of ballot, a question, an answer."""

from __future__ import annotations

from typing import Any

import msgspec

from fedcoop.db import Database
from moderation.ballots import actions as ballots
from moderation.proposals.types import ProposalEntity
from moderation.questions.answers import Marks
from moderation.questions.types import QuestionDraft
from tests.moderation.world import RULES, Coop

KINDS = 'kinds = ["consent", "approval", "score", "dots", "ranked", "condorcet", "budget"]'

CHOICES = f"""
[rules.choices]
passes = "agree > disagree"
window = {{ minimum = "5 minutes" }}
ballot = {{ {KINDS}, quorum = "cast >= 2" }}
[rules.hidden]
passes = "agree > disagree"
window = {{ minimum = "5 minutes" }}
ballot = {{ {KINDS}, results = "after_closing", secrecy = "pseudonymous" }}
[kinds]"""

SEVERAL = (
    RULES.replace("[kinds]", CHOICES)
    .replace('budget = "quick"', 'budget = "choices"')
    .replace('advisory = "quick"', 'advisory = "choices"')
    .replace('role = "secret"', 'role = "hidden"')
    .replace('federation = "quick"', 'federation = "choices"')
)

LOGOS = ["Bee", "Fern", "Wheel"]

PROJECTS = [
    {"title": "Bees", "cost": 60},
    {"title": "Roof", "cost": 60},
    {"title": "Library", "cost": 40},
]


async def five(db: Database) -> Coop:
    """A co-operative with five members whose rules know every kind of ballot."""
    coop = await Coop(db).found(SEVERAL)
    await coop.join("ann", "bob", "cas", "dee", "eve")
    return coop


async def ask(
    coop: Coop, kind: str, options: list[Any] = LOGOS, *, about: str = "advisory", **more: Any
) -> Any:
    draft = msgspec.convert({"kind": kind, "options": options, **more}, QuestionDraft)
    return await coop.propose("ann", "Which one?", kind=about, ballot=draft)


async def answer(coop: Coop, name: str, proposal: ProposalEntity, **marks: Any) -> str:
    async with coop.db.write(durable=True) as tx:
        account = await coop.account(name)
        cast = await ballots.cast(tx, account, int(proposal.id), msgspec.convert(marks, Marks))  # type: ignore[arg-type]
    return cast.ballot.choice


async def recounted(coop: Coop) -> None:
    """A stranger finds nothing wrong in the ledger, and counts every tally alike."""
    report = await coop.verified()
    assert report.problems == []
    assert all(each.agrees for each in report.recounts)
