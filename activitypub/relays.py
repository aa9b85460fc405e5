"""Relays from our side (FEP-ae0c): asking one, hearing its answer, and taking what it passes on. What it is sent
is `activitypub.federate.relaying`; that we belong to it is decided by members.

A relay is believed to know that a post exists, and nothing else: the post is fetched from where it lives, is kept
if it is for everybody, boosts nothing, and stands in no home timeline but those of its author's followers.
"""

from __future__ import annotations

from activitypub import resolve
from activitypub.errors import FetchError, Ignored
from activitypub.federation import Federation
from activitypub.inbox.once import once
from activitypub.origins import same_origin
from activitypub.vocabulary import Accept, Activity, Reject
from fedcoop import jobs
from fedcoop.accounts.types import Account
from fedcoop.db import Tx
from fedcoop.errors import Problem
from fedcoop.jobs.types import AskRelay, ReceiveForwarded
from fedcoop.relays import access, actions
from fedcoop.relays.types import Relay, State, style_of


async def ask(fed: Federation, job: AskRelay) -> None:
    """Job: find out where a relay takes posts, and follow it. Raises what is worth another try."""
    if style_of(job.url) == "mastodon":
        async with fed.db.write() as tx:
            await actions.found(tx, job.url, "", job.url)
        return
    try:
        actor = await resolve.account(fed, job.url)
    except (FetchError, Ignored, Problem) as problem:
        async with fed.db.write() as tx:
            await actions.failed(tx, job.url, str(problem))
        if isinstance(problem, FetchError):
            raise
        return
    async with fed.db.write() as tx:
        await actions.found(tx, job.url, actor.uri, actor.inbox)


async def answered(fed: Federation, actor: Account, answer: Accept | Reject) -> bool:
    """Keep what a relay answers; False where this is no answer to a Follow of a relay. Raises `Ignored` where it
    does not come from the relay that was asked."""
    async with fed.db.read() as tx:
        relay = await access.by_follow(tx, answer.object_id)
    if relay is None:
        return False
    if not _answers_for(actor, relay):
        raise Ignored("an answer for another relay")
    async with fed.db.write() as tx:
        await once(tx, answer)
        state: State = "accepted" if isinstance(answer, Accept) else "refused"
        await actions.answered(tx, relay, actor.uri, state)
    return True


async def is_relay(tx: Tx, uri: str) -> bool:
    """Does this actor pass things on to us because members decided so?"""
    return await access.by_actor(tx, uri) is not None


async def take(fed: Federation, activity: Activity, uri: str) -> None:
    """Have the post that a relay announces asked for where it lives."""
    async with fed.db.write() as tx:
        await once(tx, activity)
        if not fed.is_local(uri):
            await jobs.add(tx, ReceiveForwarded(uri=uri, relayed=True))


def _answers_for(actor: Account, relay: Relay) -> bool:
    """A relay that is known as an actor answers itself; of one that is an inbox somebody of the same origin."""
    return actor.uri == relay.actor_uri if relay.actor_uri else same_origin(actor.uri, relay.url)
