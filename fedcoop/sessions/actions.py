"""Beginning and ending sessions. Finding them is `access`."""

from fedcoop import clock
from fedcoop.db import Tx
from fedcoop.ids import AccountId
from fedcoop.oauth.types import digest, new_secret
from fedcoop.sessions import queries

LIFETIME = 30 * clock.DAY


async def begin(tx: Tx, account_id: AccountId, user_agent: str) -> str:
    """A new session's secret, for the cookie; good for thirty days."""
    secret = new_secret()
    now = clock.now()
    await tx.execute(
        queries.ADD,
        id_hash=digest(secret),
        account_id=account_id,
        user_agent=user_agent[:300],
        created_at=now,
        expires_at=now + LIFETIME,
    )
    return secret


async def end(tx: Tx, id_hash: bytes) -> None:
    await tx.execute(queries.REMOVE, id_hash=id_hash)


async def end_all(tx: Tx, account_id: AccountId) -> None:
    """After a new password, a suspension, or an account's end."""
    await tx.execute(queries.REMOVE_OF_ACCOUNT, account_id=account_id)


async def clean_up(tx: Tx) -> None:
    await tx.execute(queries.REMOVE_EXPIRED, now=clock.now())
