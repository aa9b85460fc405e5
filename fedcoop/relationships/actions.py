"""Following, blocking, muting: one verb each, whoever asks, here or elsewhere.

Every verb may be repeated: counters, notifications and jobs follow only from rows that really changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from fedcoop import clock, ids, jobs, notifications
from fedcoop.accounts.types import Account
from fedcoop.db import Tx
from fedcoop.errors import NotAllowed, NotFound
from fedcoop.jobs.types import Federate
from fedcoop.relationships import queries
from fedcoop.relationships.types import Follow, Followed
from fedcoop.text import fit

BACKFILLED = 20
"""How many of the target's latest statuses a new follow brings to the home timeline."""
LONGEST_NOTE = 2000


async def follow(
    tx: Tx,
    account: Account,
    target: Account,
    *,
    uri: str = "",
    reblogs: bool = True,
    notify: bool = False,
    languages: Sequence[str] = (),
) -> Followed:
    """Follow, or ask to: an account elsewhere has to accept first, and so has a locked one. Repeating it changes
    the wishes. `uri` is that of the Follow, for accounts elsewhere. Raises `NotFound` for oneself and for who is
    suspended or gone, `NotAllowed` where one blocks the other or the other's server, or the target has moved."""
    if target.id == account.id or target.suspended_at is not None or target.deleted_at is not None:
        raise NotFound
    existing, requested, blocked, unwanted = await tx.batch(
        queries.FOLLOW.bind(account_id=account.id, target_id=target.id),
        queries.FOLLOW_REQUEST.bind(account_id=account.id, target_id=target.id),
        queries.BLOCKED.bind(account_id=account.id, target_id=target.id),
        queries.DOMAIN_BLOCKED.bind(account_id=account.id, target_id=target.id),
    )
    if blocked or unwanted or target.moved_to_id is not None or not (account.local or target.local):
        raise NotAllowed("This action is not allowed")
    id_ = ids.new_id()
    wanted = Follow(
        account_id=account.id,
        target_id=target.id,
        id=id_,
        created_at=clock.now(),
        uri=uri or f"{account.uri}/follows/{id_}",
        reblogs=reblogs,
        notify=notify,
        languages=msgspec.json.encode(list(languages)).decode(),
    )
    if existing:
        await _wish(tx, existing[0], wanted, uri)
        if not account.local:
            # Whoever asks again has not had our answer.
            await _answer(tx, "accept_follow", target, account, wanted.uri)
        return "following"
    if requested:
        await _wish(tx, requested[0], wanted, uri)
        return "requested"
    if not target.local or target.locked or account.limited_at is not None:
        await _request(tx, account, target, wanted)
        return "requested"
    await _establish(tx, account, target, wanted)
    if not account.local:
        await _answer(tx, "accept_follow", target, account, wanted.uri)
    return "following"


async def unfollow(tx: Tx, account: Account, target: Account) -> None:
    """End a follow or take a request back, if there is one."""
    ended = await _end(tx, account, target)
    if ended is not None and account.local and not target.local:
        await jobs.add(
            tx, Federate(activity="unfollow", account_id=account.id, object_id=target.id, uri=ended.uri)
        )


async def end_unknown(tx: Tx, account: Account, target: Account) -> None:
    """End a follow here of which the target's server does not know; so there is nobody to tell."""
    await _end(tx, account, target)


async def take_back(tx: Tx, account: Account, target: Account) -> None:
    """Tell the target's server that a local account does not follow, where it thinks so and nobody here does."""
    uri = f"{account.uri}#follows/{ids.new_id()}"
    await jobs.add(tx, Federate(activity="unfollow", account_id=account.id, object_id=target.id, uri=uri))


async def accept(tx: Tx, account: Account, follower: Account) -> None:
    """Let somebody follow who asked to. Raises `NotFound` when nobody did."""
    request = await _taken_request(tx, follower, account)
    if request is None:
        raise NotFound
    await _establish(tx, follower, account, request)
    if not follower.local:
        await _answer(tx, "accept_follow", account, follower, request.uri)


