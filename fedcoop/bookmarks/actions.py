"""Setting and removing a bookmark."""

from fedcoop import ids
from fedcoop.accounts.types import Account
from fedcoop.bookmarks import queries
from fedcoop.db import Tx
from fedcoop.statuses.types import Status


async def add(tx: Tx, account: Account, status: Status) -> None:
    """Bookmark a status that the caller has checked `account` may see. A second time changes nothing."""
    await tx.execute(queries.INSERT, id=ids.new_id(), account_id=account.id, status_id=status.id)


async def remove(tx: Tx, account: Account, status: Status) -> None:
    """Remove a bookmark, if there is one."""
    await tx.execute(queries.DELETE, account_id=account.id, status_id=status.id)
