"""Which inboxes are told: distinct, not of suspended servers, not of hosts dead for a week."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from activitypub.federate import queries
from activitypub.federation import Federation
from activitypub.origins import authority
from fedcoop import clock, ids
from fedcoop.accounts.types import Account
from fedcoop.db import Tx
from fedcoop.domains import gate
from fedcoop.errors import Invalid

PAUSED_AFTER_MS = 7 * clock.DAY


async def followers(tx: Tx, account: Account) -> list[str]:
    """The inboxes of the followers elsewhere, each once."""
    return await tx.scalars(queries.FOLLOWER_INBOXES, account_id=account.id)


async def people(tx: Tx, account_ids: Iterable[int]) -> list[str]:
    """The inboxes of these accounts, as far as they are elsewhere."""
    wanted = list(set(account_ids))
    return await tx.scalars(queries.SHARED_INBOXES, ids=wanted) if wanted else []


async def deliverable(tx: Tx, fed: Federation, inboxes: Iterable[str]) -> list[tuple[str, str]]:
    """Each distinct inbox with its host, without those that nothing may or can be sent to."""
    now = clock.now()
    paused = set(await tx.scalars(queries.PAUSED_HOSTS, since=now - PAUSED_AFTER_MS, now=now))
    allowed: dict[str, bool] = {}
    found = []
    for inbox in dict.fromkeys(inboxes):
        try:
            host = authority(inbox)
        except Invalid:
            continue
        if host not in allowed:
            allowed[host] = host not in paused and not await is_suspended(tx, host)
        if allowed[host] and not fed.failed_lately(f"inbox {inbox}") and not fed.is_local(inbox):
            found.append((inbox, host))
    return found


async def is_suspended(tx: Tx, host: str) -> bool:
    """Did the members decide not to talk to this host?"""
    for name in {host, host.partition(":")[0]}:
        restriction = await gate(tx, name)
        if restriction is not None and restriction.severity == "suspend":
            return True
    return False


async def enqueue(tx: Tx, account_id: int, body: str, inboxes: Sequence[tuple[str, str]]) -> None:
    """Store the body once, and a delivery for each inbox."""
    now, activity_id = clock.now(), ids.new_id()
    await tx.execute(
        queries.INSERT_ACTIVITY, id=activity_id, account_id=account_id, body=body, created_at=now
    )
    await tx.many(
        queries.INSERT_DELIVERY,
        [
            {
                "id": ids.new_id(),
                "activity_id": activity_id,
                "account_id": account_id,
                "inbox": inbox,
                "host": host,
                "state": "waiting",
                "attempts": 0,
                "run_at": now,
                "last_error": "",
                "created_at": now,
            }
            for inbox, host in inboxes
        ],
    )
