"""Reading one's own notifications."""

from __future__ import annotations

from collections.abc import Collection

from fedcoop.db import Tx
from fedcoop.errors import NotFound
from fedcoop.notifications import queries
from fedcoop.notifications.types import TYPES, Notification
from fedcoop.paging import Page

UNREAD_AT_MOST = 100
"""A client shows no larger number, so no more are counted. https://docs.joinmastodon.org/methods/notifications/"""


async def page(
    tx: Tx,
    account_id: int,
    page: Page,
    *,
    types: Collection[str] = (),
    exclude_types: Collection[str] = (),
    from_account_id: int | None = None,
) -> list[Notification]:
    """A page of them, newest first: of certain types, without others, or from one account."""
    wanted = _wanted(types, exclude_types)
    if from_account_id is None:
        return await queries.PAGE.all(tx, page, account_id=account_id, types=wanted)
    return await queries.PAGE_FROM.all(
        tx, page, account_id=account_id, types=wanted, from_account_id=from_account_id
    )


async def group(tx: Tx, account_id: int, group_key: str, page: Page) -> list[Notification]:
    """A page of those that are shown as one."""
    return await queries.GROUP.all(tx, page, account_id=account_id, group_key=group_key)


async def find(tx: Tx, account_id: int, id: int) -> Notification:
    """One's own notification. Raises `NotFound`."""
    found = await tx.one(queries.FIND, account_id=account_id, id=id)
    if found is None:
        raise NotFound
    return found


async def unread_count(
    tx: Tx,
    account_id: int,
    *,
    limit: int = UNREAD_AT_MOST,
    types: Collection[str] = (),
    exclude_types: Collection[str] = (),
) -> int:
    """How many are newer than the marker, counted up to `limit`."""
    wanted = _wanted(types, exclude_types)
    count = await tx.scalar(queries.UNREAD, account_id=account_id, types=wanted, limit=limit)
    return int(count)


def _wanted(types: Collection[str], exclude_types: Collection[str]) -> list[str]:
    return [each for each in TYPES if (not types or each in types) and each not in exclude_types]
