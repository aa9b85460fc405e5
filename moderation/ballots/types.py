"""Ballots and receipts, as rows and as the API shows them."""

import msgspec

from fedcoop.ids import AccountId, ProposalId
from moderation.ledger.merkle import HASH
from moderation.questions.answers import Marks


class Voter(msgspec.Struct, frozen=True):
    """A row of `electorate`: a place in a vote, by name and by pseudonym."""

    proposal_id: ProposalId
    account_id: AccountId
    voter: str
    salt: bytes
    position: int
    path: bytes

    @property
    def proof(self) -> list[bytes]:
        """The hashes from this voter's leaf to the electorate's root."""
        return [bytes(self.path[at : at + HASH]) for at in range(0, len(self.path), HASH)]


class Ballot(msgspec.Struct, frozen=True):
    """A row of `ballots`: the answer that counts."""

    proposal_id: ProposalId
    account_id: AccountId
    choice: str
    number: int
    cast_at: int
    ledger_index: int
    receipt_id: int


class Receipt(msgspec.Struct, frozen=True):
    """A row of `receipts`."""

    id: int
    account_id: AccountId
    proposal_id: ProposalId
    ledger_index: int
    promise: str
    created_at: int


class BallotEntity(msgspec.Struct, frozen=True):
    """An answer as the API shows it. `account_id` and `acct` are None where the ballot is not open to the
    viewer. Between several options `choice` is the answer as the ledger has it, `marks` the same in parts and
    `words` in the options' words."""

    voter: str
    choice: str
    reason: str
    number: int
    cast_at: str
    ledger_index: int
    account_id: str | None
    acct: str | None
    marks: Marks | None = None
    words: str = ""


class ReceiptEntity(msgspec.Struct, frozen=True):
    """What a voter keeps. `promise` is a note signed by the ledger's key; `voter` is the pseudonym in the
    entry, and SHA-256(`salt` ‖ account id) shows whose it is to whomever the voter tells the salt."""

    id: str
    proposal_id: str
    ledger_index: int
    entry_hash: str
    promise: str
    voter: str
    salt: str


class CastBallot(msgspec.Struct, frozen=True):
    """The answer to a ballot: it, and its receipt."""

    ballot: BallotEntity
    receipt: ReceiptEntity
