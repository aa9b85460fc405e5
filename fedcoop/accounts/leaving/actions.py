"""Removing what an account wrote, marked and followed."""

from fedcoop import clock
from fedcoop.accounts.leaving import queries
from fedcoop.db import Tx
from fedcoop.ids import AccountId


async def forget(tx: Tx, account_id: AccountId) -> None:
    """Remove everything of this account, and set right what counted it. The row stays, empty and marked as
    deleted, so that its name and address are nobody else's."""
    for statement in (*queries.SEVER_ACCOUNT, *queries.FORGET):
        await tx.execute(statement, gone_id=account_id)
    await tx.execute(queries.ERASE, account_id=account_id, at=clock.now())
