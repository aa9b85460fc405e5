"""Sharing what somebody said with one's own followers, whether a person boosts it or a group passes it on."""

from activitypub import posts
from activitypub.errors import Ignored
from activitypub.federation import Federation
from activitypub.inbox.once import once
from activitypub.vocabulary import Announce
from fedcoop import clock
from fedcoop.accounts.types import Account
from fedcoop.statuses import access as status_access
from fedcoop.statuses import reblogs
from fedcoop.statuses.types import Status


async def share(fed: Federation, actor: Account, announce: Announce, shared: Status) -> None:
    """Reblog it, for the audience of the Announce. Raises `Ignored` for a share of a share, `NotFound` for what
    the actor may not see."""
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
