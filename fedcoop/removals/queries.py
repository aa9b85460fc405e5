"""SQL of taking statuses away and bringing them back, with their reblogs."""

from sqlalchemy import BigInteger, Boolean, bindparam, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from fedcoop.db import statement
from fedcoop.db.schema.accounts import accounts
from fedcoop.db.schema.statuses import home_entries, removed_statuses, statuses

ID = bindparam("id", type_=BigInteger())

SET_SENSITIVE = statement(
    update(statuses)
    .where(statuses.c.id == ID)
    .values(
        sensitive=bindparam("now_sensitive", type_=Boolean()),
        edited_at=bindparam("at"),
        revision=statuses.c.revision + 1,
    )
)

_with_reblogs = or_(statuses.c.id == ID, statuses.c.reblog_of_id == ID)
KEEP_AUDIENCE = statement(
    insert(removed_statuses)
    .from_select(
        ["status_id", "visibility", "removed_at"],
        select(statuses.c.id, statuses.c.visibility, bindparam("now", type_=BigInteger())).where(
            _with_reblogs, statuses.c.visibility != "removed"
        ),
    )
    .on_conflict_do_nothing()
)
HIDE_REMOVED = statement(
    update(statuses).where(_with_reblogs).values(visibility="removed", revision=statuses.c.revision + 1)
)
TAKE_REMOVED_HOME = statement(
    delete(home_entries).where(home_entries.c.status_id.in_(select(statuses.c.id).where(_with_reblogs)))
)
_audience = (
    select(removed_statuses.c.visibility)
    .where(removed_statuses.c.status_id == statuses.c.id)
    .correlate(statuses)
    .scalar_subquery()
)
SHOW_AGAIN = statement(
    update(statuses)
    .where(_with_reblogs, statuses.c.visibility == "removed")
    .values(visibility=func.coalesce(_audience, "direct"), revision=statuses.c.revision + 1)
)
FORGET_AUDIENCE = statement(
    delete(removed_statuses).where(
        removed_statuses.c.status_id.in_(select(statuses.c.id).where(_with_reblogs))
    )
)
RECOUNT_STATUS = statement(
    update(accounts)
    .where(
        or_(
            accounts.c.id == bindparam("account_id"),
            accounts.c.id.in_(select(statuses.c.account_id).where(statuses.c.reblog_of_id == ID)),
        )
    )
    .values(statuses_count=accounts.c.statuses_count + 1, revision=accounts.c.revision + 1)
)
