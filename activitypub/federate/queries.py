"""SQL of telling: to which inboxes, and the rows that wait to be delivered."""

from sqlalchemy import and_, bindparam, case, insert, select

from fedcoop.db import any_of, statement
from fedcoop.db.schema.accounts import accounts, blocks, follow_requests, follows
from fedcoop.db.schema.federation import deliveries, hosts, outgoing_activities
from fedcoop.db.schema.statuses import favourites, poll_votes

_inbox = case((accounts.c.shared_inbox != "", accounts.c.shared_inbox), else_=accounts.c.inbox).label("inbox")
_reachable = and_(
    accounts.c.domain.is_not(None),
    accounts.c.inbox != "",
    accounts.c.suspended_at.is_(None),
    accounts.c.deleted_at.is_(None),
)

FOLLOWER_INBOXES = statement(
    select(_inbox)
    .select_from(follows.join(accounts, accounts.c.id == follows.c.account_id))
    .where(follows.c.target_id == bindparam("account_id"), _reachable)
    .distinct()
)
"""Each distinct inbox of those who follow, shared ones first."""
SHARED_INBOXES = statement(select(_inbox).where(any_of(accounts.c.id, "ids"), _reachable).distinct())
KNOWN_INBOXES = statement(select(_inbox).where(_reachable).distinct())
"""Every server that we know somebody of, for what concerns all: the end of an account."""
VOTER_INBOXES = statement(
    select(_inbox)
    .select_from(poll_votes.join(accounts, accounts.c.id == poll_votes.c.account_id))
    .where(poll_votes.c.poll_id == bindparam("poll_id"), _reachable)
    .distinct()
)
PAUSED_HOSTS = statement(
    select(hosts.c.domain).where(
        hosts.c.failures > 0,
        hosts.c.first_failure_at < bindparam("since"),
        hosts.c.retry_at > bindparam("now"),
    )
)
"""Hosts that have not answered for a week; one delivery now and then still tries them."""

FOLLOW_URI = statement(
    select(follows.c.uri, follows.c.id)
    .where(follows.c.account_id == bindparam("account_id"), follows.c.target_id == bindparam("target_id"))
    .union_all(
        select(follow_requests.c.uri, follow_requests.c.id).where(
            follow_requests.c.account_id == bindparam("account_id"),
            follow_requests.c.target_id == bindparam("target_id"),
        )
    )
)
BLOCK_URI = statement(
    select(blocks.c.uri, blocks.c.id).where(
        blocks.c.account_id == bindparam("account_id"), blocks.c.target_id == bindparam("target_id")
    )
)
FAVOURITE_URI = statement(
    select(favourites.c.uri, favourites.c.id).where(
        favourites.c.account_id == bindparam("account_id"), favourites.c.status_id == bindparam("status_id")
    )
)

INSERT_ACTIVITY = statement(insert(outgoing_activities))
INSERT_DELIVERY = statement(insert(deliveries))
