"""SQL of bookmarks."""

from sqlalchemy import BigInteger, bindparam, delete
from sqlalchemy.dialects.postgresql import insert

from fedcoop.db import statement
from fedcoop.db.schema.statuses import bookmarks
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

INSERT = statement(insert(bookmarks).on_conflict_do_nothing())
DELETE = statement(
    delete(bookmarks).where(
        bookmarks.c.account_id == bindparam("account_id", type_=BigInteger()),
        bookmarks.c.status_id == bindparam("status_id", type_=BigInteger()),
    )
)
PAGE = Paged(
    refs()
    .add_columns(bookmarks.c.id)
    .join(bookmarks, bookmarks.c.status_id == s.c.id)
    .where(bookmarks.c.account_id == VIEWER, nobody_suspended(), visible_to_viewer(), viewer_not_blocked()),
    bookmarks.c.id,
    into=lambda *row: (row[-1], Ref(*row[:-1])),
)
