"""Recommending, on one's own profile, accounts that one follows."""

from __future__ import annotations

from fedcoop import ids
from fedcoop.accounts.types import Account
from fedcoop.db import Tx
from fedcoop.errors import Invalid
from fedcoop.relationships import queries


async def add(tx: Tx, account: Account, target: Account) -> None:
    """Recommend somebody. A second time changes nothing. Raises `Invalid` for whom one does not follow."""
    pair = {"account_id": account.id, "target_id": target.id}
    if await tx.one(queries.FOLLOW, **pair) is None:
        raise Invalid("Validation failed: You must be already following the account you want to endorse")
    await tx.execute(queries.ENDORSE, **pair, id=ids.new_id())


async def remove(tx: Tx, account: Account, target: Account) -> None:
    """Take that back, if it was so."""
    await tx.execute(queries.UNENDORSE, account_id=account.id, target_id=target.id)
