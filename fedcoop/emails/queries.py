"""SQL of the links in letters, and of the addresses they are about."""

from sqlalchemy import bindparam, delete, insert, select, update

from fedcoop.db import columns_of, statement
from fedcoop.db.schema.accounts import email_tokens, users
from fedcoop.emails.types import EmailToken

ADD = statement(insert(email_tokens))
BY_HASH = statement(
    select(*columns_of(EmailToken, email_tokens)).where(
        email_tokens.c.token_hash == bindparam("token_hash"),
        email_tokens.c.purpose == bindparam("purpose"),
        email_tokens.c.expires_at > bindparam("now"),
    ),
    into=EmailToken,
)
SPEND = statement(delete(email_tokens).where(email_tokens.c.token_hash == bindparam("token_hash")))
# The latest link alone is good: an address that was mistyped first must not open the account.
REPLACE = statement(
    delete(email_tokens).where(
        email_tokens.c.account_id == bindparam("account_id"), email_tokens.c.purpose == bindparam("purpose")
    )
)
REMOVE_OF_ACCOUNT = statement(
    delete(email_tokens).where(email_tokens.c.account_id == bindparam("account_id"))
)
REMOVE_EXPIRED = statement(delete(email_tokens).where(email_tokens.c.expires_at <= bindparam("now")))
SET_EMAIL = statement(
    update(users).where(users.c.account_id == bindparam("of_account")).values(email=bindparam("new_email"))
)
