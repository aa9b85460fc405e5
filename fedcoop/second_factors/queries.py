"""SQL of second factors. What may happen once only is an update with a condition: two at the same moment cannot
both have it."""

from sqlalchemy import bindparam, delete, func, insert, select, update

from fedcoop.db import columns_of, statement
from fedcoop.db.schema.second_factors import login_challenges, recovery_codes, security_keys, totp_secrets
from fedcoop.second_factors.types import Challenge, SecurityKey, Totp

TOTP = statement(
    select(*columns_of(Totp, totp_secrets)).where(totp_secrets.c.account_id == bindparam("account_id")),
    into=Totp,
)
ADD_TOTP = statement(insert(totp_secrets))
REMOVE_TOTP = statement(delete(totp_secrets).where(totp_secrets.c.account_id == bindparam("account_id")))
CONFIRM_TOTP = statement(
    update(totp_secrets)
    .where(totp_secrets.c.account_id == bindparam("of_account"))
    .values(confirmed_at=bindparam("at"))
)
USE_STEP = statement(
    update(totp_secrets)
    .where(totp_secrets.c.account_id == bindparam("of_account"), totp_secrets.c.last_step < bindparam("step"))
    .values(last_step=bindparam("step"))
)

ADD_CODES = statement(insert(recovery_codes))
USE_CODE = statement(
    delete(recovery_codes).where(
        recovery_codes.c.account_id == bindparam("account_id"),
        recovery_codes.c.code_hash == bindparam("code_hash"),
    )
)
REMOVE_CODES = statement(delete(recovery_codes).where(recovery_codes.c.account_id == bindparam("account_id")))
COUNT_CODES = statement(
    select(func.count())
    .select_from(recovery_codes)
    .where(recovery_codes.c.account_id == bindparam("account_id"))
)

KEYS = statement(
    select(*columns_of(SecurityKey, security_keys))
    .where(security_keys.c.account_id == bindparam("account_id"))
    .order_by(security_keys.c.id),
    into=SecurityKey,
)
KEY_IS_KNOWN = statement(
    select(security_keys.c.id).where(security_keys.c.credential_id == bindparam("credential_id"))
)
ADD_KEY = statement(insert(security_keys))
USE_KEY = statement(
    update(security_keys)
    .where(security_keys.c.id == bindparam("key_id"))
    .values(sign_count=bindparam("count"), used_at=bindparam("at"))
)
REMOVE_KEY = statement(
    delete(security_keys).where(
        security_keys.c.id == bindparam("key_id"), security_keys.c.account_id == bindparam("account_id")
    )
)
REMOVE_KEYS = statement(delete(security_keys).where(security_keys.c.account_id == bindparam("account_id")))

ADD_CHALLENGE = statement(insert(login_challenges))
CHALLENGE = statement(
    select(*columns_of(Challenge, login_challenges)).where(
        login_challenges.c.id_hash == bindparam("id_hash"),
        login_challenges.c.purpose == bindparam("purpose"),
        login_challenges.c.expires_at > bindparam("now"),
        login_challenges.c.tries < bindparam("most"),
    ),
    into=Challenge,
)
COUNT_TRY = statement(
    update(login_challenges)
    .where(login_challenges.c.id_hash == bindparam("hash"), login_challenges.c.tries < bindparam("most"))
    .values(tries=login_challenges.c.tries + 1)
)
SPEND_CHALLENGE = statement(delete(login_challenges).where(login_challenges.c.id_hash == bindparam("hash")))
REMOVE_EXPIRED = statement(delete(login_challenges).where(login_challenges.c.expires_at <= bindparam("now")))
