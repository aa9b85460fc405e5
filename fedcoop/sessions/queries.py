"""Every statement about sessions and the people in them."""

from sqlalchemy import bindparam, delete, insert, select

from fedcoop.accounts.types import User
from fedcoop.db import columns_of, statement
from fedcoop.db.schema.accounts import accounts, sessions, users
from fedcoop.sessions.types import Session

ADD = statement(insert(sessions))
_session = [*(sessions.c[name] for name in Session.__struct_fields__ if name != "role"), users.c.role]
# A session of somebody who may not come in any more is none.
BY_HASH = statement(
    select(*_session)
    .select_from(
        sessions.join(users, users.c.account_id == sessions.c.account_id).join(
            accounts, accounts.c.id == sessions.c.account_id
        )
    )
    .where(
        sessions.c.id_hash == bindparam("id_hash"),
        sessions.c.expires_at > bindparam("now"),
        users.c.disabled_at.is_(None),
        accounts.c.suspended_at.is_(None),
        accounts.c.deleted_at.is_(None),
    ),
    into=Session,
)
OF_ACCOUNT = statement(
    select(*_session)
    .select_from(sessions.join(users, users.c.account_id == sessions.c.account_id))
    .where(sessions.c.account_id == bindparam("account_id"), sessions.c.expires_at > bindparam("now"))
    .order_by(sessions.c.created_at.desc())
    .limit(100),
    into=Session,
)
REMOVE = statement(delete(sessions).where(sessions.c.id_hash == bindparam("id_hash")))
REMOVE_OF_ACCOUNT = statement(delete(sessions).where(sessions.c.account_id == bindparam("account_id")))
REMOVE_EXPIRED = statement(delete(sessions).where(sessions.c.expires_at <= bindparam("now")))

USER_BY_HANDLE = statement(
    select(*columns_of(User, users))
    .select_from(users.join(accounts, accounts.c.id == users.c.account_id))
    .where(accounts.c.handle == bindparam("handle")),
    into=User,
)
