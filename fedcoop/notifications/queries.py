"""SQL of reading one's own notifications and letting them go. Whether one is made is decided in `telling`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Boolean, bindparam, case, delete, func, literal, or_, select

from fedcoop.db import any_of, columns_of, statement
from fedcoop.db.schema.accounts import accounts, users
from fedcoop.db.schema.notifications import notification_requests, notifications
from fedcoop.db.schema.statuses import markers
from fedcoop.notifications.types import Notification
from fedcoop.paging import Paged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Select
    from sqlalchemy.sql.elements import ColumnElement

_account = bindparam("account_id", type_=BigInteger())
_sender = bindparam("from_account_id", type_=BigInteger())
_below = bindparam("page_below", type_=BigInteger())
_columns = select(*columns_of(Notification, notifications))
_newer = notifications.alias("newer")
_newer_sender = accounts.alias("newer_sender")

Which = tuple[bool, bool]
"""Also what is held back? From one sender only?"""


def _leading(which: Which) -> tuple[ColumnElement[bool], ...]:
    """Shown, and not outdone by a newer one of its group: a group stands where its newest stands. Types that are
    not `grouped` stand alone. A sender may have been suspended since."""
    filtered, one_sender = which

    def narrowed(table: Any) -> Iterator[ColumnElement[bool]]:
        yield table.c.account_id == _account
        if not filtered:
            yield ~table.c.filtered
        if one_sender:
            yield table.c.from_account_id == _sender

    outdone = (
        select(literal(1))
        .select_from(_newer.join(_newer_sender, _newer_sender.c.id == _newer.c.from_account_id))
        .where(
            _newer.c.group_key == notifications.c.group_key,
            _newer.c.id > notifications.c.id,
            _newer.c.id < _below,
            _newer_sender.c.suspended_at.is_(None),
            *narrowed(_newer),
        )
        .exists()
    )
    return (
        *narrowed(notifications),
        any_of(notifications.c.type, "types"),
        accounts.c.suspended_at.is_(None),
        or_(~any_of(notifications.c.type, "grouped"), ~outdone),
    )


_BOTH = (False, True)
_sent = notifications.join(accounts, accounts.c.id == notifications.c.from_account_id)
PAGES = {
    (filtered, one_sender): Paged(
        _columns.select_from(_sent).where(*_leading((filtered, one_sender))),
        notifications.c.id,
        into=Notification,
    )
    for filtered in _BOTH
    for one_sender in _BOTH
}

_last_read = (
    select(markers.c.last_read_id)
    .where(markers.c.account_id == _account, markers.c.timeline == literal("notifications"))
    .scalar_subquery()
)


def _unread(which: Which) -> Select[Any]:
    unread = (
        select(notifications.c.id)
        .select_from(_sent)
        .where(notifications.c.id > func.coalesce(_last_read, 0), *_leading(which))
        .limit(bindparam("limit", type_=BigInteger()))
        .subquery()
    )
    return select(func.count()).select_from(unread)


UNREAD = {one_sender: statement(_unread((False, one_sender))) for one_sender in _BOTH}

SAMPLE = 8
_place = func.row_number().over(partition_by=notifications.c.group_key, order_by=notifications.c.id.desc())
_on_page = case((notifications.c.id >= bindparam("lowest", type_=BigInteger()), notifications.c.id))
_numbered = (
    select(
        notifications.c.group_key,
        notifications.c.from_account_id,
        _place.label("place"),
        func.count().over(partition_by=notifications.c.group_key).label("count"),
        func.min(_on_page).over(partition_by=notifications.c.group_key).label("oldest"),
    )
    .select_from(_sent)
    .where(
        notifications.c.account_id == _account,
        any_of(notifications.c.group_key, "keys"),
        notifications.c.id < _below,
        or_(~notifications.c.filtered, bindparam("filtered", type_=Boolean())),
        or_(_sender == 0, notifications.c.from_account_id == _sender),
        accounts.c.suspended_at.is_(None),
    )
    .subquery()
)
# Of each group its size, its oldest on this page, and who did it, the latest first.
MEMBERS = statement(
    select(_numbered).where(_numbered.c.place <= SAMPLE).order_by(_numbered.c.group_key, _numbered.c.place)
)
GROUP = Paged(
    _columns.select_from(_sent).where(
        notifications.c.account_id == _account,
        notifications.c.group_key == bindparam("group_key"),
        accounts.c.suspended_at.is_(None),
    ),
    notifications.c.id,
    into=Notification,
)

_one = (notifications.c.id == bindparam("id"), notifications.c.account_id == _account)
FIND = statement(_columns.where(*_one), into=Notification)
DISMISS = statement(delete(notifications).where(*_one))
DISMISS_GROUP = statement(
    delete(notifications).where(
        notifications.c.account_id == _account, notifications.c.group_key == bindparam("group_key")
    )
)
STAFF = statement(
    select(users.c.account_id).where(
        or_(users.c.role == literal("moderator"), users.c.role == literal("admin")),
        users.c.disabled_at.is_(None),
    )
)
CLEAR = [
    statement(delete(table).where(table.c.account_id == _account))
    for table in (notifications, notification_requests)
]
