"""SQL of changing the rules."""

from sqlalchemy import bindparam, func, insert, select, update

from fedcoop.db import statement
from fedcoop.db.schema.instance import rules

INSERT = statement(insert(rules))
LAST_POSITION = statement(select(func.coalesce(func.max(rules.c.position), 0)))
REPEAL = statement(
    update(rules)
    .where(rules.c.id == bindparam("rule_id"), rules.c.repealed_at.is_(None))
    .values(repealed_at=bindparam("at"))
)
