"""SQL of mandates."""

from sqlalchemy import bindparam, insert, or_, select, update

from fedcoop.db import columns_of, statement
from fedcoop.db.schema.accounts import accounts
from fedcoop.db.schema.governance import mandates

from .types import Mandate, of_row

_columns = columns_of(Mandate, mandates)
_held = mandates.c.ended_at.is_(None)

ADD = statement(insert(mandates))
BY_ID = statement(select(*_columns).where(mandates.c.id == bindparam("id")), into=Mandate)
HELD_BY = statement(
    select(*_columns).where(mandates.c.account_id == bindparam("account_id"), _held), into=Mandate
)
HELD = statement(
    select(*_columns).where(
        mandates.c.account_id == bindparam("account_id"), mandates.c.office == bindparam("office"), _held
    ),
    into=Mandate,
)
LISTED = statement(
    select(*_columns, accounts.c.username)
    .join(accounts, accounts.c.id == mandates.c.account_id)
    .where(
        or_(bindparam("any_office") == True, mandates.c.office == bindparam("office")),  # noqa: E712 # SQL
        or_(bindparam("past") == True, _held),  # noqa: E712 # SQL
    )
    .order_by(mandates.c.office, mandates.c.started_at, mandates.c.id)
    .limit(bindparam("limit")),
    into=of_row,
)
END = statement(
    update(mandates)
    .where(mandates.c.id == bindparam("mandate_id"), _held)
    .values(ended_at=bindparam("at"), ended_because=bindparam("why"))
)
