"""Proposals as rows, as they come from a member, and as the API shows them."""

from typing import Any, Literal

import msgspec

from fedcoop.ids import AccountId, PollId, ProposalId, StatusId
from moderation.acts.types import Act, act_from, to_data
from moderation.constitution import Rule, rule_from
from moderation.counting.types import Count
from moderation.ledger.canonical import canonical
from moderation.questions.answers import Marks
from moderation.questions.types import Question, QuestionDraft, question_from

State = Literal["draft", "discussion", "open", "passed", "failed", "enacted", "withdrawn", "expired"]
STATES: tuple[State, ...] = (
    "draft",
    "discussion",
    "open",
    "passed",
    "failed",
    "enacted",
    "withdrawn",
    "expired",
)
LONGEST_TITLE, LONGEST_BODY, MOST_ACTS, LONGEST_REASON = 200, 50_000, 20, 2000


class Proposal(msgspec.Struct, frozen=True):
    """A row of `proposals`. Times are milliseconds since the epoch."""

    id: ProposalId
    number: int
    proposer_id: AccountId
    kind: str
    title: str
    body: str
    html: str
    state: State
    ballot_kind: str
    question: str | None
    urgent_reason: str
    closes_in: int
    rule: str
    created_at: int
    opens_at: int | None
    closes_at: int | None
    closed_at: int | None
    enact_at: int | None
    enacted_at: int | None
    electorate_size: int | None
    electorate_active: int | None
    electorate_root: str | None
    status_id: StatusId | None
    poll_id: PollId | None
    outcome_status_id: StatusId | None
    ledger_index: int
    opened_index: int | None
    instead_of: ProposalId | None

    @property
    def decided_by(self) -> Rule:
        """The rule that decides it; frozen once voting is open."""
        return rule_from(msgspec.json.decode(self.rule))

    @property
    def asks(self) -> Question | None:
        """The options and how they are voted on; None where members agree or do not."""
        return None if self.question is None else question_from(msgspec.json.decode(self.question))

    @property
    def family(self) -> ProposalId:
        """The first of those that compete with each other, itself where nothing competes."""
        return self.instead_of or self.id

    @property
    def decided(self) -> bool:
        """Whether the votes have been counted."""
        return self.closed_at is not None and self.state in ("passed", "failed", "enacted", "expired")


class StoredAct(msgspec.Struct, frozen=True):
    """A row of `proposal_acts`."""

    proposal_id: ProposalId
    position: int
    type: str
    option: int | None
    body: str
    inverse: str | None
    carried_out_at: int | None
    ledger_index: int | None

    @property
    def act(self) -> Act:
        """What it does."""
        return act_from(msgspec.json.decode(self.body))


class StoredTally(msgspec.Struct, frozen=True):
    """A row of `tallies`."""

    proposal_id: ProposalId
    engine: str
    passed: bool
    counts: str
    steps: str
    verdict: str
    count: str | None
    counted_at: int
    ledger_index: int

    @property
    def counted(self) -> Count | None:
        """How several options fared."""
        return None if self.count is None else msgspec.json.decode(self.count, type=Count)

    @property
    def winners(self) -> list[int]:
        """The options that won, from 0."""
        count = self.counted
        return count.winners if count and self.passed else []


class Version(msgspec.Struct, frozen=True):
    """A row of `proposal_versions`."""

    proposal_id: ProposalId
    number: int
    title: str
    body: str
    acts: str
    question: str | None
    created_at: int
    ledger_index: int

    @property
    def asks(self) -> Question | None:
        """The options that it had."""
        return None if self.question is None else question_from(msgspec.json.decode(self.question))

    def listed(self) -> list[Act]:
        """What it would have done."""
        return [act_from(each) for each in msgspec.json.decode(self.acts)]


class Aftermath(msgspec.Struct, frozen=True):
    """A row of `proposal_aftermath`: what the proposer says came of it, when it is looked at again and by
    which proposal, when those were reminded who had not voted."""

    proposal_id: ProposalId
    outcome: str
    outcome_at: int | None
    review_at: int | None
    review_id: ProposalId | None
    reminded_at: int | None


class VersionEntity(msgspec.Struct, frozen=True):
    """A version as the API shows it, `number` from 1."""

    number: int
    title: str
    body: str
    html: str
    acts: list[dict[str, Any]]
    sentences: list[str]
    created_at: str
    ledger_index: int
    options: list[str] = []


class Amendment(msgspec.Struct, frozen=True, kw_only=True):
    """What a proposer changes; None stays as it is. `acts` are those that hang on the vote as a whole, `ballot`
    the options with theirs; of the kind `consent` it takes the options away."""

    title: str | None = None
    body: str | None = None
    acts: list[dict[str, Any]] | None = None
    ballot: QuestionDraft | None = None


