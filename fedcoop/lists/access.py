"""Finding a member's own lists: those of others are not there."""

from __future__ import annotations

from fedcoop.db import Tx
from fedcoop.errors import NotFound
from fedcoop.lists import queries
from fedcoop.lists.types import AccountList


async def find(tx: Tx, account_id: int, list_id: int) -> AccountList:
    """One's own list. Raises `NotFound`."""
    found = await tx.one(queries.FIND, account_id=account_id, list_id=list_id)
    if found is None:
        raise NotFound
    return found


async def own(tx: Tx, account_id: int) -> list[AccountList]:
    return await tx.all(queries.ALL, account_id=account_id)


async def with_member(tx: Tx, account_id: int, member_id: int) -> list[AccountList]:
    """Those of one's own lists that somebody is in."""
    return await tx.all(queries.WITH, account_id=account_id, member_id=member_id)
