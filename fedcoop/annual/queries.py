"""SQL of yearly reports."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from fedcoop import clock
from fedcoop.annual.types import Kept, Posted
from fedcoop.db import columns_of, statement
from fedcoop.db.schema.accounts import follows
from fedcoop.db.schema.instance import annual_reports
from fedcoop.db.schema.statuses import status_tags, statuses, tags

ACCOUNT = bindparam("account_id", type_=BigInteger())
YEAR = bindparam("year", type_=Integer())
_DAY = literal_column(str(clock.DAY), BigInteger())


def _within(column: ColumnElement[int]) -> tuple[ColumnElement[bool], ...]:
    return column >= bindparam("begin", type_=BigInteger()), column < bindparam("end", type_=BigInteger())


def _sum(condition: ColumnElement[bool]) -> ColumnElement[Any]:
    return func.sum(case((condition, 1), else_=0))


_s = statuses.c
_day = _s.id.bitwise_rshift(literal_column("16")) // _DAY
POSTED = statement(
    select(
        _day,
        func.count(),
        _sum(_s.reblog_of_id.is_not(None)),
        _sum(_s.in_reply_to_account_id.is_not(None) & (_s.in_reply_to_account_id != _s.account_id)),
        _sum(_s.poll_id.is_not(None)),
    )
    .where(_s.account_id == ACCOUNT, *_within(_s.id))
    .group_by(_day),
    into=Posted,
)
_followed = follows.c.created_at // _DAY
FOLLOWERS = statement(
    select(_followed, func.count())
    .where(follows.c.target_id == ACCOUNT, *_within(follows.c.created_at))
    .group_by(_followed)
)
TOP_TAG = statement(
    select(tags.c.display_name, func.count().label("uses"))
    .select_from(
        statuses.join(status_tags, status_tags.c.status_id == _s.id).join(
            tags, tags.c.id == status_tags.c.tag_id
        )
    )
    .where(_s.account_id == ACCOUNT, *_within(_s.id))
    .group_by(tags.c.id, tags.c.display_name)
    .order_by(func.count().desc(), tags.c.id)
    .limit(1)
)
TOP_STATUS = statement(
    select(_s.id)
    .where(
        _s.account_id == ACCOUNT,
        *_within(_s.id),
        or_(_s.visibility == "public", _s.visibility == "unlisted"),
        _s.reblogs_count > 0,
    )
    .order_by(_s.reblogs_count.desc(), _s.favourites_count.desc(), _s.id.desc())
    .limit(1)
)
COUNT = statement(select(func.count()).select_from(statuses).where(_s.account_id == ACCOUNT, *_within(_s.id)))

_kept = select(*columns_of(Kept, annual_reports))
BEGIN = statement(insert(annual_reports).on_conflict_do_nothing())
OF_YEAR = statement(
    _kept.where(annual_reports.c.account_id == ACCOUNT, annual_reports.c.year == YEAR), into=Kept
)
OF_ACCOUNT = statement(
    _kept.where(annual_reports.c.account_id == ACCOUNT, annual_reports.c.data != "").order_by(
        annual_reports.c.year
    ),
    into=Kept,
)
_this = (
    annual_reports.c.account_id == bindparam("of_account", type_=BigInteger()),
    annual_reports.c.year == bindparam("of_year", type_=Integer()),
)
FILL = statement(update(annual_reports).where(*_this).values(data=bindparam("made")))
READ = statement(
    update(annual_reports).where(*_this, annual_reports.c.data != "").values(read_at=bindparam("at"))
)
