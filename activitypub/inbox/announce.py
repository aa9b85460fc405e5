"""Announce: somebody shares a post; groups share activities of their members (FEP-1b12). Taking back is `undo`."""

from __future__ import annotations

from activitypub import posts, queries, resolve
from activitypub.errors import Ignored
from activitypub.federation import Federation
from activitypub.inbox.once import once
from activitypub.vocabulary import Activity, Announce, Create, Post, Update
from fedcoop import clock
from fedcoop.accounts.types import Account
from fedcoop.statuses import access as status_access
from fedcoop.statuses import queries as status_queries
from fedcoop.statuses import reblogs


async def on_announce(fed: Federation, actor: Account, announce: Announce) -> None:
    """Reblog what is shared. It is believed only from its own origin, whatever copy is embedded."""
    uri = _shared(announce)
    async with fed.db.read() as tx:
        known = await tx.one(status_queries.BY_URI, uri=uri)
        followed = await tx.scalar(queries.HAS_LOCAL_FOLLOWER, account_id=actor.id)
    if followed is None and not (known is not None and known.local):
        raise Ignored("shared by somebody whom nobody here follows")
    shared = known or await resolve.status(fed, uri)
    if shared is None:
        raise Ignored("shared, but deleted")
    async with fed.db.write() as tx:
        await once(tx, announce)
        status = await status_access.visible_by_uri(tx, actor, shared.uri)
        if status.reblog_of_id is not None:
            raise Ignored("a share of a share")
        await reblogs.add(
            tx,
            actor,
            status,
            uri=announce.id,
            created_at=min(announce.published or clock.now(), clock.now()),
            visibility=posts.visibility(announce.to, announce.cc, actor.followers_uri),
        )


def _shared(announce: Announce) -> str:
    """The id of the post that is meant. Raises `Ignored`."""
    found = announce.object
    if isinstance(found, Create | Update):
        found = found.object
    if isinstance(found, Activity):
        raise Ignored(f"a shared {found.type} says nothing to us")
    uri = found.id if isinstance(found, Post) else announce.object_id
    if isinstance(announce.object, Create | Update):
        uri = announce.object.object_id
    if not uri or not announce.id:
        raise Ignored("an Announce of nothing, or without an id")
    return uri
