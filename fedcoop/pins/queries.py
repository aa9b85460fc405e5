"""SQL of pins. The page of an account's pinned statuses is `fedcoop.timelines.queries.PINNED`."""

from sqlalchemy import BigInteger, bindparam, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from fedcoop.db import statement
from fedcoop.db.schema.arranging import pins

_account = bindparam("account_id", type_=BigInteger())

INSERT = statement(insert(pins).on_conflict_do_nothing())
DELETE = statement(
    delete(pins).where(
        pins.c.account_id == _account, pins.c.status_id == bindparam("status_id", type_=BigInteger())
    )
)
CLEAR = statement(delete(pins).where(pins.c.account_id == _account))
COUNT = statement(select(func.count()).select_from(pins).where(pins.c.account_id == _account))
