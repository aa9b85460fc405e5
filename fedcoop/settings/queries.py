"""SQL of settings: a key and its JSON value in each row."""

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert

from fedcoop.db import statement
from fedcoop.db.schema.instance import settings

ALL = statement(select(settings.c.key, settings.c.value))
_put = insert(settings)
PUT = statement(_put.on_conflict_do_update(index_elements=["key"], set_={"value": _put.excluded.value}))
REMOVE = statement(delete(settings).where(settings.c.key == bindparam("key")))
