"""Repeating a status to one's own followers, and taking that back; for members and for accounts elsewhere."""

from __future__ import annotations

import msgspec

from fedcoop import clock, ids, jobs
from fedcoop.accounts.types import Account
from fedcoop.db import Tx
from fedcoop.errors import NotAllowed
from fedcoop.events import Posted
from fedcoop.jobs.types import Federate
from fedcoop.notifications.actions import notify
from fedcoop.statuses import actions, consent, queries
from fedcoop.statuses.types import Status, Visibility
from fedcoop.timelines import fan_out

_WIDTH = {"public": 0, "unlisted": 1, "private": 2, "direct": 3}


async def add(
    tx: Tx,
    account: Account,
    status: Status,
    *,
    uri: str = "",
    created_at: int | None = None,
    visibility: Visibility = "public",
) -> Status:
    """Reblog a status that the caller has checked `account` may see. Once is enough: a second time answers with
    the first. `uri` is that of the Announce, for accounts elsewhere. Raises `NotAllowed` for what was not meant
    for everybody, unless it is the account's own and stays among followers."""
    before = await tx.one(queries.REBLOG_BY, id=status.id, account_id=account.id)
    if before is not None:
        return before
    if not status.public and not (status.visibility == "private" and status.account_id == account.id):
        raise NotAllowed("This action is not allowed")
    if account.local:
        await consent.check(tx, account, status, "reblog")
    # A reblog reaches nobody whom the status was not meant for.
    audience = max(visibility, status.visibility, key=_WIDTH.__getitem__)
    reblog = _new_reblog(account, status, uri, created_at or clock.now(), audience)
    if not await tx.execute(queries.INSERT_UNLESS_KNOWN, **msgspec.structs.asdict(reblog)):
        # Somebody was faster, with the same reblog.
        return await tx.one(queries.REBLOG_BY, id=status.id, account_id=account.id) or reblog
    await tx.batch(
        queries.COUNT_STATUS.bind(account_id=account.id, at=reblog.created_at),
        queries.COUNT_REBLOGS.bind(id=status.id, by=1),
        *fan_out.reblog_to_readers(reblog.id, account.id, local=account.local),
    )
    tx.events.append(Posted(reblog.id))
    if status.local and status.account_id != account.id:
        await notify(tx, "reblog", status.account_id, account.id, status.id)
    if account.local:
        await jobs.add(tx, Federate(activity="reblog", account_id=account.id, object_id=reblog.id))
    return reblog


async def remove(tx: Tx, account: Account, status: Status) -> None:
    """Take back the account's reblog of `status`, if there is one."""
    reblog = await tx.one(queries.REBLOG_BY, id=status.id, account_id=account.id)
    if reblog is not None:
        await _remove(tx, reblog)
    if reblog is not None and account.local:
        await jobs.add(
            tx,
            Federate(
                activity="unreblog",
                account_id=account.id,
                object_id=status.id,
                uri=reblog.uri,
                detail={"visibility": reblog.visibility},
            ),
        )


async def remove_by_uri(tx: Tx, account: Account, uri: str) -> None:
    """Take back the reblog that came as this Announce, if it is the account's."""
    reblog = await tx.one(queries.BY_URI, uri=uri)
    if reblog is not None and reblog.account_id == account.id and reblog.reblog_of_id is not None:
        await _remove(tx, reblog)


async def _remove(tx: Tx, reblog: Status) -> None:
    await tx.execute(queries.COUNT_REBLOGS, id=reblog.reblog_of_id, by=-1)
    await actions.remove(tx, reblog)


def _new_reblog(account: Account, status: Status, uri: str, created_at: int, visibility: str) -> Status:
    id_ = ids.id_at(created_at)
    return msgspec.structs.replace(
        status,
        id=id_,
        uri=uri or f"{account.uri}/statuses/{id_}/activity",
        url="",
        account_id=account.id,
        local=account.local,
        visibility=visibility,
        reblog_of_id=status.id,
        in_reply_to_id=None,
        in_reply_to_account_id=None,
        in_reply_to_uri=None,
        conversation_id=id_,
        content="",
        text="",
        spoiler_text="",
        app_id=None,
        emojis="[]",
        poll_id=None,
        replies_count=0,
        reblogs_count=0,
        favourites_count=0,
        quotes_count=0,
        created_at=created_at,
        edited_at=None,
        revision=0,
        quoted_id=None,
        quote_state=None,
        policy="",
    )
