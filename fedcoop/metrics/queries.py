"""SQL of numbers about the server. Each reads many rows: run them in `db.scan()`."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Text,
    bindparam,
    column,
    distinct,
    func,
    literal_column,
    or_,
    select,
    table,
    union_all,
)

from fedcoop import clock
from fedcoop.db import any_of, statement
from fedcoop.db.schema.accounts import accounts, follows, users
from fedcoop.db.schema.media import cached_files
from fedcoop.db.schema.moderating import reports
from fedcoop.db.schema.oauth import oauth_apps
from fedcoop.db.schema.statuses import favourites, media_attachments, status_tags, statuses

_start, _end = bindparam("start", type_=BigInteger()), bindparam("end", type_=BigInteger())
_start_id, _end_id = bindparam("start_id", type_=BigInteger()), bindparam("end_id", type_=BigInteger())
_tag, _domain = bindparam("tag_id", type_=BigInteger()), bindparam("domain", type_=Text())
_limit = bindparam("limit", type_=BigInteger())


def _day(time: ColumnElement[int]) -> ColumnElement[int]:
    """The number of a moment's day."""
    return time // literal_column(str(clock.DAY), BigInteger())


def _day_of_id(id_: ColumnElement[int]) -> ColumnElement[int]:
    """The same for what is made at the moment that its id says."""
    return _day(id_.bitwise_rshift(literal_column("16")))


def _daily(day: ColumnElement[int], number: ColumnElement[int], source: Any, *where: Any) -> Select[Any]:
    counted: list[ColumnElement[Any]] = [day.label("day"), number.label("number")]
    return select(*counted).select_from(source).where(*where).group_by(day)


def _between(time: ColumnElement[int]) -> ColumnElement[bool]:
    return (time >= _start) & (time < _end)


def _ids_between(id_: ColumnElement[int]) -> ColumnElement[bool]:
    return (id_ >= _start_id) & (id_ < _end_id)


# What members did: posted, answered, boosted, favourited.
_acts = union_all(
    select(statuses.c.account_id, _day_of_id(statuses.c.id).label("day"))
    .join(users, users.c.account_id == statuses.c.account_id)
    .where(_ids_between(statuses.c.id)),
    select(favourites.c.account_id, _day_of_id(favourites.c.id).label("day"))
    .join(users, users.c.account_id == favourites.c.account_id)
    .where(_ids_between(favourites.c.id)),
).subquery("acts")
_liked, _theirs = statuses.alias("liked"), accounts.alias("theirs")
_interactions = union_all(
    select(_day_of_id(favourites.c.id).label("day"))
    .join(_liked, _liked.c.id == favourites.c.status_id)
    .where(_ids_between(favourites.c.id), _liked.c.local),
    select(_day_of_id(statuses.c.id).label("day"))
    .join(_liked, or_(_liked.c.id == statuses.c.reblog_of_id, _liked.c.id == statuses.c.in_reply_to_id))
    .where(_ids_between(statuses.c.id), _liked.c.local),
).subquery("interactions")
_tagged = statuses.join(status_tags, status_tags.c.status_id == statuses.c.id).join(
    accounts, accounts.c.id == statuses.c.account_id
)
_with_tag = (status_tags.c.tag_id == _tag, _ids_between(statuses.c.id))
_written = statuses.join(accounts, accounts.c.id == statuses.c.account_id)
_from_there = (accounts.c.domain == _domain, _ids_between(statuses.c.id))
_status_day = _day_of_id(statuses.c.id)
_all = func.count()

