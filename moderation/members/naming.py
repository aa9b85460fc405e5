"""What the ledger calls somebody: a pseudonym for each account, the same when it becomes a
member's."""

import secrets

from fedcoop.db import Tx
from fedcoop.ids import AccountId

from . import queries


async def log_name(tx: Tx, account_id: AccountId) -> str:
    """The pseudonym of an account; it gets one when it has none."""
    known: str | None = await tx.scalar(queries.LOG_NAME, account_id=account_id)
    if known is None:
        known = f"member:{secrets.token_hex(8)}"
        await tx.execute(queries.ADD_LOG_NAME, account_id=account_id, log_name=known)
    return known
