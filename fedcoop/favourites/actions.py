"""Giving and taking back a favourite, by members and by accounts elsewhere."""

from fedcoop import ids, jobs
from fedcoop.accounts.types import Account
from fedcoop.db import Tx
from fedcoop.favourites import queries
from fedcoop.jobs.types import Federate
from fedcoop.notifications.actions import forget, notify
from fedcoop.statuses import queries as status_queries
from fedcoop.statuses.consent import access as consent
from fedcoop.statuses.consent import actions as consents
from fedcoop.statuses.types import Status


async def add(
    tx: Tx,
    account: Account,
    status: Status,
    *,
    uri: str = "",
    request_uri: str = "",
    reaction: bool = False,
) -> None:
    """Favourite a status that the caller has checked `account` may see. `uri` is that of the Like, for
    accounts elsewhere, and `request_uri` that of what asked first. A second time changes nothing; a
    `reaction`, of which somebody elsewhere may give several, is remembered in case the first is taken back.
    Where the author wants to be asked it counts once they agree, and until then only a member sees their own.
    Raises `NotAllowed` to members whom the author does not let."""
    id_ = ids.new_id()
    uri = uri or f"{account.uri}/likes/{id_}"
    if account.local:
        verdict = await consent.check(tx, account, status, "favourite")
    elif status.local:
        asked = await consents.by_stranger(tx, "favourite", account, status, uri=uri, request_uri=request_uri)
        if asked is not None and asked.state != "accepted":
            return
    if not await tx.execute(queries.INSERT, id=id_, account_id=account.id, status_id=status.id, uri=uri):
        if reaction and uri != await tx.scalar(queries.FIND, account_id=account.id, status_id=status.id):
            await tx.execute(queries.ADD_FURTHER, account_id=account.id, status_id=status.id, uri=uri)
        return
    if account.local:
        await consents.by_member(tx, "favourite", account, status, verdict, uri=uri)
        if verdict == "asked":
            return
    await settle(tx, account, status, uri)


async def agreed(tx: Tx, account: Account, status: Status, uri: str) -> None:
    """The author of the status consents to the favourite with this address."""
    if not account.local:
        await tx.execute(queries.INSERT, id=ids.new_id(), account_id=account.id, status_id=status.id, uri=uri)
    await settle(tx, account, status, uri)


async def settle(tx: Tx, account: Account, status: Status, uri: str) -> None:
    """Count a favourite that is there, and tell whoever has to know."""
    await tx.execute(status_queries.COUNT_FAVOURITES, id=status.id, by=1)
    if status.local and status.account_id != account.id:
        await notify(tx, "favourite", status.account_id, account.id, status.id)
    if account.local and not status.local:
        await jobs.add(
            tx, Federate(activity="favourite", account_id=account.id, object_id=status.id, uri=uri)
        )


async def remove(tx: Tx, account: Account, status: Status) -> None:
    """Take a favourite back, if there is one, or the wish for one."""
    uri = await tx.scalar(queries.FIND, account_id=account.id, status_id=status.id)
    wish = await consents.withdraw(tx, "favourite", account, status)
    if not await _drop(tx, account, status, counted=wish is None or wish.state == "accepted"):
        return
    if account.local and not status.local:
        await jobs.add(
            tx, Federate(activity="unfavourite", account_id=account.id, object_id=status.id, uri=uri)
        )


async def refuse(tx: Tx, account: Account, status: Status, *, counted: bool) -> None:
    """The author does not consent, or no longer where it was `counted`; whoever favourited is not told here."""
    await _drop(tx, account, status, counted=counted)


async def _drop(tx: Tx, account: Account, status: Status, *, counted: bool) -> bool:
    if not await tx.execute(queries.DELETE, account_id=account.id, status_id=status.id):
        return False
    if not account.local:
        await tx.execute(queries.FORGET_FURTHER, account_id=account.id, status_id=status.id)
    if counted:
        await tx.execute(status_queries.COUNT_FAVOURITES, id=status.id, by=-1)
    await forget(tx, "favourite", status.account_id, account.id, status.id)
    return True


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
