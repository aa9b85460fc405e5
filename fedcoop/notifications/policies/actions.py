"""Changing one's own policy, and answering those who are held back by it. Reading is `access`."""

from __future__ import annotations

from typing import get_args

import msgspec

from fedcoop.db import Tx
from fedcoop.errors import Invalid
from fedcoop.events import Merged
from fedcoop.notifications.policies import access, queries
from fedcoop.notifications.types import Policy, Treatment


async def change(tx: Tx, account_id: int, **wishes: str) -> Policy:
    """Treat these notifications so from now on; what was told before stays. Raises `Invalid` for a treatment that
    there is not."""
    for name, wish in wishes.items():
        if wish not in get_args(Treatment):
            raise Invalid(f"Validation failed: {name} must be accept, filter or drop", name)
    changed = msgspec.structs.replace(await access.policy(tx, account_id), **wishes)
    await tx.execute(queries.SET_POLICY, account_id=account_id, **msgspec.structs.asdict(changed))
    return changed


async def accept(tx: Tx, account_id: int, ids: list[int]) -> None:
    """Let these senders through from now on, with what was held back so far. Requests that are not one's own are
    passed over."""
    said = {"account_id": account_id, "ids": ids}
    await tx.execute(queries.PERMIT, **said)
    if await tx.execute(queries.LET_THROUGH, **said):
        tx.events.append(Merged(account_id))
    await tx.execute(queries.ANSWERED, **said)


async def dismiss(tx: Tx, account_id: int, ids: list[int]) -> None:
    """Forget what was held back of these senders. What they do next is held back anew."""
    said = {"account_id": account_id, "ids": ids}
    await tx.execute(queries.FORGET_HELD, **said)
    await tx.execute(queries.ANSWERED, **said)
