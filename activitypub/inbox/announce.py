"""Announce: somebody shares a post; what groups pass on is in `group`. Taking back is `undo`."""

from __future__ import annotations

from activitypub import queries, relays, resolve
from activitypub.errors import Ignored
from activitypub.federation import Federation
from activitypub.inbox import group
from activitypub.inbox.sharing import share
from activitypub.vocabulary import Activity, Announce, Create, Update
from fedcoop.accounts.types import Account
from fedcoop.statuses import queries as status_queries


async def on_announce(fed: Federation, actor: Account, announce: Announce) -> None:
    """Reblog what is shared. It is believed only from its own origin, whatever copy is embedded."""
    if not announce.id:
        raise Ignored("an Announce without an id")
    async with fed.db.read() as tx:
        relayed = await relays.is_relay(tx, actor.uri)
        heard = await tx.scalar(queries.HAS_LOCAL_FOLLOWER, account_id=actor.id) is not None
    if relayed:
        await relays.take(fed, announce, _shared(announce))
        return
    if actor.kind == "group" and isinstance(announce.object, Activity):
        await group.on_passed_on(fed, actor, announce, heard=heard)
        return
    uri = _shared(announce)
    async with fed.db.read() as tx:
        known = await tx.one(status_queries.BY_URI, uri=uri)
    if not heard and not (known is not None and known.local):
        raise Ignored("shared by somebody whom nobody here follows")
    shared = known or await resolve.status(fed, uri)
    if shared is None:
        raise Ignored("shared, but deleted")
    await share(fed, actor, announce, shared)


def _shared(announce: Announce) -> str:
    """The id of the post that is meant. Raises `Ignored`."""
    found = announce.object
    if isinstance(found, Create | Update):
        uri = found.object_id
    elif isinstance(found, Activity):
        raise Ignored(f"a shared {found.type} says nothing to us")
    else:
        uri = announce.object_id
    if not uri:
        raise Ignored("an Announce of nothing")
    return uri
