"""Elections and candidacies as rows, as somebody calls them, and as the API shows them."""

from typing import Literal

import msgspec

from fedcoop import clock
from fedcoop.ids import AccountId, ProposalId
from moderation.questions.types import Kind

LONGEST_STATEMENT = 5000
NOMINATIONS = "7 days"
"""How long members can stand, where the call does not say."""
ACCEPT_WITHIN = 7 * clock.DAY
"""How long somebody who was elected has to say whether they accept."""
NOBODY = "Nobody of these"
"""The last option of every election: a seat that it wins stays empty."""
State = Literal["stands", "withdrawn", "elected", "accepted", "declined"]


class Election(msgspec.Struct, frozen=True):
    """A row of `elections`: what the vote of a proposal is to fill. `term` is a span such as "365 days",
    `stand_for` the milliseconds in which members can stand."""

    proposal_id: ProposalId
    office: str
    seats: int
    term: str
    stand_for: int


class Candidacy(msgspec.Struct, frozen=True):
    """A row of `candidacies`. `words` are the statement, in Markdown. `option` is its place on the ballot,
    from 0, once voting has opened; `answer_by` is until when somebody who was elected can say whether they
    accept."""

    proposal_id: ProposalId
    account_id: AccountId
    log_name: str
    words: str
    html: str
    state: State
    stood_at: int
    option: int | None
    answer_by: int | None
    ledger_index: int


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """An election as somebody calls it. `ballot` and `method` are as in any proposal, and without them
    approval, or what the rules allow; `stand_for` and `closes_in` are spans such as "7 days" or seconds."""

    office: str
    seats: int = 1
    term: str = "365 days"
    title: str = ""
    body: str = ""
    ballot: Kind | Literal[""] = ""
    method: str = ""
    stand_for: str | int = NOMINATIONS
    closes_in: str | int | None = None


class CandidateEntity(msgspec.Struct, frozen=True):
    """Somebody who stands. `option` is the number on the ballot, from 1."""

    account_id: str
    acct: str
    statement: str
    html: str
    state: State
    stood_at: str
    option: str | None
    answer_by: str | None
    ledger_index: int


class ElectionEntity(msgspec.Struct, frozen=True):
    """An election as the API shows it; `id` is its proposal's. `may_stand` is whether the viewer could stand,
    or stand down, now."""

    id: str
    number: int
    title: str
    office: str
    seats: int
    term: str
    state: str
    opens_at: str | None
    closes_at: str | None
    verdict: str | None
    may_stand: bool
    candidates: list[CandidateEntity]
