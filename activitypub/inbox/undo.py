"""Undo: somebody takes back a Follow, a Like, a reblog or a Block of their own."""

from activitypub.errors import Ignored
from activitypub.federation import Federation
from activitypub.inbox import interaction, queries
from activitypub.inbox.once import once
from activitypub.vocabulary import Activity, Announce, Block, EmojiReact, Follow, Like, Undo
from fedcoop.accounts import access as account_access
from fedcoop.accounts.types import Account
from fedcoop.db import Tx
from fedcoop.favourites import actions as favourite_actions
from fedcoop.relationships import actions as relationship_actions
from fedcoop.statuses import queries as status_queries
from fedcoop.statuses import reblogs


async def on_undo(fed: Federation, actor: Account, undo: Undo) -> None:
    """Only what the same actor did (A19). The activity is embedded, or named by its id."""
    undone = undo.object
    if isinstance(undone, Activity) and undone.actor != actor.uri:
        raise Ignored("an Undo of what somebody else did")
    async with fed.db.write() as tx:
        await once(tx, undo)
        if not await _undo(tx, actor, undone if isinstance(undone, Activity) else None, undo.object_id):
            raise Ignored("an Undo of nothing that we know")


async def _undo(tx: Tx, actor: Account, undone: Activity | None, uri: str) -> bool:
    match undone:
        case Follow():
            return await _unfollow(tx, actor, undone.object_id, uri)
        case Like() | EmojiReact():
            return await _unfavourite(tx, actor, undone.object_id, uri)
        case Announce():
            return await _unreblog(tx, actor, undone.object_id, uri)
        case Block():
            return await _unblock(tx, actor, undone.object_id, uri)
        case None:
            return (
                await _unfollow(tx, actor, "", uri)
                or await _unfavourite(tx, actor, "", uri)
                or await _unreblog(tx, actor, "", uri)
                or await _unblock(tx, actor, "", uri)
                or await interaction.take_back(tx, actor, uri)
            )
        case _:
            return False


async def _unfollow(tx: Tx, actor: Account, target_uri: str, uri: str) -> bool:
    target = await account_access.by_uri(tx, target_uri) if target_uri else None
    if target is None and uri:
        found = await tx.scalar(queries.FOLLOWED_BY_URI, account_id=actor.id, uri=uri)
        target = await account_access.find(tx, found) if found is not None else None
    if target is None:
        return False
    await relationship_actions.unfollow(tx, actor, target)
    return True


async def _unfavourite(tx: Tx, actor: Account, status_uri: str, uri: str) -> bool:
    status = await tx.one(status_queries.BY_URI, uri=status_uri) if status_uri else None
    if status is None and uri:
        found = await tx.scalar(queries.FAVOURITED_BY_URI, account_id=actor.id, uri=uri)
        status = await tx.one(status_queries.BY_ID, id=found) if found is not None else None
    if status is None:
        return False
    await favourite_actions.take_back(tx, actor, status, uri)
    return True


async def _unreblog(tx: Tx, actor: Account, status_uri: str, uri: str) -> bool:
    reblog = await tx.one(status_queries.BY_URI, uri=uri) if uri else None
    if reblog is not None:
        if reblog.account_id != actor.id or reblog.reblog_of_id is None:
            return False
        await reblogs.remove_by_uri(tx, actor, uri)
        return True
    status = await tx.one(status_queries.BY_URI, uri=status_uri) if status_uri else None
    if status is None:
        return False
    await reblogs.remove(tx, actor, status)
    return True


async def _unblock(tx: Tx, actor: Account, target_uri: str, uri: str) -> bool:
    target = await account_access.by_uri(tx, target_uri) if target_uri else None
    if target is None and uri:
        found = await tx.scalar(queries.BLOCKED_BY_URI, account_id=actor.id, uri=uri)
        target = await account_access.find(tx, found) if found is not None else None
    if target is None or not target.local:
        return False
    await relationship_actions.unblock(tx, actor, target)
    return True
