"""The directory of those who wish to be discovered. https://docs.joinmastodon.org/methods/directory/"""

from __future__ import annotations

from typing import Literal

from fedcoop import clock
from fedcoop.db import Tx
from fedcoop.directory import queries

Order = Literal["active", "new"]


async def directory(tx: Tx, viewer: int, order: Order, *, local: bool, limit: int, offset: int) -> list[int]:
    """Ids of accounts, those that posted last or joined last first, without whom the viewer blocks or mutes.
    Open the transaction with `scan`."""
    query = queries.ACTIVE if order == "active" else queries.NEW
    return await tx.scalars(query, viewer=viewer, local=local, limit=limit, offset=offset, now=clock.now())
