"""SQL of membership."""

from sqlalchemy import BigInteger, and_, bindparam, exists, func, insert, or_, select, update

from fedcoop.db import any_of, columns_of, statement
from fedcoop.db.schema.accounts import accounts
from fedcoop.db.schema.governance import log_names, mandates, members, proposals

from .types import Member, of_row

_columns = columns_of(Member, members)

ADD = statement(insert(members))
BY_ID = statement(select(*_columns).where(members.c.account_id == bindparam("account_id")), into=Member)
BY_HANDLE = statement(
    select(*_columns)
    .join(accounts, accounts.c.id == members.c.account_id)
    .where(accounts.c.handle == bindparam("handle")),
    into=Member,
)
# A member's name stands in their row, for they may have come before names were kept elsewhere.
LOG_NAME = statement(
    select(members.c.log_name)
    .where(members.c.account_id == bindparam("account_id"))
    .union(select(log_names.c.log_name).where(log_names.c.account_id == bindparam("account_id")))
)
ADD_LOG_NAME = statement(insert(log_names))
LAST_NUMBER = statement(select(func.max(members.c.number)))
SET_STANDING = statement(
    update(members)
    .where(members.c.account_id == bindparam("member_id"))
    .values(
        standing=bindparam("new_standing"),
        changed_at=bindparam("now"),
        ledger_index=bindparam("new_index"),
    )
)
ROLL = statement(
    select(*_columns, accounts.c.username)
    .join(accounts, accounts.c.id == members.c.account_id)
    .where(members.c.number > bindparam("after"))
    .order_by(members.c.number)
    .limit(bindparam("limit")),
    into=of_row,
)
ON_PROBATION = statement(
    select(*_columns)
    .where(members.c.standing == "probation", members.c.changed_at <= bindparam("since", type_=BigInteger))
    .order_by(members.c.number),
    into=Member,
)
ANY_PROPOSAL = statement(select(proposals.c.id).limit(1))
STANDINGS = statement(select(members.c.account_id, members.c.standing))
COUNT_BY_STANDING = statement(select(members.c.standing, func.count()).group_by(members.c.standing))

_eligible = and_(
    any_of(members.c.standing, "standings"),
    members.c.joined_at <= bindparam("joined_before", type_=BigInteger),
    or_(
        bindparam("paid_from", type_=BigInteger) == 0,
        members.c.paid_until >= bindparam("paid_from", type_=BigInteger),
    ),
    accounts.c.suspended_at.is_(None),
    accounts.c.deleted_at.is_(None),
    or_(
        bindparam("any_office") == True,  # noqa: E712 # SQL
        exists().where(
            mandates.c.account_id == members.c.account_id,
            mandates.c.office == bindparam("office"),
            mandates.c.ended_at.is_(None),
        ),
    ),
)
ELIGIBLE = statement(
    select(members.c.account_id, accounts.c.last_status_at)
    .join(accounts, accounts.c.id == members.c.account_id)
    .where(_eligible)
    .order_by(members.c.number)
)
