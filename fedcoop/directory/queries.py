"""SQL of the directory and of suggestions. Only who wishes to be discovered is in either."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Select,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import insert

from fedcoop.db import any_of, statement
from fedcoop.db.schema.accounts import (
    accounts,
    blocks,
    dismissed_suggestions,
    follow_requests,
    follows,
    mutes,
    users,
)
from fedcoop.timelines.refs import VIEWER

a = accounts.alias("a")

_listed = (
    a.c.discoverable,
    a.c.suspended_at.is_(None),
    a.c.limited_at.is_(None),
    a.c.deleted_at.is_(None),
    a.c.moved_to_id.is_(None),
)


def _tied(table: Any, *more: ColumnElement[bool]) -> ColumnElement[bool]:
    """The viewer has such a tie to the account."""
    return exists().where(table.c.account_id == VIEWER, table.c.target_id == a.c.id, *more)


_unhidden = (
    ~_tied(blocks),
    ~_tied(mutes, or_(mutes.c.expires_at.is_(None), mutes.c.expires_at > bindparam("now"))),
    ~exists().where(blocks.c.account_id == a.c.id, blocks.c.target_id == VIEWER),
)
_directory = (
    select(a.c.id)
    .where(*_listed, *_unhidden, or_(~bindparam("local", type_=Boolean()), a.c.domain.is_(None)))
    .limit(bindparam("limit"))
    .offset(bindparam("offset"))
)
ACTIVE = statement(
    _directory.where(a.c.last_status_at.is_not(None)).order_by(a.c.last_status_at.desc(), a.c.id.desc())
)
NEW = statement(_directory.order_by(a.c.id.desc()))

_strangers = (
    *_listed,
    *_unhidden,
    a.c.id != VIEWER,
    ~_tied(follows),
    ~_tied(follow_requests),
    ~_tied(dismissed_suggestions),
)
_friend = follows.alias("friend")
_theirs = follows.alias("theirs")


def _suggested(query: Select[Any]) -> Select[Any]:
    return query.where(*_strangers).limit(bindparam("limit"))


# Followed by several of those whom the viewer follows; of whom hides that, it is not told.
FRIENDS_OF_FRIENDS = statement(
    _suggested(
        select(a.c.id)
        .select_from(
            _friend.join(_theirs, _theirs.c.account_id == _friend.c.target_id)
            .join(a, a.c.id == _theirs.c.target_id)
            .join(accounts, and_(accounts.c.id == _friend.c.target_id, ~accounts.c.hide_collections))
        )
        .where(_friend.c.account_id == VIEWER)
    )
    .group_by(a.c.id, a.c.followers_count)
    .order_by(func.count().desc(), a.c.followers_count.desc(), a.c.id)
)
MOST_FOLLOWED = statement(
    _suggested(select(a.c.id))
    .where(
        a.c.followers_count > 0,
        or_(
            a.c.domain.is_(None),
            exists()
            .select_from(follows.join(users, users.c.account_id == follows.c.account_id))
            .where(follows.c.target_id == a.c.id),
        ),
    )
    .order_by(a.c.followers_count.desc(), a.c.id)
)
FEATURED = statement(_suggested(select(a.c.id)).where(any_of(a.c.handle, "handles")).order_by(a.c.id))
DISMISS = statement(insert(dismissed_suggestions).on_conflict_do_nothing())
