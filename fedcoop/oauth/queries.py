"""Every statement about applications, codes and tokens."""

from sqlalchemy import bindparam, delete, func, insert, select, update

from fedcoop.db import any_of, columns_of, statement
from fedcoop.db.schema.accounts import accounts, users
from fedcoop.db.schema.oauth import oauth_apps, oauth_codes, oauth_tokens
from fedcoop.oauth.types import App, Code, Grant, Token

ADD_APP = statement(insert(oauth_apps))
APP_BY_CLIENT_ID = statement(
    select(*columns_of(App, oauth_apps)).where(oauth_apps.c.client_id == bindparam("client_id")), into=App
)
APP_BY_ID = statement(
    select(*columns_of(App, oauth_apps)).where(oauth_apps.c.id == bindparam("id")), into=App
)

ADD_CODE = statement(insert(oauth_codes))
CODE = statement(
    select(*columns_of(Code, oauth_codes)).where(oauth_codes.c.code_hash == bindparam("code_hash")), into=Code
)
# The condition makes a code good for one exchange even when two arrive together.
USE_CODE = statement(
    update(oauth_codes)
    .where(oauth_codes.c.code_hash == bindparam("code"), oauth_codes.c.used == bindparam("unused"))
    .values(used=bindparam("now_used"))
)
REMOVE_OLD_CODES = statement(delete(oauth_codes).where(oauth_codes.c.expires_at < bindparam("before")))

ADD_TOKEN = statement(insert(oauth_tokens))
TOKEN = statement(
    select(
        oauth_tokens.c.id,
        oauth_tokens.c.app_id,
        oauth_tokens.c.account_id,
        oauth_tokens.c.scopes,
        oauth_tokens.c.created_at,
        users.c.role,
        users.c.confirmed_at,
        users.c.approved_at,
        users.c.disabled_at,
        accounts.c.suspended_at,
        accounts.c.deleted_at,
    )
    .select_from(
        oauth_tokens.outerjoin(users, users.c.account_id == oauth_tokens.c.account_id).outerjoin(
            accounts, accounts.c.id == oauth_tokens.c.account_id
        )
    )
    .where(oauth_tokens.c.token_hash == bindparam("token_hash"), oauth_tokens.c.revoked_at.is_(None)),
    into=Token,
)
STILL_GOOD = statement(
    select(oauth_tokens.c.id)
    .select_from(
        oauth_tokens.join(users, users.c.account_id == oauth_tokens.c.account_id).join(
            accounts, accounts.c.id == oauth_tokens.c.account_id
        )
    )
    .where(
        any_of(oauth_tokens.c.id, "ids"),
        oauth_tokens.c.revoked_at.is_(None),
        users.c.disabled_at.is_(None),
        users.c.confirmed_at.is_not(None),
        users.c.approved_at.is_not(None),
        accounts.c.suspended_at.is_(None),
        accounts.c.deleted_at.is_(None),
    )
)
REVOKE_TOKEN = statement(
    update(oauth_tokens).where(oauth_tokens.c.id == bindparam("token_id")).values(revoked_at=bindparam("at"))
)
REVOKE_OF_ACCOUNT = statement(
    update(oauth_tokens)
    .where(oauth_tokens.c.account_id == bindparam("of_account"), oauth_tokens.c.revoked_at.is_(None))
    .values(revoked_at=bindparam("at"))
)
REVOKE_OF_APP = statement(
    update(oauth_tokens)
    .where(
        oauth_tokens.c.account_id == bindparam("of_account"),
        oauth_tokens.c.app_id == bindparam("of_app"),
        oauth_tokens.c.created_at >= bindparam("since"),
        oauth_tokens.c.revoked_at.is_(None),
    )
    .values(revoked_at=bindparam("at"))
)
GRANTS = statement(
    select(
        oauth_apps.c.id,
        oauth_apps.c.name,
        oauth_apps.c.website,
        func.max(oauth_tokens.c.scopes),
        func.max(oauth_tokens.c.created_at),
    )
    .select_from(oauth_tokens.join(oauth_apps, oauth_apps.c.id == oauth_tokens.c.app_id))
    .where(oauth_tokens.c.account_id == bindparam("account_id"), oauth_tokens.c.revoked_at.is_(None))
    .group_by(oauth_apps.c.id, oauth_apps.c.name, oauth_apps.c.website)
    .order_by(func.max(oauth_tokens.c.created_at).desc())
    .limit(200),
    into=Grant,
)
