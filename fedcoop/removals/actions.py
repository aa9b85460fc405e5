"""Taking a status away by a decision, so that another decision can bring it back. Deleting for good, which only
its author does, is in `fedcoop.statuses.actions`."""

from __future__ import annotations

from fedcoop import clock, jobs
from fedcoop.db import Tx
from fedcoop.jobs.types import Federate
from fedcoop.removals import queries
from fedcoop.statuses import actions
from fedcoop.statuses import queries as statuses
from fedcoop.statuses.types import Status
from fedcoop.timelines import fan_out


async def find(tx: Tx, status_id: int) -> Status | None:
    """A status by its id, also one that was removed."""
    return await tx.one(statuses.BY_ID, id=status_id)


async def take_away(tx: Tx, status: Status) -> None:
    """Show a status to nobody, with its reblogs, and have other servers delete what is ours. Nothing happens to
    one that was removed before, or that only its author sees anyway."""
    if status.visibility == "removed" or status.held:
        return
    holders = await tx.scalars(statuses.REMOTE_HOLDERS, id=status.id) if status.local else []
    await fan_out.taken_away(
        tx, status.id, status.account_id, status.visibility, local=status.local, reblog=False
    )
    await tx.batch(
        queries.KEEP_AUDIENCE.bind(id=status.id, now=clock.now()),
        statuses.UNCOUNT_STATUS.bind(id=status.id, account_id=status.account_id),
        queries.HIDE_REMOVED.bind(id=status.id),
        queries.TAKE_REMOVED_HOME.bind(id=status.id),
    )
    if status.in_reply_to_id and status.public:
        await tx.execute(statuses.COUNT_REPLIES, id=status.in_reply_to_id, by=-1)
    if status.local:
        await jobs.add(tx, actions.told_gone(status, holders))


async def bring_back(tx: Tx, status: Status) -> None:
    """Show a removed status again to those who saw it, and send it anew; a server that has deleted its copy may
    not take it back. Nothing happens to one that was not removed."""
    if status.visibility != "removed":
        return
    await tx.batch(
        queries.SHOW_AGAIN.bind(id=status.id),
        queries.RECOUNT_STATUS.bind(id=status.id, account_id=status.account_id),
        queries.FORGET_AUDIENCE.bind(id=status.id),
        *fan_out.to_readers(status.id, status.account_id, local=status.local),
    )
    shown = await tx.one(statuses.BY_ID, id=status.id)
    if shown is not None and shown.in_reply_to_id and shown.public:
        await tx.execute(statuses.COUNT_REPLIES, id=shown.in_reply_to_id, by=1)
    if status.local:
        await jobs.add(tx, Federate(activity="post", account_id=status.account_id, object_id=status.id))


async def mark_sensitive(tx: Tx, status: Status, sensitive: bool) -> None:
    """Hide the media of a status until somebody wants to see them, or no longer; other servers learn of it."""
    if status.sensitive is sensitive:
        return
    await tx.execute(queries.SET_SENSITIVE, id=status.id, now_sensitive=sensitive, at=clock.now())
    if status.local:
        await jobs.add(tx, Federate(activity="edit", account_id=status.account_id, object_id=status.id))
