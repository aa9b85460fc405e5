"""Every statement about the instance as a whole. The counting ones read many rows: run them in `db.scan()`."""

from sqlalchemy import BigInteger, bindparam, func, select

from fedcoop.db import columns_of, statement
from fedcoop.db.schema.accounts import accounts, users
from fedcoop.db.schema.instance import rules
from fedcoop.db.schema.statuses import statuses
from fedcoop.instance.types import Rule

RULES = statement(
    select(*columns_of(Rule, rules))
    .where(rules.c.repealed_at.is_(None))
    .order_by(rules.c.position, rules.c.id),
    into=Rule,
)
COUNT_USERS = statement(select(func.count()).select_from(users).where(users.c.approved_at.is_not(None)))
COUNT_ACTIVE = statement(
    select(func.count())
    .select_from(users.join(accounts, accounts.c.id == users.c.account_id))
    .where(accounts.c.last_status_at >= bindparam("since", type_=BigInteger()))
)
COUNT_STATUSES = statement(
    select(func.coalesce(func.sum(accounts.c.statuses_count), 0)).select_from(
        users.join(accounts, accounts.c.id == users.c.account_id)
    )
)
FIRST_ADMIN = statement(
    select(users.c.account_id).where(users.c.role == "admin").order_by(users.c.account_id).limit(1)
)
# Beginning from each domain the index gives the next one: as many steps as there are servers.
PEERS = statement(
    select(accounts.c.domain).where(accounts.c.domain.is_not(None)).distinct().order_by(accounts.c.domain)
)
COUNT_PEERS = statement(
    select(func.count(accounts.c.domain.distinct())).where(accounts.c.domain.is_not(None))
)
STATUSES_BETWEEN = statement(
    select(func.count())
    .select_from(statuses.join(users, users.c.account_id == statuses.c.account_id))
    .where(
        statuses.c.id >= bindparam("first_id", type_=BigInteger()),
        statuses.c.id < bindparam("end_id", type_=BigInteger()),
    )
)
AUTHORS_BETWEEN = statement(
    select(func.count(statuses.c.account_id.distinct()))
    .select_from(statuses.join(users, users.c.account_id == statuses.c.account_id))
    .where(
        statuses.c.id >= bindparam("first_id", type_=BigInteger()),
        statuses.c.id < bindparam("end_id", type_=BigInteger()),
    )
)
JOINED_BETWEEN = statement(
    select(func.count())
    .select_from(users)
    .where(
        users.c.created_at >= bindparam("start", type_=BigInteger()),
        users.c.created_at < bindparam("end", type_=BigInteger()),
    )
)
