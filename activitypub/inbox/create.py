"""Create: somebody published a post, or voted in a poll of ours. Changing it is `update`."""

from __future__ import annotations

from activitypub import posts, resolve
from activitypub.errors import FetchError, Ignored
from activitypub.federation import Federation
from activitypub.inbox.once import once
from activitypub.origins import same_origin
from activitypub.vocabulary import Create, Object, Post
from fedcoop import jobs
from fedcoop.accounts.types import Account
from fedcoop.errors import Problem
from fedcoop.jobs.types import FetchThread
from fedcoop.polls import actions as poll_actions
from fedcoop.statuses import access as status_access
from fedcoop.statuses import queries as status_queries


async def on_create(fed: Federation, actor: Account, create: Create) -> None:
    """Store each post; a post of another author or origin is fetched from where it lives, or dropped (A1)."""
    if not create.objects:
        raise Ignored("a Create of nothing")
    ballots = [one for one in create.objects if isinstance(one, Post) and _may_be_vote(one)]
    if ballots and await _votes(fed, actor, create, ballots):
        return
    found = create.object
    if isinstance(found, Post) and found.id and is_own(actor, found):
        await _store(fed, actor, create, found)
    elif create.object_id and isinstance(found, Post | str):
        await resolve.status(fed, create.object_id)
    else:
        raise Ignored(f"a Create of what is no post: {_named(found)}")


def is_own(actor: Account, post: Post) -> bool:
    """Is this embedded post the actor's own word about itself, in need of no other proof?"""
    return post.attributed_to == actor.uri and same_origin(post.id, actor.uri)


async def _store(fed: Federation, actor: Account, create: Create, post: Post) -> None:
    async with fed.db.write() as tx:
        await once(tx, create)
        status = await posts.receive(tx, actor, post, wanted=False)
        if status is not None and status.in_reply_to_uri:
            await jobs.add(tx, FetchThread(status_id=status.id, uri=status.in_reply_to_uri))


async def fetch_thread(fed: Federation, job: FetchThread) -> None:
    """Job: have the status that a known one answers; the domain joins the two when it comes."""
    try:
        await resolve.status(fed, job.uri)
    except (FetchError, Ignored, Problem):
        return  # a thread may lack its beginning


def _named(found: Object) -> str:
    return "nothing" if isinstance(found, str) else getattr(found, "type", "") or "something without a type"


def _may_be_vote(post: Post) -> bool:
    return bool(post.name and post.in_reply_to and not post.content and not post.attachments)


async def _votes(fed: Federation, actor: Account, create: Create, ballots: list[Post]) -> bool:
    """Count them, if what they answer is a poll of ours. False where it is none."""
    async with fed.db.write() as tx:
        first = await tx.one(status_queries.BY_URI, uri=ballots[0].in_reply_to)
        if first is None or not first.local or first.poll_id is None:
            return False
        poll = await tx.one(status_queries.POLLS, ids=[first.poll_id])
        if poll is None:
            return False
        await once(tx, create)
        # who may not see the poll may not vote in it
        status = await status_access.visible_by_uri(tx, actor, first.uri)
        for ballot in ballots:
            if ballot.in_reply_to != status.uri or not is_own(actor, ballot):
                raise Ignored("a vote in another poll, or of somebody else")
            await poll_actions.receive_vote(tx, actor, poll, ballot.name, uri=ballot.id)
    return True
