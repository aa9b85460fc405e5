"""SQL of archives: their rows, and what goes into them, page by page."""

from sqlalchemy import BigInteger, Table, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from fedcoop.archives.types import Archive
from fedcoop.db import Row, Statement, columns_of, statement
from fedcoop.db.schema.statuses import bookmarks, favourites, media_attachments, statuses
from fedcoop.db.schema.transfers import archives
from fedcoop.statuses.types import Status

_of = archives.c.account_id == bindparam("of_account", type_=BigInteger())
_columns = select(*columns_of(Archive, archives))

OF_ACCOUNT = statement(_columns.where(_of), into=Archive)
_put = upsert(archives)
PUT = statement(
    _put.on_conflict_do_update(
        index_elements=["account_id"],
        set_={name: _put.excluded[name] for name in Archive.__struct_fields__ if name != "account_id"},
    )
)
FINISH = statement(
    update(archives)
    .where(_of, archives.c.requested_at == bindparam("asked_at"), archives.c.ready_at.is_(None))
    .values(ready_at=bindparam("at"), url=bindparam("new_url"), size=bindparam("new_size"))
)
OLD = statement(
    _columns.where(archives.c.ready_at < bindparam("before"), archives.c.url != "").limit(500), into=Archive
)
FORGET_FILE = statement(update(archives).where(_of).values(url="", size=0))

_mine = bindparam("account_id", type_=BigInteger())
_after = bindparam("after", type_=BigInteger())
STATUSES = statement(
    select(*columns_of(Status, statuses))
    .where(statuses.c.account_id == _mine, statuses.c.id > _after, statuses.c.visibility != "removed")
    .order_by(statuses.c.id)
    .limit(bindparam("limit")),
    into=Status,
)
FILES = statement(
    select(media_attachments.c.id, media_attachments.c.url)
    .where(
        media_attachments.c.account_id == _mine,
        media_attachments.c.id > _after,
        media_attachments.c.status_id.is_not(None),
    )
    .order_by(media_attachments.c.id)
    .limit(bindparam("limit"))
)


def _marked(table: Table) -> Statement[Row]:
    """Addresses of what an account has put a mark on."""
    return statement(
        select(table.c.id, statuses.c.uri)
        .join(statuses, statuses.c.id == table.c.status_id)
        .where(table.c.account_id == _mine, table.c.id > _after)
        .order_by(table.c.id)
        .limit(bindparam("limit"))
    )


LIKED = _marked(favourites)
BOOKMARKED = _marked(bookmarks)
