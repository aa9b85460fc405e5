"""SQL of polls and votes."""

from sqlalchemy import BigInteger, bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from fedcoop.db import columns_of, statement
from fedcoop.db.schema.accounts import accounts
from fedcoop.db.schema.statuses import poll_votes, polls
from fedcoop.statuses.types import Poll

POLL_ID = bindparam("poll_id", type_=BigInteger())

_poll = select(*columns_of(Poll, polls))
BY_ID = statement(_poll.where(polls.c.id == POLL_ID), into=Poll)
# PostgreSQL makes voters of one poll wait for one another; SQLite has one writer anyway.
LOCK = statement(_poll.where(polls.c.id == POLL_ID).with_for_update(), into=Poll)
BY_STATUS = statement(_poll.where(polls.c.status_id == bindparam("status_id", type_=BigInteger())), into=Poll)

VOTES_OF = statement(
    select(poll_votes.c.choice).where(
        poll_votes.c.poll_id == POLL_ID,
        poll_votes.c.account_id == bindparam("account_id", type_=BigInteger()),
    )
)
VOTE = statement(insert(poll_votes).on_conflict_do_nothing())
UNVOTE = statement(
    delete(poll_votes).where(
        poll_votes.c.poll_id == POLL_ID,
        poll_votes.c.account_id == bindparam("account_id", type_=BigInteger()),
    )
)
TALLY = statement(
    select(poll_votes.c.choice, func.count().label("votes"))
    .where(poll_votes.c.poll_id == POLL_ID)
    .group_by(poll_votes.c.choice)
)
VOTERS = statement(
    select(func.count(poll_votes.c.account_id.distinct())).where(poll_votes.c.poll_id == POLL_ID)
)
SET_COUNTS = statement(
    update(polls)
    .where(polls.c.id == POLL_ID)
    .values(counts=bindparam("new_counts"), voters_count=bindparam("new_voters"))
)
TELL = statement(update(polls).where(polls.c.id == POLL_ID, ~polls.c.telling).values(telling=True))
TOLD = statement(update(polls).where(polls.c.id == POLL_ID).values(telling=False))
CLOSE = statement(update(polls).where(polls.c.id == POLL_ID, polls.c.closed.is_(False)).values(closed=True))
LOCAL_VOTERS = statement(
    select(poll_votes.c.account_id)
    .distinct()
    .select_from(poll_votes.join(accounts, accounts.c.id == poll_votes.c.account_id))
    .where(poll_votes.c.poll_id == POLL_ID, accounts.c.domain.is_(None))
)
