"""Whose session is this, who signs in here: the gates before `actions`."""

from fedcoop import clock
from fedcoop.accounts import queries as account_queries
from fedcoop.accounts.types import User
from fedcoop.db import Tx
from fedcoop.errors import Invalid
from fedcoop.ids import AccountId
from fedcoop.oauth.types import digest
from fedcoop.sessions import queries
from fedcoop.sessions.types import Session


async def session(tx: Tx, secret: str) -> Session | None:
    """The session that a cookie names, unless it is over."""
    return await tx.one(queries.BY_HASH, id_hash=digest(secret), now=clock.now())


async def all_sessions(tx: Tx, account_id: AccountId) -> list[Session]:
    """Where this member is signed in, newest first."""
    return await tx.all(queries.OF_ACCOUNT, account_id=account_id, now=clock.now())


async def user_called(tx: Tx, name: str) -> User | None:
    """Who has this user name or e-mail address; case does not matter."""
    name = name.strip().removeprefix("@").lower()
    if "@" in name:
        return await tx.one(account_queries.USER_BY_EMAIL, email=name)
    return await tx.one(queries.USER_BY_HANDLE, handle=name)


def check_may_sign_in(user: User) -> None:
    """Raises `Invalid` with the reason, for somebody whose password was right."""
    if user.disabled_at:
        raise Invalid("Your login is currently disabled.")
    if not user.confirmed_at:
        raise Invalid("Your e-mail address has not been confirmed yet.")
    if not user.approved_at:
        raise Invalid("Your request to join is still waiting for an answer.")
