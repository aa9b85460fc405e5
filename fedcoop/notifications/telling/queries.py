"""SQL of notifications. Whether one is made at all, and whether it is held back, is decided by `NOTIFY`, in one
statement; what members want held back is `policies`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import (
    BigInteger,
    Boolean,
    Text,
    and_,
    bindparam,
    delete,
    exists,
    false,
    func,
    literal,
    null,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import insert

from fedcoop import clock
from fedcoop.db import any_of, statement
from fedcoop.db.schema.accounts import accounts, blocks, follows, mutes, users
from fedcoop.db.schema.arranging import blocked_domains
from fedcoop.db.schema.notifications import (
    notification_permissions,
    notification_policies,
    notification_requests,
    notifications,
    push_subscriptions,
)
from fedcoop.db.schema.statuses import conversation_mutes, statuses
from fedcoop.notifications.types import Policy

if TYPE_CHECKING:
    from sqlalchemy.sql.elements import ColumnElement

    from fedcoop.db import Row, Statement

NEW_ACCOUNT = 30 * clock.DAY
NEW_FOLLOWER = 3 * clock.DAY
"""Who follows for less than this counts as no follower yet, or following would be a way around the policy."""

_id = bindparam("id", type_=BigInteger())
_to = bindparam("to_id", type_=BigInteger())
_from = bindparam("from_id", type_=BigInteger())
_type = bindparam("type", type_=Text())
_status = bindparam("status_id", type_=BigInteger())
_group = bindparam("group_key", type_=Text())
_detail = bindparam("detail", type_=Text())
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
_of_a_blocked_server = exists().where(
    blocked_domains.c.account_id == _to,
    blocked_domains.c.domain == accounts.c.domain,
)
_about = statuses.alias("about")
_thread_muted = exists().where(
    _about.c.id == _status,
    conversation_mutes.c.conversation_id == _about.c.conversation_id,
    conversation_mutes.c.account_id == _to,
)
_followed = exists().where(follows.c.account_id == _to, follows.c.target_id == _from)
_follows_long = exists().where(
    follows.c.account_id == _from, follows.c.target_id == _to, follows.c.created_at <= _now - NEW_FOLLOWER
)
_permitted = exists().where(
    notification_permissions.c.account_id == _to, notification_permissions.c.from_account_id == _from
)
_asked = statuses.alias("asked")
# A direct status that answers the member, or stands in a conversation that the member began, was asked for.
_unasked_for = exists().where(
    _about.c.id == _status,
    _about.c.visibility == literal("direct"),
    ~exists().where(
        or_(_asked.c.id == _about.c.in_reply_to_id, _asked.c.id == _about.c.conversation_id),
        _asked.c.account_id == _to,
    ),
)


def _same(*, of_status: bool) -> tuple[ColumnElement[bool], ...]:
    """The same was told already. Two forms, so that each finds its index."""
    return (
        notifications.c.account_id == _to,
        notifications.c.from_account_id == _from,
        notifications.c.type == _type,
        notifications.c.status_id == _status if of_status else notifications.c.status_id.is_(None),
    )


def _treated(action: str, *, of_status: bool) -> ColumnElement[bool]:
    """Whether the member's policy does this to the notification."""
    private = and_(_type == literal("mention"), ~_followed, _unasked_for) if of_status else false()
    concerned = {
        "for_not_following": ~_followed,
        "for_not_followers": ~_follows_long,
        "for_new_accounts": accounts.c.created_at > _now - NEW_ACCOUNT,
        "for_private_mentions": private,
        "for_limited_accounts": and_(accounts.c.limited_at.is_not(None), ~_followed),
    }
    return and_(
        bindparam("policed", type_=Boolean()),
        ~_permitted,
        or_(
            *(
                and_(
                    func.coalesce(notification_policies.c[field.name], literal(field.default))
                    == literal(action),
                    concerned[field.name],
                )
                for field in msgspec.structs.fields(Policy)
            )
        ),
    )


_has_devices = exists().where(push_subscriptions.c.account_id == _to)
_earlier = notifications.alias("earlier")
# The group that this is the next of, if one began not too long ago.
_going_on = (
    select(func.max(_earlier.c.group_key))
    .where(
        _earlier.c.account_id == _to,
        _earlier.c.group_key >= bindparam("oldest_key", type_=Text()),
        _earlier.c.group_key <= _group,
    )
    .scalar_subquery()
)


def _notify(*, of_status: bool) -> Statement[Row]:
    row = {
        "id": _id,
        "account_id": users.c.account_id,
        "type": _type,
        "from_account_id": _from,
        "status_id": _status if of_status else null(),
        "group_key": func.coalesce(_going_on, _group),
        "detail": _detail,
        "created_at": _now,
        "filtered": _treated("filter", of_status=of_status),
    }
    heard = (
        accounts.c.suspended_at.is_(None),
        ~_blocked,
        ~_muted,
        ~_of_a_blocked_server,
        # Two reports by the same member differ in their details.
        ~exists().where(*_same(of_status=of_status), notifications.c.detail == _detail),
        ~_treated("drop", of_status=of_status),
    )
    return statement(
        insert(notifications)
        .from_select(
            list(row),
            select(*row.values())
            .select_from(
                users.join(accounts, accounts.c.id == _from).outerjoin(
                    notification_policies, notification_policies.c.account_id == users.c.account_id
                )
            )
            .where(users.c.account_id == _to, *heard, *([~_thread_muted] if of_status else [])),
        )
        .on_conflict_do_nothing()
        .returning(notifications.c.filtered, _has_devices.label("pushed"))
    )


NOTIFY = _notify(of_status=False)
NOTIFY_OF_STATUS = _notify(of_status=True)
FORGET = statement(delete(notifications).where(*_same(of_status=False)))
FORGET_OF_STATUS = statement(delete(notifications).where(*_same(of_status=True)))
INSERT = statement(insert(notifications))
HAVE_DEVICES = statement(
    select(push_subscriptions.c.account_id).where(any_of(push_subscriptions.c.account_id, "ids")).distinct()
)
REQUEST = statement(insert(notification_requests).on_conflict_do_nothing())
