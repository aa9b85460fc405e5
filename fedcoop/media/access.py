"""Whose upload it is: of anybody else's one cannot even learn that it exists."""

from fedcoop.db import Row, Tx
from fedcoop.errors import NotFound
from fedcoop.ids import AccountId, MediaId
from fedcoop.media import queries


async def own(tx: Tx, account_id: AccountId, media_id: MediaId) -> Row:
    """The member's own upload. Raises `NotFound`."""
    row = await tx.one(queries.OWN, id=media_id, account_id=account_id)
    if row is None:
        raise NotFound
    return row


async def free(tx: Tx, account_id: AccountId, media_id: MediaId, *, status_id: int | None = None) -> Row:
    """The member's own upload that no status has, or only this one. Raises `NotFound`."""
    row = await own(tx, account_id, media_id)
    if row["status_id"] not in (None, status_id):
        raise NotFound
    return row
