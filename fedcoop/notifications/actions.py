"""Telling members what others did, and taking it back. Reading is `access`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fedcoop import clock, ids, jobs
from fedcoop.db import Tx
from fedcoop.errors import NotFound
from fedcoop.events import Notified
from fedcoop.jobs.types import Push
from fedcoop.notifications import access, queries
from fedcoop.notifications.telling import queries as telling
from fedcoop.notifications.types import GROUPED, LATEST, TO_ONESELF, UNFILTERED, NotificationType

GROUP_SPAN = 12 * clock.HOUR
"""What happens to one status within such a span is shown as one notification. It begins with the first."""


async def notify(
    tx: Tx,
    type: NotificationType,
    to_id: int,
    from_id: int,
    status_id: int | None = None,
    *,
    detail: str = "",
) -> bool:
    """Tell a member of this server what somebody did. `detail` is JSON that the type carries beside a status:
    the event, the warning, the report, the collection. Nothing is told to accounts elsewhere, of one's own acts,
    twice, between accounts that block, of somebody muted or suspended, or in a muted conversation. What the
    member's policy filters is kept for the list of requests and told to nobody else; what it drops is not kept.
    Says whether it was told."""
    if to_id == from_id and type not in TO_ONESELF:
        return False
    if type in LATEST:
        await forget(tx, type, to_id, from_id, status_id)
    now = clock.now()
    id_ = ids.id_at(now)
    key, oldest_key = _group_keys(type, id_, status_id, now)
    said: dict[str, Any] = {
        "id": id_,
        "to_id": to_id,
        "type": type,
        "from_id": from_id,
        "group_key": key,
        "oldest_key": oldest_key,
        "detail": detail,
        "now": now,
        "policed": type not in UNFILTERED,
    }
    if status_id is None:
        told = await tx.one(telling.NOTIFY, **said)
    else:
        told = await tx.one(telling.NOTIFY_OF_STATUS, **said, status_id=status_id)
    if told is None:
        return False
    if told["filtered"]:
        await tx.execute(telling.REQUEST, id=id_, account_id=to_id, from_account_id=from_id, created_at=now)
        return False
    tx.events.append(Notified(id_, to_id))
    if told["pushed"]:
        await jobs.add(tx, Push(account_id=to_id, notification_id=id_))
    return True


async def announce_to(
    tx: Tx, type: NotificationType, from_id: int | None, told: Iterable[tuple[int, str]]
) -> None:
    """Tell many members at once what they have to know, whatever their policy: each with a `detail` of their
    own. Without `from_id` it comes from themselves, as what the server did has no other sender."""
    now = clock.now()
    rows: list[dict[str, Any]] = [
        {
            "id": (id_ := ids.id_at(now)),
            "account_id": to_id,
            "type": type,
            "from_account_id": to_id if from_id is None else from_id,
            "status_id": None,
            "group_key": f"{access.ALONE}{id_}",
            "detail": detail,
            "created_at": now,
            "filtered": False,
        }
        for to_id, detail in told
    ]
    await tx.many(telling.INSERT, rows)
    tx.events += [Notified(row["id"], row["account_id"]) for row in rows]
    with_devices = set(await tx.scalars(telling.HAVE_DEVICES, ids=[row["account_id"] for row in rows]))
    await jobs.add_all(
        tx,
        [
            Push(account_id=row["account_id"], notification_id=row["id"])
            for row in rows
            if row["account_id"] in with_devices
        ],
    )


def _group_keys(type: NotificationType, id: int, status_id: int | None, now: int) -> tuple[str, str]:
    """What notifications shown as one have in common: type, target, and the hour in which the first came. The
    second is the oldest that is still gone on with."""
    if type not in GROUPED:
        return f"{access.ALONE}{id}", f"{access.ALONE}{id}"
    subject = type if status_id is None else f"{type}-{status_id}"
    hour = now // clock.HOUR
    return f"{subject}-{hour}", f"{subject}-{hour - GROUP_SPAN // clock.HOUR + 1}"


async def forget(
    tx: Tx, type: NotificationType, to_id: int, from_id: int, status_id: int | None = None
) -> None:
    """Take back what `notify` told, when the act was undone."""
    said = {"type": type, "to_id": to_id, "from_id": from_id}
    if status_id is None:
        await tx.execute(telling.FORGET, **said)
    else:
        await tx.execute(telling.FORGET_OF_STATUS, **said, status_id=status_id)


async def dismiss(tx: Tx, account_id: int, id: int) -> None:
    """Remove one's own notification. Raises `NotFound`."""
    if not await tx.execute(queries.DISMISS, account_id=account_id, id=id):
        raise NotFound


async def dismiss_group(tx: Tx, account_id: int, group_key: str) -> None:
    """Remove all notifications that are shown as this one."""
    if (id_ := access.alone(group_key)) is not None:
        await tx.execute(queries.DISMISS, account_id=account_id, id=id_)
    else:
        await tx.execute(queries.DISMISS_GROUP, account_id=account_id, group_key=group_key)


async def clear(tx: Tx, account_id: int) -> None:
    """Remove all of one's own notifications, also those held back."""
    await tx.batch(*(each.bind(account_id=account_id) for each in queries.CLEAR))
