"""Reading one's own policy, and who is held back by it. Changing them is `actions`."""

from __future__ import annotations

from fedcoop.db import Tx
from fedcoop.errors import NotFound
from fedcoop.notifications.policies import queries
from fedcoop.notifications.types import Policy, Request
from fedcoop.paging import Page


async def policy(tx: Tx, account_id: int) -> Policy:
    """What the member wants held back."""
    return await tx.one(queries.POLICY, account_id=account_id) or Policy()


async def summary(tx: Tx, account_id: int) -> tuple[int, int]:
    """How many senders are held back, a hundred at most, and how many of their notifications."""
    found = await tx.one(queries.SUMMARY, account_id=account_id)
    return (int(found[0]), int(found[1])) if found else (0, 0)


async def requests(tx: Tx, account_id: int, page: Page) -> list[Request]:
    """A page of those who are held back, the latest to begin first."""
    return await queries.REQUESTS.all(tx, page, account_id=account_id)


async def request(tx: Tx, account_id: int, id: int) -> Request:
    """One of them. Raises `NotFound`."""
    found = await tx.one(queries.REQUEST, account_id=account_id, id=id)
    if found is None:
        raise NotFound
    return found
