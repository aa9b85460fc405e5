"""SQL of favourites."""

from sqlalchemy import BigInteger, bindparam, delete, exists, select, update
from sqlalchemy.dialects.postgresql import insert

from fedcoop.db import statement
from fedcoop.db.schema.accounts import accounts
from fedcoop.db.schema.interactions import interactions
from fedcoop.db.schema.statuses import favourites, further_likes
from fedcoop.paging import Paged
from fedcoop.timelines.refs import (
    VIEWER,
    Ref,
    nobody_suspended,
    refs,
    s,
    viewer_not_blocked,
    visible_to_viewer,
)

INSERT = statement(insert(favourites).on_conflict_do_nothing())
_one = (
    favourites.c.account_id == bindparam("account_id", type_=BigInteger()),
    favourites.c.status_id == bindparam("status_id", type_=BigInteger()),
)
FIND = statement(select(favourites.c.uri).where(*_one))
DELETE = statement(delete(favourites).where(*_one))

# Likes and reactions of the same account beyond the first

_further = (
    further_likes.c.account_id == bindparam("account_id", type_=BigInteger()),
    further_likes.c.status_id == bindparam("status_id", type_=BigInteger()),
)
ADD_FURTHER = statement(insert(further_likes).on_conflict_do_nothing())
ANY_FURTHER = statement(select(further_likes.c.uri).where(*_further).order_by(further_likes.c.uri).limit(1))
DELETE_FURTHER = statement(
    delete(further_likes).where(*_further, further_likes.c.uri == bindparam("like_uri"))
)
FORGET_FURTHER = statement(delete(further_likes).where(*_further))
STAND_IN = statement(update(favourites).where(*_one).values(uri=bindparam("other_uri")))
"""Another Like takes the place of the first."""

# One's own, newest first; what is no longer visible is left out.
PAGE = Paged(
    refs()
    .add_columns(favourites.c.id)
    .join(favourites, favourites.c.status_id == s.c.id)
    .where(favourites.c.account_id == VIEWER, nobody_suspended(), visible_to_viewer(), viewer_not_blocked()),
    favourites.c.id,
    into=lambda *row: (row[-1], Ref(*row[:-1])),
)
# Who favourited one status; those who wait for its author's consent are nobody's business yet.
_waits = exists().where(
    interactions.c.status_id == favourites.c.status_id,
    interactions.c.account_id == favourites.c.account_id,
    interactions.c.deed == "favourite",
    interactions.c.state == "pending",
)
BY = Paged(
    select(favourites.c.id, favourites.c.account_id)
    .select_from(favourites.join(accounts, accounts.c.id == favourites.c.account_id))
    .where(
        favourites.c.status_id == bindparam("status_id", type_=BigInteger()),
        accounts.c.suspended_at.is_(None),
        ~_waits,
    ),
    favourites.c.id,
)
