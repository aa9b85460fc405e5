"""SQL of the inbox: which follow an answer or an Undo means."""

from sqlalchemy import bindparam, select

from fedcoop.db import statement
from fedcoop.db.schema.accounts import blocks, follow_requests, follows
from fedcoop.db.schema.statuses import favourites, further_likes

FOLLOWER_BY_URI = statement(
    select(follows.c.account_id)
    .where(follows.c.target_id == bindparam("target_id"), follows.c.uri == bindparam("uri"))
    .union_all(
        select(follow_requests.c.account_id).where(
            follow_requests.c.target_id == bindparam("target_id"), follow_requests.c.uri == bindparam("uri")
        )
    )
)
"""Who follows, or asked to follow, `target_id` with this Follow."""
FOLLOWED_BY_URI = statement(
    select(follows.c.target_id)
    .where(follows.c.account_id == bindparam("account_id"), follows.c.uri == bindparam("uri"))
    .union_all(
        select(follow_requests.c.target_id).where(
            follow_requests.c.account_id == bindparam("account_id"),
            follow_requests.c.uri == bindparam("uri"),
        )
    )
)
"""Whom `account_id` follows, or asked to, with this Follow."""
BLOCKED_BY_URI = statement(
    select(blocks.c.target_id).where(
        blocks.c.account_id == bindparam("account_id"), blocks.c.uri == bindparam("uri")
    )
)
FAVOURITED_BY_URI = statement(
    select(favourites.c.status_id)
    .where(favourites.c.account_id == bindparam("account_id"), favourites.c.uri == bindparam("uri"))
    .union_all(
        select(further_likes.c.status_id).where(
            further_likes.c.account_id == bindparam("account_id"), further_likes.c.uri == bindparam("uri")
        )
    )
)
