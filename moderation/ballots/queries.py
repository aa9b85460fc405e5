"""SQL of electorates, ballots and receipts."""

from sqlalchemy import bindparam, delete, func, insert, select

from fedcoop.db import any_of, columns_of, statement
from fedcoop.db.schema.accounts import accounts
from fedcoop.db.schema.governance import ballots, electorate, receipts
from fedcoop.db.schema.ledger import ledger_words
from fedcoop.db.schema.statuses import poll_votes

from .types import Ballot, Receipt, Voter

_ballot = ballots.c
_of_proposal = _ballot.proposal_id == bindparam("proposal_id")
_one = (_of_proposal, _ballot.account_id == bindparam("account_id"))

ADD_VOTER = statement(insert(electorate))
VOTER = statement(
    select(*columns_of(Voter, electorate)).where(
        electorate.c.proposal_id == bindparam("proposal_id"),
        electorate.c.account_id == bindparam("account_id"),
    ),
    into=Voter,
)
VOTERS = statement(
    select(electorate.c.voter)
    .where(electorate.c.proposal_id == bindparam("proposal_id"))
    .order_by(electorate.c.position)
)
VOTES_IN = statement(
    select(electorate.c.proposal_id).where(
        electorate.c.account_id == bindparam("account_id"), any_of(electorate.c.proposal_id, "ids")
    )
)

ADD = statement(insert(ballots))
REMOVE = statement(delete(ballots).where(*_one))
MINE = statement(select(*columns_of(Ballot, ballots)).where(*_one), into=Ballot)
MINE_IN = statement(
    select(*columns_of(Ballot, ballots)).where(
        _ballot.account_id == bindparam("account_id"), any_of(_ballot.proposal_id, "ids")
    ),
    into=Ballot,
)
_with_voter = (electorate.c.proposal_id == _ballot.proposal_id) & (
    electorate.c.account_id == _ballot.account_id
)
VOTES = statement(
    select(electorate.c.voter, _ballot.choice, _ballot.ledger_index)
    .join(electorate, _with_voter)
    .where(_of_proposal)
)
COUNTS = statement(
    select(_ballot.proposal_id, _ballot.choice, func.count())
    .where(any_of(_ballot.proposal_id, "ids"))
    .group_by(_ballot.proposal_id, _ballot.choice)
)
PAGE = statement(
    select(
        electorate.c.voter,
        _ballot.choice,
        ledger_words.c.words,
        _ballot.number,
        _ballot.cast_at,
        _ballot.ledger_index,
        _ballot.account_id,
        accounts.c.username,
    )
    .join(electorate, _with_voter)
    .join(accounts, accounts.c.id == _ballot.account_id)
    .outerjoin(ledger_words, ledger_words.c.position == _ballot.ledger_index)
    .where(_of_proposal, _ballot.ledger_index > bindparam("after"))
    .order_by(_ballot.ledger_index)
    .limit(bindparam("limit"))
)

# Voices in the assembly's poll of those who have no vote, here or elsewhere: they advise, and never decide.
ADVISORY = statement(
    select(poll_votes.c.choice, func.count())
    .outerjoin(
        electorate,
        (electorate.c.proposal_id == bindparam("proposal_id"))
        & (electorate.c.account_id == poll_votes.c.account_id),
    )
    .where(poll_votes.c.poll_id == bindparam("poll_id"), electorate.c.account_id.is_(None))
    .group_by(poll_votes.c.choice)
    .order_by(poll_votes.c.choice)
)

ADD_RECEIPT = statement(insert(receipts))
RECEIPT = statement(
    select(*columns_of(Receipt, receipts)).where(receipts.c.id == bindparam("id")), into=Receipt
)
