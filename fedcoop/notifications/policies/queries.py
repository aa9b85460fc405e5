"""SQL of policies, of senders let through, and of requests by those held back."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, bindparam, delete, exists, false, func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from fedcoop.db import any_of, columns_of, statement
from fedcoop.db.schema.accounts import accounts
from fedcoop.db.schema.notifications import (
    notification_permissions,
    notification_policies,
    notification_requests,
    notifications,
)
from fedcoop.notifications.types import Policy, Request
from fedcoop.paging import Paged

MOST_COUNTED = 100
"""No client shows a larger number."""

_account = bindparam("account_id", type_=BigInteger())
r = notification_requests

POLICY = statement(
    select(*columns_of(Policy, notification_policies)).where(notification_policies.c.account_id == _account),
    into=Policy,
)
_put = upsert(notification_policies)
SET_POLICY = statement(
    _put.on_conflict_do_update(
        index_elements=["account_id"], set_={name: _put.excluded[name] for name in Policy.__struct_fields__}
    )
)

_held = (
    notifications.c.account_id == r.c.account_id,
    notifications.c.from_account_id == r.c.from_account_id,
    notifications.c.filtered,
)


def _some_held(*columns: Any) -> Any:
    return select(*columns).where(*_held).order_by(notifications.c.id.desc()).correlate(r)


_count = (
    select(func.count())
    .select_from(_some_held(notifications.c.id).limit(MOST_COUNTED).subquery())
    .correlate(r)
    .scalar_subquery()
)
_last_status = (
    _some_held(notifications.c.status_id)
    .where(notifications.c.status_id.is_not(None))
    .limit(1)
    .scalar_subquery()
)
_last_at = _some_held(notifications.c.created_at).limit(1).scalar_subquery()
_pending = (
    r.c.account_id == _account,
    exists().where(*_held).correlate(r),
    exists().where(accounts.c.id == r.c.from_account_id, accounts.c.suspended_at.is_(None)).correlate(r),
)
_shown = select(
    r.c.id,
    r.c.from_account_id,
    r.c.created_at,
    _count.label("count"),
    _last_status.label("last_status_id"),
    func.coalesce(_last_at, r.c.created_at).label("updated_at"),
).where(*_pending)
REQUESTS = Paged(_shown, r.c.id, into=Request)
REQUEST = statement(_shown.where(r.c.id == bindparam("id", type_=BigInteger())), into=Request)
_counted = select(_count.label("held")).where(*_pending).limit(MOST_COUNTED).subquery()
SUMMARY = statement(select(func.count(), func.coalesce(func.sum(_counted.c.held), 0)).select_from(_counted))

_asked = (r.c.account_id == _account, any_of(r.c.id, "ids"))
PERMIT = statement(
    upsert(notification_permissions)
    .from_select(
        ["account_id", "from_account_id"], select(r.c.account_id, r.c.from_account_id).where(*_asked)
    )
    .on_conflict_do_nothing()
)
_theirs = (
    notifications.c.account_id == _account,
    notifications.c.from_account_id.in_(select(r.c.from_account_id).where(*_asked)),
    notifications.c.filtered,
)
LET_THROUGH = statement(update(notifications).where(*_theirs).values(filtered=false()))
FORGET_HELD = statement(delete(notifications).where(*_theirs))
ANSWERED = statement(delete(r).where(*_asked))
