"""The gates of statuses: who may see, answer, repeat or change one. A status that may not be seen is not there."""

from fedcoop.accounts.types import Account
from fedcoop.db import Tx
from fedcoop.errors import NotFound
from fedcoop.statuses import queries
from fedcoop.statuses.types import Status


async def visible(tx: Tx, viewer: int, status_id: int) -> Status:
    """The status, if `viewer` (0 for nobody) may see it. Raises `NotFound`, whatever the reason."""
    status = await tx.one(queries.VISIBLE, id=status_id, viewer=viewer)
    if status is None:
        raise NotFound
    return status


async def visible_by_uri(tx: Tx, viewer: Account, uri: str) -> Status:
    """The same, by address. Raises `NotFound`."""
    status = await tx.one(queries.VISIBLE_BY_URI, uri=uri, viewer=viewer.id)
    if status is None:
        raise NotFound
    return status


async def original(tx: Tx, viewer: int, status_id: int) -> Status:
    """The status that acting on this one means: of a reblog, the one it repeats. Raises `NotFound`."""
    status = await visible(tx, viewer, status_id)
    return status if status.reblog_of_id is None else await visible(tx, viewer, status.reblog_of_id)


async def own(tx: Tx, account_id: int, status_id: int) -> Status:
    """The status, if the account wrote it. Raises `NotFound`."""
    status = await visible(tx, account_id, status_id)
    if status.account_id != account_id:
        raise NotFound
    return status
