"""SQL of notifications. Whether one is made at all is decided by `NOTIFY`, in one statement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, Text, bindparam, delete, exists, func, literal, null, or_, select
from sqlalchemy.dialects.postgresql import insert

from fedcoop.db import any_of, columns_of, statement
from fedcoop.db.schema.accounts import accounts, blocks, follows, mutes, users
from fedcoop.db.schema.statuses import conversation_mutes, markers, notifications, statuses
from fedcoop.notifications.types import Notification
from fedcoop.paging import Paged

if TYPE_CHECKING:
    from sqlalchemy.sql.elements import ColumnElement

    from fedcoop.db import Row, Statement

_id = bindparam("id", type_=BigInteger())
_to = bindparam("to_id", type_=BigInteger())
_from = bindparam("from_id", type_=BigInteger())
_type = bindparam("type", type_=Text())
_status = bindparam("status_id", type_=BigInteger())
_now = bindparam("now", type_=BigInteger())

_blocked = or_(
    exists().where(blocks.c.account_id == _to, blocks.c.target_id == _from),
    exists().where(blocks.c.account_id == _from, blocks.c.target_id == _to),
)
_muted = exists().where(
    mutes.c.account_id == _to,
    mutes.c.target_id == _from,
    mutes.c.notifications,
    or_(mutes.c.expires_at.is_(None), mutes.c.expires_at > _now),
)
_thread_muted = exists().where(
    statuses.c.id == _status,
    conversation_mutes.c.conversation_id == statuses.c.conversation_id,
    conversation_mutes.c.account_id == _to,
)
_followed = exists().where(follows.c.account_id == _to, follows.c.target_id == _from)
_sender_is_heard = exists().where(
    accounts.c.id == _from,
    accounts.c.suspended_at.is_(None),
    # A limited account reaches those who chose to follow it.
    or_(accounts.c.limited_at.is_(None), _followed),
)
_group = bindparam("group_key", type_=Text())
_detail = bindparam("detail", type_=Text())


def _same(*, of_status: bool) -> tuple[ColumnElement[bool], ...]:
    """The same was told already. Two forms, so that each finds its index."""
    return (
        notifications.c.account_id == _to,
        notifications.c.from_account_id == _from,
        notifications.c.type == _type,
        notifications.c.status_id == _status if of_status else notifications.c.status_id.is_(None),
    )


def _notify(*, of_status: bool) -> Statement[Row]:
    heard = (_sender_is_heard, ~_blocked, ~_muted, ~exists().where(*_same(of_status=of_status)))
    return statement(
        insert(notifications)
        .from_select(
            ["id", "account_id", "type", "from_account_id", "status_id", "group_key", "detail", "created_at"],
            select(
                _id,
                users.c.account_id,
                _type,
                _from,
                _status if of_status else null(),
                _group,
                _detail,
                _now,
            ).where(users.c.account_id == _to, *heard, *([~_thread_muted] if of_status else [])),
        )
        .on_conflict_do_nothing()
    )


NOTIFY = _notify(of_status=False)
NOTIFY_OF_STATUS = _notify(of_status=True)
FORGET = statement(delete(notifications).where(*_same(of_status=False)))
FORGET_OF_STATUS = statement(delete(notifications).where(*_same(of_status=True)))

_columns = select(*columns_of(Notification, notifications))
# A sender may have been suspended since.
_page = _columns.join(accounts, accounts.c.id == notifications.c.from_account_id).where(
    notifications.c.account_id == bindparam("account_id", type_=BigInteger()),
    any_of(notifications.c.type, "types"),
    accounts.c.suspended_at.is_(None),
)
PAGE = Paged(_page, notifications.c.id, into=Notification)
PAGE_FROM = Paged(
    _page.where(notifications.c.from_account_id == bindparam("from_account_id", type_=BigInteger())),
    notifications.c.id,
    into=Notification,
)
GROUP = Paged(
    _columns.where(
        notifications.c.account_id == bindparam("account_id", type_=BigInteger()),
        notifications.c.group_key == bindparam("group_key"),
    ),
    notifications.c.id,
    into=Notification,
)

_one = (notifications.c.id == bindparam("id"), notifications.c.account_id == bindparam("account_id"))
FIND = statement(_columns.where(*_one), into=Notification)
DISMISS = statement(delete(notifications).where(*_one))
DISMISS_GROUP = statement(
    delete(notifications).where(
        notifications.c.account_id == bindparam("account_id"),
        notifications.c.group_key == bindparam("group_key"),
    )
)
CLEAR = statement(delete(notifications).where(notifications.c.account_id == bindparam("account_id")))
_last_read = (
    select(markers.c.last_read_id)
    .where(markers.c.account_id == bindparam("account_id"), markers.c.timeline == literal("notifications"))
    .scalar_subquery()
)
UNREAD = statement(
    select(func.count()).select_from(
        select(notifications.c.id)
        .join(accounts, accounts.c.id == notifications.c.from_account_id)
        .where(
            notifications.c.account_id == bindparam("account_id"),
            notifications.c.id > func.coalesce(_last_read, 0),
            any_of(notifications.c.type, "types"),
            accounts.c.suspended_at.is_(None),
        )
        .limit(bindparam("limit"))
        .subquery()
    )
)
