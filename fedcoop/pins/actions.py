"""Pinning and unpinning, by members and by accounts elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from fedcoop import jobs
from fedcoop.accounts.types import Account
from fedcoop.db import Tx
from fedcoop.errors import Invalid
from fedcoop.jobs.types import Federate
from fedcoop.pins import queries
from fedcoop.statuses import queries as status_queries
from fedcoop.statuses.types import Status

MOST_PINS = 5
MOST_REMOTE_PINS = 20
"""Other servers allow more than we do; so many are kept of what they say."""


async def add(tx: Tx, account: Account, status: Status) -> None:
    """Pin one's own status. A second time changes nothing. Raises `Invalid` for what is somebody else's, a
    reblog, or for mentioned people only, and when the profile is full."""
    if not _may_pin(account, status):
        raise Invalid("Validation failed: Someone else's post cannot be pinned")
    if status.reblog_of_id is not None:
        raise Invalid("Validation failed: A boost cannot be pinned")
    if status.held or status.visibility == "direct":
        raise Invalid("Validation failed: Posts that are only visible to mentioned users cannot be pinned")
    if not await tx.execute(queries.INSERT, account_id=account.id, status_id=status.id):
        return
    most = MOST_PINS if account.local else MOST_REMOTE_PINS
    if await tx.scalar(queries.COUNT, account_id=account.id) > most:
        raise Invalid("Validation failed: You have already pinned the maximum number of posts")
    await _tell(tx, "pin", account, status)


async def remove(tx: Tx, account: Account, status: Status) -> None:
    """Take a pin back, if there is one."""
    if await tx.execute(queries.DELETE, account_id=account.id, status_id=status.id):
        await _tell(tx, "unpin", account, status)


async def replace(tx: Tx, account: Account, status_ids: Sequence[int]) -> None:
    """Keep what an account elsewhere has pinned now, whatever it had before; statuses of others are left
    out."""
    found = await tx.all(status_queries.BY_IDS, ids=list(status_ids)[:MOST_REMOTE_PINS]) if status_ids else []
    await tx.execute(queries.CLEAR, account_id=account.id)
    await tx.many(
        queries.INSERT,
        [
            {"account_id": account.id, "status_id": status.id}
            for status in found
            if _may_pin(account, status) and status.reblog_of_id is None
        ],
    )


def _may_pin(account: Account, status: Status) -> bool:
    """One's own; groups elsewhere also pin what others posted to them."""
    of_a_group = account.kind == "group" and not account.local
    return status.account_id == account.id or (of_a_group and status.public)


async def _tell(tx: Tx, activity: Literal["pin", "unpin"], account: Account, status: Status) -> None:
    if account.local:
        await jobs.add(
            tx,
            Federate(
                activity=activity,
                account_id=account.id,
                object_id=status.id,
                uri=status.uri,
            ),
        )
