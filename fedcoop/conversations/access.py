"""Reading one's own conversations."""

from __future__ import annotations

from fedcoop import clock
from fedcoop.conversations import queries
from fedcoop.conversations.types import Conversation
from fedcoop.db import Tx
from fedcoop.errors import NotFound
from fedcoop.paging import Page
from fedcoop.timelines.refs import Ref


async def find(tx: Tx, account_id: int, id: int) -> Conversation:
    """One's own conversation. Raises `NotFound`."""
    found = await tx.one(queries.FIND, account_id=account_id, id=id)
    if found is None:
        raise NotFound
    return found


async def page(tx: Tx, account_id: int, page: Page) -> list[Conversation]:
    """A page of them, by their last statuses, the newest first."""
    return await queries.PAGE.all(tx, page, account_id=account_id)


async def statuses(tx: Tx, account_id: int, page: Page) -> list[Ref]:
    """What was said directly to a member or by them, in whatever conversation."""
    return await queries.STATUSES.all(tx, page, viewer=account_id, now=clock.now())
