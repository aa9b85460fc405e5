"""SQL of changing the rules."""

from sqlalchemy import BindParameter, bindparam, func, insert, select, update

from fedcoop.db import statement
from fedcoop.db.schema.instance import rules

_this = rules.c.id == bindparam("rule_id")
_said: dict[str, BindParameter[str]] = {
    name: bindparam(f"new_{name}") for name in ("text", "hint", "translations", "because")
}

INSERT = statement(insert(rules))
LAST_POSITION = statement(select(func.coalesce(func.max(rules.c.position), 0)))
REPEAL = statement(
    update(rules).where(_this, rules.c.repealed_at.is_(None)).values(repealed_at=bindparam("at"))
)
AMEND = statement(update(rules).where(_this, rules.c.repealed_at.is_(None)).values(**_said))
BRING_BACK = statement(update(rules).where(_this).values(repealed_at=None, **_said))
