"""Add and Remove: pinning to one's profile, and recommending accounts. Nothing of anybody else may be changed by
them."""

from __future__ import annotations

from activitypub.errors import Ignored
from activitypub.featured import own_status
from activitypub.federation import Federation
from activitypub.inbox import feature
from activitypub.inbox.once import once
from activitypub.vocabulary import Add, Remove
from fedcoop.accounts.types import Account
from fedcoop.pins import actions as pins
from fedcoop.statuses import queries as status_queries


async def on_add(fed: Federation, actor: Account, add: Add | Remove) -> None:
    """Pin or unpin a status of the actor's own. Raises `Ignored` for a collection or a status that is not."""
    if await feature.told_of(fed, actor, add):
        return
    if not actor.featured_uri or add.target != actor.featured_uri:
        raise Ignored(f"{add.type} to a collection that is not the actor's own")
    if isinstance(add, Remove):
        async with fed.db.write() as tx:
            await once(tx, add)
            known = await tx.one(status_queries.BY_URI, uri=add.object_id)
            if known is not None:
                await pins.remove(tx, actor, known)
        return
    status = await own_status(fed, actor, add.object_id)
    if status is None:
        raise Ignored("a pin of what is not the actor's own, or cannot be had")
    async with fed.db.write() as tx:
        await once(tx, add)
        await pins.add(tx, actor, status)
