"""What another server passes on without proof that its author said it: not believed, but a reason to ask
where it lives. Whatever carries a proof is an activity like any other (`activitypub.receive`)."""

from __future__ import annotations

from typing import Any

from activitypub import posts, resolve
from activitypub.errors import Gone, Ignored
from activitypub.federation import Federation
from activitypub.parse.fields import identifier, types
from activitypub.vocabulary import PUBLIC, Post, Tombstone
from fedcoop.db import Tx
from fedcoop.errors import Problem
from fedcoop.jobs.types import ReceiveForwarded
from fedcoop.statuses import actions as status_actions
from fedcoop.statuses import queries as status_queries
from fedcoop.statuses import remote

KINDS = frozenset({"Create", "Update", "Delete"})
ASKED_AGAIN = 60
"""Seconds before the same post is asked for again, however many servers pass it on."""


def about(document: dict[str, Any], *, relayed: bool = False) -> ReceiveForwarded | None:
    """What there is to ask for because of an activity that came from somebody else, or by a relay; None for
    nothing."""
    if not KINDS.intersection(types(document.get("type"))):
        return None
    thing = document.get("object")
    uri = identifier(thing)
    answered = identifier(thing.get("inReplyTo")) if isinstance(thing, dict) else ""
    return ReceiveForwarded(uri=uri, in_reply_to=answered, relayed=relayed) if uri else None


async def concerns_us(tx: Tx, job: ReceiveForwarded) -> bool:
    """Is the post here already, or does it answer one that is?"""
    for uri in (job.uri, job.in_reply_to):
        if uri and await tx.one(status_queries.BY_URI, uri=uri) is not None:
            return True
    return False


async def receive(fed: Federation, job: ReceiveForwarded) -> None:
    """Job: take the post as it is now at its own origin, from a relay only what is for everybody. One that is gone
    there goes here too. Raises what is worth another try: a server not answering."""
    asked = f"forwarded {job.uri}"
    if fed.is_local(job.uri) or fed.failed_lately(asked):
        return
    fed.remember_failure(asked, ASKED_AGAIN)
    try:
        thing, identity = await resolve.fetch(fed, job.uri)
    except Gone:
        await _gone(fed, job.uri)
        return
    except (Ignored, Problem):
        return
    if isinstance(thing, Tombstone):
        await _gone(fed, job.uri)
        return
    try:
        await _take(fed, posts.own(thing, identity), relayed=job.relayed)
    except (Ignored, Problem):
        return  # It is no post, or not of that origin.


async def _take(fed: Federation, post: Post, *, relayed: bool) -> None:
    if relayed and PUBLIC not in post.to:
        raise Ignored("relayed, and not for everybody")
    author = await resolve.account(fed, post.attributed_to)
    async with fed.db.write() as tx:
        known = await tx.one(status_queries.BY_URI, uri=post.id)
        if known is None:
            await posts.receive(tx, author, post, wanted=True)
        elif known.account_id == author.id and not known.local:
            await remote.receive_edit(tx, author, known, await posts.remote_status(tx, author, post))


async def _gone(fed: Federation, uri: str) -> None:
    async with fed.db.write() as tx:
        known = await tx.one(status_queries.BY_URI, uri=uri)
        if known is not None and not known.local:
            await status_actions.remove(tx, known)
