"""A member's own archive."""

from fedcoop.archives import queries
from fedcoop.archives.types import Archive
from fedcoop.db import Tx
from fedcoop.errors import NotFound
from fedcoop.ids import AccountId


async def of_account(tx: Tx, account_id: AccountId) -> Archive | None:
    """The archive that a member asked for last."""
    return await tx.one(queries.OF_ACCOUNT, of_account=account_id)


async def there(tx: Tx, account_id: AccountId) -> Archive:
    """The archive of a member that can be had now. Raises `NotFound`."""
    found = await of_account(tx, account_id)
    if found is None or not found.there:
        raise NotFound
    return found
