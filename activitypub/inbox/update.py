"""Update: an actor changed its profile, or one of its posts (an edit, or new totals of a poll)."""

from __future__ import annotations

from activitypub import posts, resolve
from activitypub.errors import Ignored
from activitypub.federation import Federation
from activitypub.inbox import feature
from activitypub.inbox.create import is_own
from activitypub.inbox.once import once
from activitypub.vocabulary import Actor, Post, Update
from fedcoop.accounts.types import Account
from fedcoop.statuses import queries as status_queries
from fedcoop.statuses import remote


async def on_update(fed: Federation, actor: Account, update: Update) -> None:
    """Only its own: the profile must be the actor's, the post must be known as the actor's (A4, A8)."""
    found = update.object
    if update.object_id == actor.uri:
        await _profile(fed, actor, found)
        return
    if await feature.told_of(fed, actor, update):
        return
    if isinstance(found, Actor):
        raise Ignored("an Update of somebody else's profile")
    post = found if isinstance(found, Post) else None
    if post is None:
        thing, identity = await resolve.fetch(fed, update.object_id)
        post = posts.own(thing, identity)
    if not is_own(actor, post):
        raise Ignored("an Update of a post of somebody else")
    async with fed.db.write() as tx:
        await once(tx, update)
        status = await tx.one(status_queries.BY_URI, uri=post.id)
        if status is None:
            # never seen: an edit may arrive before the post itself
            await posts.receive(tx, actor, post, wanted=False)
            return
        if status.account_id != actor.id or status.local:
            raise Ignored("an Update of a post of somebody else")
        changed = await posts.remote_status(tx, actor, post)
        await remote.receive_edit(tx, actor, status, changed)


async def _profile(fed: Federation, actor: Account, found: object) -> None:
    """Take the embedded profile, which its owner signed; fetch it where there is only an id."""
    if isinstance(found, Actor) and found.username and found.inbox:
        await resolve.save_actor(fed, found)
    else:
        await resolve.account(fed, actor.uri, refresh=True)
