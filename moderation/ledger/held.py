"""What `replay` knows of a vote while it reads the ledger, and of its tally counted again."""

from dataclasses import dataclass, field
from typing import Any

import msgspec

from moderation.constitution import Rule
from moderation.questions.types import Question


class Recount(msgspec.Struct, frozen=True):
    """A tally counted again from the ballots in the ledger."""

    proposal: str
    number: int
    title: str
    verdict: str
    index: int
    agrees: bool


@dataclass(slots=True)
class Last:
    """The latest ballot of a voter."""

    choice: str
    number: int
    index: int


@dataclass(slots=True)
class Race:
    """An election as the ledger tells it: who stands, each by the latest entry of their candidacy; and after the
    count the answers, and the options that were asked, accepted and did not."""

    office: str
    seats: int
    term: str
    candidates: dict[str, int] = field(default_factory=dict)
    once: dict[str, int] = field(default_factory=dict)
    ballot: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    asked: set[int] = field(default_factory=set)
    accepted: set[int] = field(default_factory=set)
    out: set[int] = field(default_factory=set)


@dataclass(slots=True)
class Held:
    """A vote as the ledger tells it."""

    index: int
    actor: str
    number: int
    title: str
    kind: str
    acts: list[dict[str, Any]]
    question: Question | None = None
    race: Race | None = None
    version: int = 1
    discussed_since: int = 0
    """Since when it would do what it would do now."""
    endorsers: set[str] = field(default_factory=set)
    named: str = ""
    """The rule for its kind when it was made, and whether its proposer could propose then, and was a moderator."""
    belongs: bool = False
    moderates: bool = False
    opened: int | None = None
    opened_at: int = 0
    rule: Rule | None = None
    closes_at: int = 0
    size: int = 0
    active: int = 0
    root: bytes = b""
    ballots: dict[str, Last] = field(default_factory=dict)
    answers: dict[str, int] = field(default_factory=dict)
    trust: dict[str, str] = field(default_factory=dict)
    turned_at: int | None = None
    """The ballot that turned the result so late that voting has to go on."""
    quiet: bool = False
    """Whether voting went on for that once."""
    tally: int | None = None
    tallied_at: int = 0
    passed: bool = False
    withdrawn: bool = False
    family: str = ""
    """The first of those with which it competes, or itself."""
    together: frozenset[str] = frozenset()
    """Those on which voting opened with it, itself among them."""
    counts: dict[str, int] = field(default_factory=dict)
    done: set[int] = field(default_factory=set)
    won: list[int] = field(default_factory=list)

    def is_due(self, act: int) -> bool:
        """Whether an act is to be carried out when the vote has passed: one of an option only if that won."""
        option = None if self.question is None else self.question.tied_to(act)
        return option is None or option in (self.won if self.race is None else self.race.accepted)
