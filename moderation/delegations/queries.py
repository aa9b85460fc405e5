"""SQL of delegations."""

from sqlalchemy import and_, bindparam, delete, exists, insert, or_, select

from fedcoop.db import columns_of, statement
from fedcoop.db.schema.accounts import accounts
from fedcoop.db.schema.governance import ballots, delegations, electorate, members

from .types import Delegation

_columns = columns_of(Delegation, delegations)
_one = (
    delegations.c.account_id == bindparam("account_id"),
    delegations.c.kind == bindparam("kind"),
)

ADD = statement(insert(delegations))
REMOVE = statement(delete(delegations).where(*_one))
ONE = statement(select(*_columns).where(*_one), into=Delegation)
OF_KIND = statement(
    select(delegations.c.account_id, delegations.c.delegate_id).where(delegations.c.kind == bindparam("kind"))
)
GIVEN = statement(
    select(*_columns, accounts.c.username)
    .join(accounts, accounts.c.id == delegations.c.delegate_id)
    .where(delegations.c.account_id == bindparam("account_id"))
    .order_by(delegations.c.kind)
)
RECEIVED = statement(
    select(*_columns, accounts.c.username)
    .join(accounts, accounts.c.id == delegations.c.account_id)
    .where(delegations.c.delegate_id == bindparam("account_id"))
    .order_by(delegations.c.kind, delegations.c.ledger_index)
)
ABOUT = statement(
    select(*_columns).where(
        or_(
            delegations.c.account_id == bindparam("account_id"),
            delegations.c.delegate_id == bindparam("account_id"),
        )
    ),
    into=Delegation,
)

_from, _to = electorate.alias("giving"), electorate.alias("trusted")
_giver, _trusted = members.alias("giver"), members.alias("trusted_member")

_answered = (
    exists()
    .where(ballots.c.proposal_id == _from.c.proposal_id, ballots.c.account_id == delegations.c.account_id)
    .label("answered")
)
# Delegations among the electorate of a proposal, and whether whoever gave one has answered themselves.
EDGES = statement(
    select(_from.c.voter, _to.c.voter.label("to_voter"), _from.c.position, _from.c.path, _answered)
    .select_from(delegations)
    .join(_from, _from.c.account_id == delegations.c.account_id)
    .join(_to, and_(_to.c.account_id == delegations.c.delegate_id, _to.c.proposal_id == _from.c.proposal_id))
    .join(_giver, _giver.c.account_id == delegations.c.account_id)
    .join(_trusted, _trusted.c.account_id == delegations.c.delegate_id)
    .where(
        _from.c.proposal_id == bindparam("proposal_id"),
        delegations.c.kind == bindparam("kind"),
        _giver.c.standing != "expelled",
        _trusted.c.standing != "expelled",
    )
    .order_by(_from.c.position)
)
