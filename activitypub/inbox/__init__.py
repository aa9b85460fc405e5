"""What other servers tell us: one file per kind of activity, and here the switchboard.

`receive` has verified who speaks and stored the body; `process` is the job that acts on it. Every handler asks
first whether this actor may say this, then goes to the network, and only then to the database, in one
transaction that also remembers the activity's id, so that it counts once. Unknown kinds are ignored.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from activitypub import resolve
from activitypub.errors import FetchError, Gone, Ignored, Refused
from activitypub.federation import Federation
from activitypub.inbox import (
    accept,
    add,
    announce,
    block,
    create,
    delete,
    feature,
    flag,
    follow,
    interaction,
    like,
    move,
    quote,
    reject,
    undo,
    update,
)
from activitypub.origins import same_origin
from activitypub.parse import decode, normalise_aside, read_normal
from activitypub.vocabulary import (
    Accept,
    Activity,
    Add,
    Announce,
    AnnounceRequest,
    Block,
    Create,
    Delete,
    EmojiReact,
    FeatureRequest,
    Flag,
    Follow,
    Like,
    LikeRequest,
    Move,
    QuoteRequest,
    Reject,
    Remove,
    ReplyRequest,
    Undo,
    Update,
)
from fedcoop.accounts.types import Account
from fedcoop.errors import Problem
from fedcoop.jobs.types import ReceiveActivity

log = logging.getLogger(__name__)

Handler = Callable[[Federation, Account, Any], Awaitable[None]]

HANDLERS: dict[type[Activity], Handler] = {
    Follow: follow.on_follow,
    Accept: accept.on_accept,
    Reject: reject.on_reject,
    Undo: undo.on_undo,
    Create: create.on_create,
    Update: update.on_update,
    Delete: delete.on_delete,
    Announce: announce.on_announce,
    Like: like.on_like,
    EmojiReact: like.on_like,
    Block: block.on_block,
    Move: move.on_move,
    Flag: flag.on_flag,
    Add: add.on_add,
    Remove: add.on_add,
    QuoteRequest: quote.on_quote_request,
    ReplyRequest: interaction.on_request,
    LikeRequest: interaction.on_request,
    AnnounceRequest: interaction.on_request,
    FeatureRequest: feature.on_feature_request,
}


async def process(fed: Federation, job: ReceiveActivity) -> None:
    """Act on a received activity, or log why not. Raises what is worth another try: a server not answering."""
    try:
        activity = await understood(job)
        await dispatch(fed, activity)
    except Ignored as ignored:
        log.info("ignored, from %s: %s", job.actor_uri, ignored.reason)
    except Problem as problem:
        log.info("refused, from %s: %s", job.actor_uri, problem.message)
    except (Gone, Refused) as error:
        log.info("without effect, from %s: %s", job.actor_uri, error)


async def understood(job: ReceiveActivity) -> Activity:
    """The activity in a stored body, if the actor who signed may say it. Raises `Ignored`."""
    found = read_normal(await normalise_aside(decode(job.body.encode())))
    if not isinstance(found, Activity):
        raise Ignored(f"{found.type if hasattr(found, 'type') else 'a thing'} is no activity")
    if found.actor != job.actor_uri:
        raise Ignored("an activity of somebody else")
    if found.id and not same_origin(found.id, found.actor):
        raise Ignored("an activity of another origin than its actor")
    return found


async def dispatch(fed: Federation, activity: Activity) -> None:
    """Hand a verified activity to its handler. Raises `Ignored`, `Problem`, `FetchError`."""
    handler = HANDLERS.get(type(activity))
    if handler is None:
        raise Ignored(f"nothing to do with {activity.type}")
    if isinstance(activity, Delete):
        actor = await delete.known_actor(fed, activity)
    else:
        actor = await resolve.speaker(fed, activity.actor)
    if actor.local or actor.deleted_at is not None or actor.suspended_at is not None:
        raise Ignored("the actor is ours, gone or suspended")
    await handler(fed, actor, activity)


__all__ = ["HANDLERS", "FetchError", "dispatch", "process", "understood"]
