"""Giving and taking back a favourite, by members and by accounts elsewhere."""

from fedcoop import ids, jobs
from fedcoop.accounts.types import Account
from fedcoop.db import Tx
from fedcoop.favourites import queries
from fedcoop.jobs.types import Federate
from fedcoop.notifications.actions import forget, notify
from fedcoop.statuses import consent
from fedcoop.statuses import queries as status_queries
from fedcoop.statuses.types import Status


async def add(tx: Tx, account: Account, status: Status, *, uri: str = "", reaction: bool = False) -> None:
    """Favourite a status that the caller has checked `account` may see. `uri` is that of the Like, for
    accounts elsewhere. A second time changes nothing; a `reaction`, of which somebody elsewhere may give
    several, is remembered in case the first is taken back."""
    if account.local:
        await consent.check(tx, account, status, "favourite")
    id_ = ids.new_id()
    uri = uri or f"{account.uri}/likes/{id_}"
    if not await tx.execute(queries.INSERT, id=id_, account_id=account.id, status_id=status.id, uri=uri):
        if reaction and uri != await tx.scalar(queries.FIND, account_id=account.id, status_id=status.id):
            await tx.execute(queries.ADD_FURTHER, account_id=account.id, status_id=status.id, uri=uri)
        return
    await tx.execute(status_queries.COUNT_FAVOURITES, id=status.id, by=1)
    if status.local and status.account_id != account.id:
        await notify(tx, "favourite", status.account_id, account.id, status.id)
    if account.local and not status.local:
        await jobs.add(
            tx, Federate(activity="favourite", account_id=account.id, object_id=status.id, uri=uri)
        )


async def remove(tx: Tx, account: Account, status: Status) -> None:
    """Take a favourite back, if there is one."""
    uri = await tx.scalar(queries.FIND, account_id=account.id, status_id=status.id)
    if not await tx.execute(queries.DELETE, account_id=account.id, status_id=status.id):
        return
    if not account.local:
        await tx.execute(queries.FORGET_FURTHER, account_id=account.id, status_id=status.id)
    await tx.execute(status_queries.COUNT_FAVOURITES, id=status.id, by=-1)
    await forget(tx, "favourite", status.account_id, account.id, status.id)
    if account.local and not status.local:
        await jobs.add(
            tx, Federate(activity="unfavourite", account_id=account.id, object_id=status.id, uri=uri)
        )


async def take_back(tx: Tx, account: Account, status: Status, uri: str) -> None:
    """Take back one Like or reaction of an account elsewhere. The favourite stays as long as another of its
    Likes does; where `uri` names none that is known, all of them end."""
    place = {"account_id": account.id, "status_id": status.id}
    if await tx.execute(queries.DELETE_FURTHER, **place, like_uri=uri):
        return
    other = await tx.scalar(queries.ANY_FURTHER, **place)
    if other is not None and uri == await tx.scalar(queries.FIND, **place):
        await tx.execute(queries.STAND_IN, **place, other_uri=other)
        await tx.execute(queries.DELETE_FURTHER, **place, like_uri=other)
        return
    await remove(tx, account, status)
