"""What a group passes on: what its people publish, change, like and moderate (FEP-1b12). Sharing is
`announce`.

A group speaks for its own doings: what it shows, hides and closes. For what others have said it needs their
proof (FEP-8b32), their being of its own origin, or the same activity at its own address.
"""

from __future__ import annotations

from typing import TypeVar

from activitypub import keyring, posts, resolve
from activitypub.errors import BadSignature, Ignored
from activitypub.federation import Federation
from activitypub.inbox import like, undo
from activitypub.inbox.once import once
from activitypub.inbox.sharing import share
from activitypub.origins import same_origin
from activitypub.vocabulary import (
    Activity,
    Add,
    Announce,
    Create,
    Delete,
    EmojiReact,
    Like,
    Lock,
    Post,
    Remove,
    Undo,
    Update,
)
from fedcoop import jobs
from fedcoop.accounts.types import Account
from fedcoop.jobs.types import ReceiveForwarded
from fedcoop.pins import actions as pins
from fedcoop.statuses import queries as status_queries
from fedcoop.statuses import reblogs
from fedcoop.statuses.quotes import actions as policies
from fedcoop.statuses.types import Status

Told = TypeVar("Told", bound=Activity)


async def on_passed_on(fed: Federation, group: Account, announce: Announce, *, heard: bool) -> None:
    """Act on the announced activity; `heard` says whether somebody here follows the group. Raises
    `Ignored`."""
    told = announce.object
    known = await _known(fed, told.object_id) if isinstance(told, Activity) else None
    if not heard and not (known is not None and known.local):
        raise Ignored("passed on by a group that nobody here follows")
    match told:
        case Create():
            await _published(fed, group, announce, told, known)
        case Update():
            await _look_again(fed, announce, told.object_id)
        case Delete() | Remove() if told.target != group.featured_uri or not told.target:
            await _removed(fed, group, announce, known)
        case Add() | Remove():
            await _featured(fed, group, announce, told, known)
        case Lock():
            await _closed(fed, group, announce, known, closed=True)
        case Like() | EmojiReact():
            await _liked(fed, group, announce, told)
        case Undo():
            await _undone(fed, group, announce, told)
        case _:
            raise Ignored("an announced activity that says nothing to us")


async def _published(
    fed: Federation, group: Account, announce: Announce, told: Create, known: Status | None
) -> None:
    """The post is kept, and shown to those who follow the group if it begins a thread."""
    found = told.object
    status = known
    if status is None and isinstance(found, Post) and await _said(fed, group, announce, told):
        status = await _embedded(fed, told, found)
    if status is None:
        status = await resolve.status(fed, told.object_id)
    if status is None:
        raise Ignored("passed on, but deleted")
    if status.in_reply_to_id is not None or status.in_reply_to_uri is not None:
        return  # An answer is read below what it answers.
    await share(fed, group, announce, status)


async def _embedded(fed: Federation, told: Create, post: Post) -> Status | None:
    if post.attributed_to != told.actor or not same_origin(post.id, told.actor):
        return None
    author = await resolve.speaker(fed, told.actor)
    async with fed.db.write() as tx:
        return await posts.receive(tx, author, post, wanted=True)


async def _look_again(fed: Federation, announce: Announce, uri: str) -> None:
    """What has changed or gone is told by its own origin, whoever passes it on."""
    async with fed.db.write() as tx:
        await once(tx, announce)
        await jobs.add(tx, ReceiveForwarded(uri=uri))


async def _removed(fed: Federation, group: Account, announce: Announce, known: Status | None) -> None:
    """Its author or a moderator took it away: the group shows it no longer, and whether it is gone altogether
    its origin says."""
    if known is None:
        raise Ignored("the removal of what is not here")
    async with fed.db.write() as tx:
        await once(tx, announce)
        await reblogs.remove(tx, group, known)
        if not known.local:
            await jobs.add(tx, ReceiveForwarded(uri=known.uri))


async def _featured(
    fed: Federation, group: Account, announce: Announce, told: Add | Remove, known: Status | None
) -> None:
    """What the group has on top of its profile."""
    if not group.featured_uri or told.target != group.featured_uri:
        raise Ignored(f"{told.type} to a collection that is none we keep")
    status = known or await resolve.status(fed, told.object_id)
    if status is None:
        raise Ignored("a pin of what is deleted")
    async with fed.db.write() as tx:
        await once(tx, announce)
        if isinstance(told, Add):
            await pins.add(tx, group, status)
        else:
            await pins.remove(tx, group, status)


async def _closed(
    fed: Federation, group: Account, announce: Announce, known: Status | None, *, closed: bool
) -> None:
    """Moderators close a thread of the group, or open it: our members answer it no more, or again. About a
    post of another server that server is asked, or any group could close any thread."""
    if known is None or known.local:
        raise Ignored("the end of a thread that is not here, or ours")
    async with fed.db.write() as tx:
        await once(tx, announce)
        if same_origin(known.uri, group.uri):
            await policies.close(tx, known, closed=closed)
        else:
            await jobs.add(tx, ReceiveForwarded(uri=known.uri))


async def _liked(fed: Federation, group: Account, announce: Announce, told: Like | EmojiReact) -> None:
    """Only posts of ours count; about others nobody is asked."""
    if not fed.is_local(told.object_id):
        raise Ignored("a like of no post of ours")
    told = await _proven(fed, group, announce, told)
    await like.on_like(fed, await resolve.speaker(fed, told.actor), told)


async def _undone(fed: Federation, group: Account, announce: Announce, told: Undo) -> None:
    """What moderators take back is shown again; what somebody liked is liked no longer."""
    match told.object:
        case Lock():
            known = await _known(fed, told.object.object_id)
            await _closed(fed, group, announce, known, closed=False)
        case Delete() | Remove():
            status = await resolve.status(fed, told.object.object_id)
            if status is not None:
                await share(fed, group, announce, status)
        case Like() | EmojiReact() if fed.is_local(told.object.object_id):
            proven = await _proven(fed, group, announce, told)
            await undo.on_undo(fed, await resolve.speaker(fed, proven.actor), proven)
        case _:
            raise Ignored("an announced Undo that says nothing to us")


async def _proven(fed: Federation, group: Account, announce: Announce, told: Told) -> Told:
    """The activity as its actor said it: proven here, or fetched from its own address. Raises `Ignored`."""
    if await _said(fed, group, announce, told):
        return told
    if not told.id or not same_origin(told.id, told.actor) or fed.is_local(told.id):
        raise Ignored("announced without proof, and not to be had from its actor")
    found, _ = await resolve.fetch(fed, told.id)
    if type(found) is not type(told) or found.actor != told.actor or found.object_id != told.object_id:
        raise Ignored("its actor says something else than was announced")
    return found


async def _said(fed: Federation, group: Account, announce: Announce, told: Activity) -> bool:
    """Is it certain that the actor said this? The group's server has signed for its own people."""
    if told.id and not same_origin(told.id, told.actor):
        return False
    if same_origin(told.actor, group.uri):
        return True
    if announce.secured is None:
        return False
    try:
        return await keyring.prover_of(fed, announce.secured) == told.actor
    except BadSignature:
        return False


async def _known(fed: Federation, uri: str) -> Status | None:
    async with fed.db.read() as tx:
        return await tx.one(status_queries.BY_URI, uri=uri) if uri else None
