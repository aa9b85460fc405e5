"""SQL of scheduled statuses."""

from sqlalchemy import BigInteger, bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from fedcoop.db import any_of, columns_of, statement
from fedcoop.db.schema.arranging import scheduled_media, scheduled_statuses
from fedcoop.db.schema.statuses import media_attachments
from fedcoop.paging import Paged
from fedcoop.scheduled.types import Scheduled

_account = bindparam("account_id", type_=BigInteger())
_id = bindparam("id", type_=BigInteger())

_row = select(*columns_of(Scheduled, scheduled_statuses))
PAGE = Paged(_row.where(scheduled_statuses.c.account_id == _account), scheduled_statuses.c.id, into=Scheduled)
BY_ID = statement(_row.where(scheduled_statuses.c.id == _id), into=Scheduled)
COUNT = statement(
    select(func.count()).select_from(scheduled_statuses).where(scheduled_statuses.c.account_id == _account)
)
COUNT_BETWEEN = statement(
    select(func.count())
    .select_from(scheduled_statuses)
    .where(
        scheduled_statuses.c.account_id == _account,
        scheduled_statuses.c.scheduled_at >= bindparam("start"),
        scheduled_statuses.c.scheduled_at < bindparam("end"),
    )
)
INSERT = statement(insert(scheduled_statuses))
MOVE = statement(
    update(scheduled_statuses)
    .where(scheduled_statuses.c.id == _id)
    .values(scheduled_at=bindparam("new_time"))
)
DELETE = statement(delete(scheduled_statuses).where(scheduled_statuses.c.id == _id))
RESERVE = statement(insert(scheduled_media).on_conflict_do_nothing())
MEDIA = statement(
    select(scheduled_media.c.scheduled_id, media_attachments)
    .join(media_attachments, media_attachments.c.id == scheduled_media.c.media_id)
    .where(any_of(scheduled_media.c.scheduled_id, "ids"))
    .order_by(scheduled_media.c.scheduled_id, scheduled_media.c.position)
)
