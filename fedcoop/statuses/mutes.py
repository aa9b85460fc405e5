"""Hearing no more of a conversation: what is said in it notifies its muter no longer."""

from fedcoop.accounts.types import Account
from fedcoop.db import Tx
from fedcoop.statuses import queries
from fedcoop.statuses.types import Status


async def add(tx: Tx, account: Account, status: Status) -> None:
    """Mute the conversation that a status belongs to. A second time changes nothing."""
    await tx.execute(queries.MUTE, account_id=account.id, conversation_id=status.conversation_id)


async def remove(tx: Tx, account: Account, status: Status) -> None:
    """Hear of it again."""
    await tx.execute(queries.UNMUTE, account_id=account.id, conversation_id=status.conversation_id)