async def reject(tx: Tx, account: Account, follower: Account) -> None:
    """Do not let somebody follow who asked to. Raises `NotFound` when nobody did."""
    request = await _taken_request(tx, follower, account)
    if request is None:
        raise NotFound
    if not follower.local:
        await _answer(tx, "reject_follow", account, follower, request.uri)


async def accepted(tx: Tx, follower: Account, target: Account) -> None:
    """An account elsewhere lets a member follow it. Nothing happens unless the member had asked."""
    request = await _taken_request(tx, follower, target)
    if request is not None:
        await _establish(tx, follower, target, request)


async def rejected(tx: Tx, follower: Account, target: Account) -> None:
    """An account elsewhere does not let a member follow it, or no longer."""
    await _end(tx, follower, target)


async def remove_follower(tx: Tx, account: Account, follower: Account) -> None:
    """Have somebody follow no more, if they did."""
    ended = await _end(tx, follower, account)
    if ended is not None and account.local and not follower.local:
        await _answer(tx, "remove_follower", account, follower, ended.uri)


async def block(tx: Tx, account: Account, target: Account, *, uri: str = "") -> None:
    """Have nothing to do with somebody any more: follows end both ways, and what either has of the other at home
    or among the notifications goes. Raises `NotAllowed` for oneself."""
    if account.id == target.id:
        raise NotAllowed("This action is not allowed")
    id_ = ids.new_id()
    uri = uri or f"{account.uri}/blocks/{id_}"
    pair = {"account_id": account.id, "target_id": target.id}
    if not await tx.execute(queries.INSERT_BLOCK, **pair, id=id_, created_at=clock.now(), uri=uri):
        return
    # What was not asked for by a member need not be told to the server that asked for it.
    if account.local:
        await unfollow(tx, account, target)
        await remove_follower(tx, account, target)
    else:
        await _end(tx, account, target)
        await _end(tx, target, account)
    await tx.batch(
        queries.TAKE_FROM_HOME.bind(**pair),
        queries.TAKE_FROM_HOME.bind(account_id=target.id, target_id=account.id),
        *(forget.bind(**pair) for forget in queries.FORGET_NOTIFICATIONS),
        *(forget.bind(account_id=target.id, target_id=account.id) for forget in queries.FORGET_NOTIFICATIONS),
    )
    if account.local and not target.local:
        await jobs.add(tx, Federate(activity="block", account_id=account.id, object_id=target.id, uri=uri))


async def unblock(tx: Tx, account: Account, target: Account) -> None:
    """Take a block back, if there is one. Follows do not come back."""
    pair = {"account_id": account.id, "target_id": target.id}
    existing = await tx.one(queries.BLOCK, **pair)
    if existing is None or not await tx.execute(queries.DELETE_BLOCK, **pair):
        return
    if account.local and not target.local:
        await jobs.add(
            tx, Federate(activity="unblock", account_id=account.id, object_id=target.id, uri=existing.uri)
        )


async def mute(
    tx: Tx, account: Account, target: Account, notifications: bool = True, expires_at: int | None = None
) -> None:
    """See nothing of somebody, until `expires_at` or for good; nobody is told. Repeating it changes the wishes.
    Raises `NotAllowed` for oneself."""
    if account.id == target.id:
        raise NotAllowed("This action is not allowed")
    added = await tx.execute(
        queries.INSERT_MUTE,
        account_id=account.id,
        target_id=target.id,
        id=ids.new_id(),
        created_at=clock.now(),
        notifications=notifications,
        expires_at=expires_at,
    )
    if not added:
        await tx.execute(
            queries.SET_MUTE,
            of_account=account.id,
            to_target=target.id,
            new_notifications=notifications,
            new_expires_at=expires_at,
        )


async def unmute(tx: Tx, account: Account, target: Account) -> None:
    """Take a mute back, if there is one."""
    await tx.execute(queries.DELETE_MUTE, account_id=account.id, target_id=target.id)


async def note(tx: Tx, account: Account, target: Account, comment: str) -> None:
    """Keep a private note about somebody; an empty one removes it."""
    comment = fit(comment).strip()[:LONGEST_NOTE]
    if comment:
        await tx.execute(queries.SET_NOTE, account_id=account.id, target_id=target.id, comment=comment)
    else:
        await tx.execute(queries.DELETE_NOTE, account_id=account.id, target_id=target.id)