class Extension(msgspec.Struct, frozen=True):
    """A row of `vote_extensions`: until when a vote was kept open, and because of whom or what."""

    proposal_id: ProposalId
    ledger_index: int
    because: Literal["proposer", "quiet_ending", "raised"]
    closes_at: int
    extended_at: int


class ProposalDraft(msgspec.Struct, frozen=True, kw_only=True):
    """What a member proposes. `closes_in` and `discussion` are spans such as "6 days" or seconds; without
    them the rule's shortest hold. `urgent` is the written justification for the urgent window. `hold` keeps
    it a draft. An empty `kind` is the one that the acts are decided as, or `policy`. `ballot` asks for a vote
    between several options, where the rule allows that. `instead_of` is the id of a proposal that is not yet
    voted on, with which this competes."""

    title: str
    body: str = ""
    kind: str = ""
    acts: list[dict[str, Any]] = []
    ballot: QuestionDraft = QuestionDraft()
    closes_in: str | int | None = None
    discussion: str | int | None = None
    urgent: str = ""
    hold: bool = False
    instead_of: ProposalId | None = None


class ActEntity(msgspec.Struct, frozen=True):
    """An act of a proposal: the act itself, in words, and whether it was carried out; `option` is the number
    of the option that has to win for that."""

    act: dict[str, Any]
    type: str
    sentence: str
    carried_out_at: str | None
    inverse: dict[str, Any] | None
    ledger_index: int | None
    option: str | None = None


class OptionEntity(msgspec.Struct, frozen=True):
    """An option as the API shows it: `id` is its number, from 1. `support` is what it has: approvals, points,
    first ranks or, once counted by Schulze, duels won; None while the rule hides that. `won` is None until
    the votes are counted."""

    id: str
    title: str
    cost: int
    support: int | None
    won: bool | None


class CompetingEntity(msgspec.Struct, frozen=True):
    """A draft that competes with a proposal: of those that pass, the one is carried out with which most agree."""

    id: str
    number: int
    title: str
    state: State
    proposer: str


class MyBallot(msgspec.Struct, frozen=True):
    """The viewer's own answer, which only they see with their name."""

    choice: str
    reason: str
    cast_at: str
    number: int
    receipt_id: str
    ledger_index: int
    marks: Marks | None = None
    words: str = ""


class ProposalEntity(msgspec.Struct, frozen=True):
    """A proposal as the API shows it. `counts` is None while the rule hides it from this viewer; `proposer`
    is the id of an account; `ledger_index` is the latest entry about the proposal as a whole. `choices` are
    the options of a vote on several, and `question` how they are voted on; both are empty for a vote by
    consent. `outcome` is what the proposer says came of it, in Markdown; `review_at` when members look at it
    again, and `review_id` the proposal that does."""

    id: str
    number: int
    title: str
    body: str
    html: str
    kind: str
    acts: list[ActEntity]
    state: State
    proposer: str
    created_at: str
    opens_at: str | None
    closes_at: str | None
    closed_at: str | None
    enacted_at: str | None
    urgent: str
    electorate_size: int | None
    counts: dict[str, int] | None
    ballot_kind: str
    options: list[str]
    reason_for: list[str]
    secrecy: str
    rule: str
    passed: bool | None
    verdict: str | None
    endorsements: int
    endorsements_needed: int
    status_id: str | None
    poll_id: str | None
    outcome_status_id: str | None
    my_ballot: MyBallot | None
    may_vote: bool
    why_not: str
    ledger_index: int
    question: Question | None = None
    choices: list[OptionEntity] = []
    outcome: str = ""
    outcome_at: str | None = None
    review_at: str | None = None
    review_id: str | None = None
    instead_of: str | None = None
    competing: list[CompetingEntity] = []


class Step(msgspec.Struct, frozen=True):
    """A station of a proposal: past when `done`, otherwise what comes next, at `at` if that is known."""

    words: str
    at: str | None
    done: bool
    ledger_index: int | None


class Result(msgspec.Struct, frozen=True):
    """How a vote came out, or stands: the way from ballots to verdict, and what was done. `final` is False
    while voting goes on; `advisory` are voices without a vote, here or elsewhere, which never decide. `count`
    is how several options fared, stage by stage, options from 0."""

    proposal_id: str
    state: State
    final: bool
    passed: bool | None
    counts: dict[str, int] | None
    steps: list[str]
    verdict: str
    rule: str
    engine: str
    acts: list[ActEntity]
    advisory: dict[str, int]
    counted_at: str | None
    ledger_index: int | None
    count: Count | None = None


def act_row(
    proposal_id: ProposalId, position: int, act: Act, question: Question | None = None
) -> dict[str, Any]:
    """A new row of `proposal_acts`."""
    return {
        "proposal_id": proposal_id,
        "position": position,
        "type": str(act.__struct_config__.tag),
        "option": None if question is None else question.tied_to(position),
        "body": canonical(to_data(act)).decode(),
        "inverse": None,
        "carried_out_at": None,
        "ledger_index": None,
    }
