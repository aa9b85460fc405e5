"""Telling members what others did, and taking it back. Reading is `access`."""

from __future__ import annotations

from fedcoop import clock, ids
from fedcoop.db import Tx
from fedcoop.errors import NotFound
from fedcoop.events import Notified
from fedcoop.notifications import queries
from fedcoop.notifications.types import GROUPED, TO_ONESELF, NotificationType

GROUP_SPAN = 12 * clock.HOUR
"""What happens to one status within such a span is shown as one notification."""


async def notify(
    tx: Tx,
    type: NotificationType,
    to_id: int,
    from_id: int,
    status_id: int | None = None,
    *,
    detail: str = "",
) -> bool:
    """Tell a member of this server what somebody did. Nothing is told to accounts elsewhere, of one's own acts,
    twice, between accounts that block, of somebody muted or suspended, in a muted conversation, or of somebody
    limited whom the member does not follow. Says whether it was told."""
    if to_id == from_id and type not in TO_ONESELF:
        return False
    if type == "update":
        # Of several edits the last one is told.
        await forget(tx, type, to_id, from_id, status_id)
    now = clock.now()
    id_ = ids.id_at(now)
    said = {
        "id": id_,
        "to_id": to_id,
        "type": type,
        "from_id": from_id,
        "group_key": group_key(type, id_, status_id, now),
        "detail": detail,
        "now": now,
    }
    if status_id is None:
        told = await tx.execute(queries.NOTIFY, **said)
    else:
        told = await tx.execute(queries.NOTIFY_OF_STATUS, **said, status_id=status_id)
    if told:
        tx.events.append(Notified(id_, to_id))
    return bool(told)


def group_key(type: NotificationType, id: int, status_id: int | None, now: int) -> str:
    """What notifications shown as one have in common."""
    if type not in GROUPED:
        return f"ungrouped-{id}"
    subject = type if status_id is None else f"{type}-{status_id}"
    return f"{subject}-{now // GROUP_SPAN}"


async def forget(
    tx: Tx, type: NotificationType, to_id: int, from_id: int, status_id: int | None = None
) -> None:
    """Take back what `notify` told, when the act was undone."""
    said = {"type": type, "to_id": to_id, "from_id": from_id}
    if status_id is None:
        await tx.execute(queries.FORGET, **said)
    else:
        await tx.execute(queries.FORGET_OF_STATUS, **said, status_id=status_id)


async def dismiss(tx: Tx, account_id: int, id: int) -> None:
    """Remove one's own notification. Raises `NotFound`."""
    if not await tx.execute(queries.DISMISS, account_id=account_id, id=id):
        raise NotFound


async def dismiss_group(tx: Tx, account_id: int, group_key: str) -> None:
    """Remove all notifications that are shown as this one."""
    await tx.execute(queries.DISMISS_GROUP, account_id=account_id, group_key=group_key)


async def clear(tx: Tx, account_id: int) -> None:
    """Remove all of one's own notifications."""
    await tx.execute(queries.CLEAR, account_id=account_id)