async def end_mutes(tx: Tx) -> None:
    """Remove mutes whose time is over; they have had no effect since."""
    await tx.execute(queries.END_MUTES, now=clock.now())


async def follow_again(tx: Tx, follower: Account, target: Account) -> None:
    """Count somebody elsewhere as a follower who never knew that they were not, and tell nobody. Nothing
    happens where one blocks the other."""
    if await tx.one(queries.BLOCKED, account_id=follower.id, target_id=target.id):
        return
    id_ = ids.new_id()
    again = Follow(
        account_id=follower.id,
        target_id=target.id,
        id=id_,
        created_at=clock.now(),
        uri=f"{follower.uri}#follows/{id_}",
        reblogs=True,
        notify=False,
        languages="[]",
    )
    if await tx.execute(queries.INSERT_FOLLOW, **msgspec.structs.asdict(again)):
        await _count(tx, follower, target, by=1)


async def _establish(tx: Tx, account: Account, target: Account, wanted: Follow) -> None:
    """From here on `account` follows `target`."""
    if not await tx.execute(queries.INSERT_FOLLOW, **msgspec.structs.asdict(wanted)):
        return
    await _count(tx, account, target, by=1)
    if account.local:
        await tx.execute(
            queries.BACKFILL,
            account_id=account.id,
            target_id=target.id,
            reblogs=wanted.reblogs,
            most=BACKFILLED,
        )
    if target.local:
        await notifications.notify(tx, "follow", target.id, account.id)


async def _request(tx: Tx, account: Account, target: Account, wanted: Follow) -> None:
    if not await tx.execute(queries.INSERT_REQUEST, **msgspec.structs.asdict(wanted)):
        return
    if target.local:
        await notifications.notify(tx, "follow_request", target.id, account.id)
    else:
        await jobs.add(
            tx, Federate(activity="follow", account_id=account.id, object_id=target.id, uri=wanted.uri)
        )


async def _taken_request(tx: Tx, account: Account, target: Account) -> Follow | None:
    """The request of `account`, which is one no more."""
    request = await tx.one(queries.FOLLOW_REQUEST, account_id=account.id, target_id=target.id)
    if request is None or not await tx.execute(
        queries.DELETE_REQUEST, account_id=account.id, target_id=target.id
    ):
        return None
    await notifications.forget(tx, "follow_request", target.id, account.id)
    return request


async def _end(tx: Tx, account: Account, target: Account) -> Follow | None:
    """From here on `account` neither follows `target` nor asks to. Returns what there was."""
    request = await _taken_request(tx, account, target)
    pair = {"account_id": account.id, "target_id": target.id}
    existing = await tx.one(queries.FOLLOW, **pair)
    if existing is None or not await tx.execute(queries.DELETE_FOLLOW, **pair):
        return request
    await _count(tx, account, target, by=-1)
    if account.local:
        await tx.execute(queries.TAKE_FROM_HOME, **pair)
    await notifications.forget(tx, "follow", target.id, account.id)
    return existing


async def _count(tx: Tx, account: Account, target: Account, *, by: int) -> None:
    # Always in the same order, so that two who follow each other at once do not wait for each other.
    both = [(account.id, queries.COUNT_FOLLOWING), (target.id, queries.COUNT_FOLLOWERS)]
    for account_id, statement in sorted(both, key=lambda each: each[0]):
        await tx.execute(statement, of_account=account_id, by=by)


async def _wish(tx: Tx, existing: Follow, wanted: Follow, uri: str) -> None:
    """Change how somebody follows, and under which address."""
    for statement in (queries.SET_FOLLOW, queries.SET_REQUEST):
        await tx.execute(
            statement,
            of_account=existing.account_id,
            to_target=existing.target_id,
            new_reblogs=wanted.reblogs,
            new_notify=wanted.notify,
            new_languages=wanted.languages,
            new_uri=uri or existing.uri,
        )


async def _answer(
    tx: Tx,
    activity: Literal["accept_follow", "reject_follow", "remove_follower"],
    account: Account,
    follower: Account,
    uri: str,
) -> None:
    await jobs.add(tx, Federate(activity=activity, account_id=account.id, object_id=follower.id, uri=uri))
