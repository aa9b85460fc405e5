"""Who comes with this token, which application is this: the gates before `actions`."""

import hmac

from fedcoop.db import Tx
from fedcoop.errors import Unauthorized
from fedcoop.ids import AccountId
from fedcoop.oauth import queries
from fedcoop.oauth.types import App, Grant, Token, digest


async def bearer(tx: Tx, secret: str) -> Token:
    """Whoever holds this token. Raises `Unauthorized` when it is unknown or revoked."""
    token = await tx.one(queries.TOKEN, token_hash=digest(secret))
    if token is None:
        raise Unauthorized("The access token is invalid")
    return token


async def still_good(tx: Tx, ids: list[int]) -> set[int]:
    """Those of these members' tokens that are not revoked and whose bearers may come in."""
    return set(await tx.scalars(queries.STILL_GOOD, ids=ids))


async def app(tx: Tx, client_id: str) -> App | None:
    return await tx.one(queries.APP_BY_CLIENT_ID, client_id=client_id)


async def authenticated_app(tx: Tx, client_id: str, client_secret: str) -> App | None:
    """The application, if the secret is its own; in constant time."""
    found = await app(tx, client_id)
    expected = found.secret_hash if found else bytes(32)
    matches = hmac.compare_digest(expected, digest(client_secret))
    return found if matches else None


async def grants(tx: Tx, account_id: AccountId) -> list[Grant]:
    """The applications that hold tokens of this member, newest first."""
    return await tx.all(queries.GRANTS, account_id=account_id)
