"""SQL of the constitutions."""

from sqlalchemy import insert, select

from fedcoop.db import statement
from fedcoop.db.schema.governance import constitutions

ADD = statement(insert(constitutions))
IN_FORCE = statement(
    select(constitutions.c.body, constitutions.c.ledger_index, constitutions.c.adopted_at)
    .order_by(constitutions.c.id.desc())
    .limit(1)
)