DAILY = {
    key: statement(select_)
    for key, select_ in {
        "active_users": _daily(_acts.c.day, func.count(distinct(_acts.c.account_id)), _acts),
        "new_users": _daily(_day(users.c.created_at), _all, users, _between(users.c.created_at)),
        "interactions": _daily(_interactions.c.day, _all, _interactions),
        "opened_reports": _daily(_day(reports.c.created_at), _all, reports, _between(reports.c.created_at)),
        "resolved_reports": _daily(
            _day(reports.c.action_taken_at), _all, reports, _between(reports.c.action_taken_at)
        ),
        "tag_accounts": _daily(_status_day, func.count(distinct(statuses.c.account_id)), _tagged, *_with_tag),
        "tag_uses": _daily(_status_day, _all, _tagged, *_with_tag),
        "tag_servers": _daily(_status_day, func.count(distinct(accounts.c.domain)), _tagged, *_with_tag),
        "instance_accounts": _daily(
            _day_of_id(accounts.c.id),
            _all,
            accounts,
            accounts.c.domain == _domain,
            _ids_between(accounts.c.id),
        ),
        "instance_media_attachments": _daily(
            _status_day,
            _all,
            _written.join(media_attachments, media_attachments.c.status_id == statuses.c.id),
            *_from_there,
        ),
        "instance_reports": _daily(
            _day(reports.c.created_at),
            _all,
            reports.join(accounts, accounts.c.id == reports.c.target_id),
            accounts.c.domain == _domain,
            _between(reports.c.created_at),
        ),
        "instance_statuses": _daily(_status_day, _all, _written, *_from_there),
        "instance_follows": _daily(
            _day(follows.c.created_at),
            _all,
            follows.join(accounts, accounts.c.id == follows.c.target_id),
            accounts.c.domain == _domain,
            _between(follows.c.created_at),
        ),
        "instance_followers": _daily(
            _day(follows.c.created_at),
            _all,
            follows.join(accounts, accounts.c.id == follows.c.account_id),
            accounts.c.domain == _domain,
            _between(follows.c.created_at),
        ),
    }.items()
}
"""Of each measure the numbers of its days."""
DISTINCT = {
    "active_users": statement(select(func.count(distinct(_acts.c.account_id)))),
    "tag_accounts": statement(
        select(func.count(distinct(statuses.c.account_id))).select_from(_tagged).where(*_with_tag)
    ),
    "tag_servers": statement(
        select(func.count(distinct(accounts.c.domain))).select_from(_tagged).where(*_with_tag)
    ),
}
"""Of those whose days cannot be added up, the whole."""


def _most(key: ColumnElement[Any], source: Any, *where: Any, number: Any = _all) -> Select[Any]:
    return (
        select(key.label("key"), number.label("number"))
        .select_from(source)
        .where(key.is_not(None), *where)
        .group_by(key)
        .order_by(number.desc(), key)
        .limit(_limit)
    )


_actors = select(_acts.c.account_id).distinct()
MOST = {
    key: statement(select_)
    for key, select_ in {
        "languages": _most(users.c.locale, users, users.c.account_id.in_(_actors)),
        "sources": _most(
            oauth_apps.c.name,
            statuses.join(oauth_apps, oauth_apps.c.id == statuses.c.app_id),
            statuses.c.local,
            _ids_between(statuses.c.id),
        ),
        "servers": _most(accounts.c.domain, _written, _ids_between(statuses.c.id)),
        "tag_servers": _most(accounts.c.domain, _tagged, *_with_tag),
        "tag_languages": _most(statuses.c.language, _tagged, *_with_tag),
        "instance_accounts": _most(
            accounts.c.username,
            accounts,
            accounts.c.domain == _domain,
            number=func.max(accounts.c.followers_count),
        ),
        "instance_languages": _most(statuses.c.language, _written, *_from_there),
    }.items()
}
"""Of each dimension what there is most of."""

_pages = table("pragma_page_count", column("page_count"))
_size = table("pragma_page_size", column("page_size"))
DATABASE_SIZE = {
    "sqlite": statement(select(_pages.c.page_count * _size.c.page_size).select_from(_pages, _size)),
    "postgresql": statement(select(func.pg_database_size(func.current_database()))),
}
DATABASE_VERSION = {
    "sqlite": statement(select(func.sqlite_version())),
    "postgresql": statement(select(func.current_setting("server_version"))),
}
COPIES_SIZE = statement(select(func.coalesce(func.sum(cached_files.c.size), 0)))

JOINED = statement(select(users.c.account_id, users.c.created_at).where(_between(users.c.created_at)))
SEEN = statement(select(_acts.c.account_id, _acts.c.day).where(any_of(_acts.c.account_id, "ids")).distinct())
