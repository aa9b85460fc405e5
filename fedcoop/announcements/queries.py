"""SQL of announcements: there are few at a time, so they are read at once."""

from sqlalchemy import BigInteger, bindparam, case, delete, exists, func, insert, or_, select
from sqlalchemy.dialects.postgresql import insert as upsert

from fedcoop.announcements.types import Announcement
from fedcoop.db import any_of, columns_of, statement
from fedcoop.db.schema.announcements import announcement_reactions, announcement_reads, announcements

MOST = 100

_id = bindparam("id", type_=BigInteger())
_viewer = bindparam("viewer", type_=BigInteger())
_columns = columns_of(Announcement, announcements)
_read = exists().where(
    announcement_reads.c.announcement_id == announcements.c.id, announcement_reads.c.account_id == _viewer
)
_over = announcements.c.ends_at <= bindparam("now", type_=BigInteger())

INSERT = statement(insert(announcements))
DELETE = statement(delete(announcements).where(announcements.c.id == _id))
# Each with whether the viewer has read it, the newest first.
CURRENT = statement(
    select(_read.label("read"), *_columns)
    .where(or_(announcements.c.ends_at.is_(None), ~_over))
    .order_by(announcements.c.id.desc())
    .limit(MOST)
)
ONE = statement(select(_read.label("read"), *_columns).where(announcements.c.id == _id))
ALL = statement(
    select(*_columns).order_by(announcements.c.id.desc()).limit(bindparam("limit")), into=Announcement
)

READ = statement(upsert(announcement_reads).on_conflict_do_nothing())
_r = announcement_reactions
REACT = statement(upsert(_r).on_conflict_do_nothing())
_that = (
    _r.c.announcement_id == bindparam("announcement_id", type_=BigInteger()),
    _r.c.name == bindparam("name"),
)
TAKE_BACK = statement(
    delete(_r).where(*_that, _r.c.account_id == bindparam("account_id", type_=BigInteger()))
)
# In the order in which each emoji was first put.
REACTIONS = statement(
    select(
        _r.c.announcement_id,
        _r.c.name,
        func.count().label("count"),
        func.max(case((_r.c.account_id == _viewer, 1), else_=0)).label("me"),
    )
    .where(any_of(_r.c.announcement_id, "ids"))
    .group_by(_r.c.announcement_id, _r.c.name)
    .order_by(_r.c.announcement_id, func.min(_r.c.created_at), _r.c.name)
)
NAMES = statement(select(_r.c.name).where(_r.c.announcement_id == _id).distinct())
COUNT = statement(select(func.count()).select_from(_r).where(*_that))
