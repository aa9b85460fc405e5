"""SQL of uploads. Those that hang on statuses are read by `fedcoop.statuses.queries.MEDIA`."""

from sqlalchemy import BigInteger, bindparam, delete, insert, select, update

from fedcoop.db import any_of, statement
from fedcoop.db.schema.statuses import media_attachments as m

ID = bindparam("id", type_=BigInteger())
_OWNER = m.c.account_id == bindparam("account_id", type_=BigInteger())
_ours = m.c.remote_url.is_(None)

OWN = statement(select(m).where(m.c.id == ID, _OWNER))
INSERT = statement(insert(m))
DESCRIBE = statement(
    update(m)
    .where(m.c.id == bindparam("media_id", type_=BigInteger()))
    .values(
        description=bindparam("new_description"),
        meta=bindparam("new_meta"),
        preview_url=bindparam("new_preview_url"),
    )
)
BY_ID = statement(select(m).where(m.c.id == ID))
FINISH = statement(
    update(m)
    .where(m.c.id == bindparam("media_id", type_=BigInteger()), m.c.processing == "waiting")
    .values(
        type=bindparam("new_type"),
        mime_type=bindparam("new_mime_type"),
        url=bindparam("new_url"),
        preview_url=bindparam("new_preview_url"),
        blurhash=bindparam("new_blurhash"),
        meta=bindparam("new_meta"),
        processing="",
    )
)
FAIL = statement(
    update(m)
    .where(m.c.id == bindparam("media_id", type_=BigInteger()), m.c.processing == "waiting")
    .values(processing=bindparam("why"))
)
DELETE_FREE = statement(
    delete(m).where(m.c.id == ID, m.c.status_id.is_(None)).returning(m.c.url, m.c.preview_url)
)
DELETE_OLD_FREE = statement(
    delete(m)
    .where(
        any_of(m.c.id, "ids"),
        m.c.status_id.is_(None),
    )
    .returning(m.c.url, m.c.preview_url)
)
OLD_FREE = statement(
    select(m.c.id)
    .where(m.c.status_id.is_(None), _ours, m.c.created_at < bindparam("before"))
    .limit(bindparam("most"))
)
