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
from fedcoop.statuses import actions, queries
from fedcoop.statuses.consent import access as consent
from fedcoop.statuses.consent import actions as consents
from fedcoop.statuses.consent import queries as consent_queries
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
    the first. `uri` is that of the Announce, for accounts elsewhere, whose consent the caller has looked at. Where
    the author wants to be asked it is held until they agree. Raises `NotAllowed` for what was not meant for
    everybody, unless it is the account's own and stays among followers, and to members whom the author does not
    let."""
    before = await tx.one(queries.REBLOG_BY, id=status.id, account_id=account.id)
    if before is not None:
        return before
    if not status.public and not (status.visibility == "private" and status.account_id == account.id):
        raise NotAllowed("This action is not allowed")
    verdict = await consent.check(tx, account, status, "reblog") if account.local else "free"
    # A reblog reaches nobody whom the status was not meant for.
    audience = max(visibility, status.audience, key=_WIDTH.__getitem__)
    reached = consents.held(audience) if verdict == "asked" else audience
    reblog = _new_reblog(account, status, uri, created_at or clock.now(), reached)
    if not await tx.execute(queries.INSERT_UNLESS_KNOWN, **msgspec.structs.asdict(reblog)):
        # Somebody was faster, with the same reblog.
        return await tx.one(queries.REBLOG_BY, id=status.id, account_id=account.id) or reblog
    if account.local:
        await consents.by_member(tx, "reblog", account, status, verdict, uri=reblog.uri, result_id=reblog.id)
    if reblog.held:
        await tx.batch(*fan_out.to_author(reblog.id, account.id))
        return reblog
    await _spread(tx, account, status, reblog)
    return reblog


async def show(tx: Tx, account: Account, status: Status, reblog: Status) -> None:
    """The author of `status` consents to a reblog that was held."""
    await tx.execute(consent_queries.SHOW, id=reblog.id, new_visibility=reblog.audience)
    await _spread(tx, account, status, reblog)


async def _spread(tx: Tx, account: Account, status: Status, reblog: Status) -> None:
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


async def remove(tx: Tx, account: Account, status: Status) -> None:
    """Take back the account's reblog of `status`, if there is one, or the wish for one."""
    reblog = await tx.one(queries.REBLOG_BY, id=status.id, account_id=account.id)
    await consents.withdraw(tx, "reblog", account, status)
    if reblog is not None:
        await _remove(tx, reblog)
        await _tell_undone(tx, reblog)


async def remove_by_uri(tx: Tx, account: Account, uri: str) -> None:
    """Take back the reblog that came as this Announce, if it is the account's."""
    reblog = await tx.one(queries.BY_URI, uri=uri)
    if reblog is not None and reblog.account_id == account.id and reblog.reblog_of_id is not None:
        await _remove(tx, reblog)


async def refuse(tx: Tx, reblog: Status) -> None:
    """Its author does not want `reblog` to repeat what it repeats, or no longer. Other servers hear of it where it
    was there already and is a member's."""
    await tx.execute(consent_queries.LET_GO, id=reblog.id)
    await _remove(tx, reblog)
    if not reblog.held:
        await _tell_undone(tx, reblog)


async def _tell_undone(tx: Tx, reblog: Status) -> None:
    """Of one that was held only its author was asked."""
    if reblog.local:
        await jobs.add(
            tx,
            Federate(
                activity="unreblog",
                account_id=reblog.account_id,
                object_id=reblog.reblog_of_id or 0,
                uri=reblog.uri,
                detail={"visibility": "direct" if reblog.held else reblog.visibility},
            ),
        )


async def _remove(tx: Tx, reblog: Status) -> None:
    if not reblog.held:
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
