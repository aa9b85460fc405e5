"""The jobs of deciding: opening, closing, carrying out, reminding, and the ledger's own. The other kinds are in
`types`; who does these is told in `moderation.jobs`."""

from typing import ClassVar, Literal

from fedcoop.jobs.base import Job, Lane


class Deciding(Job, frozen=True):
    """What the co-operative waits for is tried for longer than anything else."""

    lane: ClassVar[Lane] = "governance"
    tries: ClassVar[int] = 30


class OpenProposal(Deciding, frozen=True, tag="open_proposal"):
    """Freeze the electorate and open the vote. Does nothing unless it is still in discussion."""

    proposal_id: int


class CloseProposal(Deciding, frozen=True, tag="close_proposal"):
    """Count at the closing time, and carry the decision out in the same transaction. `early`: before it, if
    nobody could turn the result any more."""

    proposal_id: int
    early: bool = False


class EnactProposal(Deciding, frozen=True, tag="enact_proposal"):
    """Carry out a passed proposal whose rule has a delay before enactment."""

    proposal_id: int


class SettleRivals(Deciding, frozen=True, tag="settle_rivals"):
    """See which of several proposals prevails that competed, after one of them was withdrawn."""

    proposal_id: int


class EndMandate(Deciding, frozen=True, tag="end_mandate"):
    """End a mandate whose term is over."""

    mandate_id: int


class LapseElected(Deciding, frozen=True, tag="lapse_elected"):
    """Ask the next where somebody who was elected has not said in time whether they accept."""

    proposal_id: int
    account_id: int


class LeaveCoop(Deciding, frozen=True, tag="leave_coop"):
    """End the membership of an account that was deleted, with all that hangs on it."""

    account_id: int


class ExpirePower(Deciding, frozen=True, tag="expire_power"):
    """Undo what an office did alone, unless members have ratified it."""

    power_id: int


class ExpireDecision(Deciding, frozen=True, tag="expire_decision"):
    """Undo a decision whose rule lets it hold for some time only."""

    proposal_id: int


class ReviewProposal(Deciding, frozen=True, tag="review_proposal"):
    """Put a decision before the members again, on the day that they set."""

    proposal_id: int


class RemindVoters(Job, frozen=True, tag="remind_voters"):
    """Remind those who have not answered before a vote closes."""

    lane: ClassVar[Lane] = "governance"
    proposal_id: int


class WriteLetters(Deciding, frozen=True, tag="write_letters"):
    """Write to those who want letters about a vote, a batch of them after the account `after`."""

    proposal_id: int
    letter: Literal["opened", "decided"]
    after: int = 0


class ReadSharedList(Job, frozen=True, tag="read_shared_list"):
    """Fetch a shared list of servers and propose what changed in it; once a day as long as it is subscribed."""

    tries: ClassVar[int] = 12
    url: str

    @property
    def order(self) -> str:
        return f"list {self.url}"


class HearWords(Job, frozen=True, tag="hear_words"):
    """Do what a member's post asks of the assembly, and answer below it."""

    lane: ClassVar[Lane] = "governance"
    status_id: int


class SignCheckpoint(Deciding, frozen=True, tag="sign_checkpoint"):
    """Sign the ledger as it is now."""


class AskWitness(Job, frozen=True, tag="ask_witness"):
    """Have a witness cosign the latest checkpoint, unless it has."""

    tries: ClassVar[int] = 12
    name: str

    @property
    def order(self) -> str:
        return f"witness {self.name}"


class TendLedger(Job, frozen=True, tag="tend_ledger"):
    """Once a day: compare the record with what is in force, and post the latest checkpoint as a status."""

    lane: ClassVar[Lane] = "governance"


AnyDeciding = (
    OpenProposal
    | CloseProposal
    | EnactProposal
    | SettleRivals
    | EndMandate
    | LapseElected
    | LeaveCoop
    | ExpirePower
    | ExpireDecision
    | ReviewProposal
    | RemindVoters
    | WriteLetters
    | ReadSharedList
    | HearWords
    | SignCheckpoint
    | AskWitness
    | TendLedger
)
