"""Consent that authors elsewhere give to answers and boosts by others elsewhere: looked at where it lives,
before these are shown (GoToSocial). What is done with it is `fedcoop.interactions`; for quotes this is
`quoting`."""

from __future__ import annotations

from activitypub import posts, resolve, stamps
from activitypub.builders.interaction import stamp_type
from activitypub.errors import Gone, Ignored, Refused
from activitypub.federation import Federation
from activitypub.vocabulary import Announce
from fedcoop.accounts import queries as account_queries
from fedcoop.accounts.types import Account
from fedcoop.errors import Problem
from fedcoop.interactions import actions as interactions
from fedcoop.jobs.types import VerifyAnswer
from fedcoop.statuses import queries as status_queries
from fedcoop.statuses.consent import access, queries
from fedcoop.statuses.consent import actions as consents
from fedcoop.statuses.consent.types import Deed
from fedcoop.statuses.types import Status


async def stamped(fed: Federation, deed: Deed, stamp: str, *, uri: str, status: Status) -> bool:
    """Does the author of `status` say at `stamp`, on their own server, that the answer, Like or Announce with this
    address may be? Raises `FetchError`, `Ignored`."""
    async with fed.db.read() as tx:
        author = await tx.one(account_queries.BY_ID, id=status.account_id)
    if author is None or not stamp:
        return False
    return await stamps.binds(
        fed,
        stamp_type(deed),
        stamp,
        author=author.uri,
        interacting=uri,
        target=status.uri,
        accepts=True,
    )


async def may_share(fed: Federation, actor: Account, announce: Announce, shared: Status) -> bool:
    """Whether it is by a stamp that somebody elsewhere shares what another elsewhere wrote. Raises `Ignored` where
    they needed one and have none, `FetchError`."""
    async with fed.db.read() as tx:
        if await access.verdict(tx, actor, shared, "reblog") == "free":
            return False
    if not await stamped(fed, "reblog", announce.authorization, uri=announce.id, status=shared):
        raise Ignored("shared without the consent of the author")
    return True


async def verify(fed: Federation, job: VerifyAnswer) -> None:
    """Job: show an answer, if the author of what it answers consents; else drop it. Raises what is worth another
    try: a server not answering."""
    async with fed.db.read() as tx:
        status = await tx.one(status_queries.BY_ID, id=job.status_id)
        parent = await tx.one(status_queries.BY_ID, id=status.in_reply_to_id or 0) if status else None
        author = await tx.one(account_queries.BY_ID, id=status.account_id) if status else None
        if status is None or parent is None or author is None or status.local or parent.local:
            return
        free = await access.verdict(tx, author, parent, "reply") == "free"
    if free and not status.held:
        return
    try:
        stamp = job.stamp or await _stamp_of(fed, status)
        consent = free or await stamped(fed, "reply", stamp, uri=status.uri, status=parent)
    except (Ignored, Problem, Gone, Refused):
        consent = False
    async with fed.db.write() as tx:
        now = await tx.one(status_queries.BY_ID, id=status.id)
        if now is None:
            return
        if not consent:
            await interactions.drop(tx, now)
            return
        interaction = await access.by_uri(tx, now.uri)
        if interaction is None:
            interaction = await consents.claimed(tx, "reply", author, parent, uri=now.uri, stamp=stamp)
            await tx.execute(queries.BECAME, id=interaction.id, new_result_id=now.id)
        await interactions.accept(tx, interaction, stamp)


async def _stamp_of(fed: Federation, status: Status) -> str:
    """The stamp that an answer names, which came before what it answers."""
    thing, identity = await resolve.fetch(fed, status.uri)
    return posts.own(thing, identity).reply_authorization
