"""SQL of refreshes."""

from sqlalchemy import bindparam, delete, insert, select, update

from fedcoop.db import columns_of, statement
from fedcoop.db.schema.federation import async_refreshes
from fedcoop.refreshes.types import Refresh

_rows = select(*columns_of(Refresh, async_refreshes))
OF_STATUS = statement(_rows.where(async_refreshes.c.status_id == bindparam("status_id")), into=Refresh)
BY_ID = statement(_rows.where(async_refreshes.c.id == bindparam("id")), into=Refresh)
FORGET = statement(delete(async_refreshes).where(async_refreshes.c.status_id == bindparam("status_id")))
BEGIN = statement(insert(async_refreshes))
TELL = statement(
    update(async_refreshes)
    .where(async_refreshes.c.id == bindparam("refresh_id"))
    .values(
        found=async_refreshes.c.found + bindparam("more"),
        finished_at=bindparam("ended_at"),
    )
)
