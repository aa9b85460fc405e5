"""What members have to know although nobody wrote to them: ties that were cut, warnings, and what staff is told.
Each is kept with its notification as the API shows it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from fedcoop import clock, ids
from fedcoop.db import Tx
from fedcoop.notifications import queries
from fedcoop.notifications.actions import announce_to, notify
from fedcoop.notifications.types import AccountWarning, SeveranceEvent, WarningAction


async def severed(
    tx: Tx,
    kind: Literal["domain_block", "user_domain_block", "account_suspension"],
    target_name: str,
    losses: Iterable[tuple[int, int, int]],
) -> None:
    """Tell members which of their ties were cut: of each the account, how many it followed, and how many followed
    it. Members learn the name even where others do not."""
    now = clock.now()
    await announce_to(
        tx,
        "severed_relationships",
        None,
        [
            (
                account_id,
                _json(
                    SeveranceEvent(
                        id=str(ids.id_at(now)),
                        type=kind,
                        purged=False,
                        target_name=target_name,
                        followers_count=followers,
                        following_count=following,
                        created_at=clock.iso(now),
                    )
                ),
            )
            for account_id, following, followers in losses
        ],
    )


async def warn(
    tx: Tx, account_id: int, action: WarningAction, text: str, status_ids: Sequence[int] = ()
) -> None:
    """Tell a member what was done about their account, and why. Who decided it is not told: the server did."""
    now = clock.now()
    warning = AccountWarning(
        id=str(ids.id_at(now)),
        action=action,
        text=text,
        status_ids=[str(id_) for id_ in status_ids],
        created_at=clock.iso(now),
    )
    await announce_to(tx, "moderation_warning", None, [(account_id, _json(warning))])


async def tell_staff(
    tx: Tx, type: Literal["admin.sign_up", "admin.report"], from_id: int, detail: str = ""
) -> None:
    """Tell moderators and admins; few people, so one after the other. `detail`: the report as the API shows it."""
    for account_id in await tx.scalars(queries.STAFF):
        await notify(tx, type, account_id, from_id, detail=detail)


def _json(detail: msgspec.Struct) -> str:
    return msgspec.json.encode(detail).decode()
