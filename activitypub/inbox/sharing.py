"""Sharing what somebody said with one's own followers, whether a person boosts it or a group passes it on."""

from activitypub import consenting, posts
from activitypub.errors import Ignored
from activitypub.federation import Federation
from activitypub.inbox.once import once
from activitypub.vocabulary import Announce
from fedcoop import clock
from fedcoop.accounts.types import Account
from fedcoop.db import Tx
from fedcoop.statuses import access as status_access
from fedcoop.statuses import reblogs
from fedcoop.statuses.consent import actions as consents
from fedcoop.statuses.consent import queries as consent_queries
from fedcoop.statuses.types import Status


async def share(fed: Federation, actor: Account, announce: Announce, shared: Status) -> None:
    """Reblog it, for the audience of the Announce. Raises `Ignored` for a share of a share and for one that its
    author does not want, `NotFound` for what the actor may not see."""
    stamped = not shared.local and await consenting.may_share(fed, actor, announce, shared)
    async with fed.db.write() as tx:
        await once(tx, announce)
        await spread(tx, actor, announce, shared, stamped=stamped)


async def spread(
    tx: Tx,
    actor: Account,
    announce: Announce,
    shared: Status,
    *,
    request_uri: str = "",
    stamped: bool = False,
) -> None:
    """The same within a transaction. `request_uri` is what asked for consent; `stamped`: that which the
    Announce names was looked at."""
    status = await status_access.visible_by_uri(tx, actor, shared.uri)
    if status.reblog_of_id is not None:
        raise Ignored("a share of a share")
    visibility = posts.visibility(announce.to, announce.cc, actor.followers_uri)
    asked = None
    if status.local:
        asked = await consents.by_stranger(
            tx, "reblog", actor, status, uri=announce.id, request_uri=request_uri, visibility=visibility
        )
    elif stamped:
        asked = await consents.claimed(
            tx, "reblog", actor, status, uri=announce.id, stamp=announce.authorization, seen=True
        )
    if asked is not None and asked.state != "accepted":
        return
    made = await reblogs.add(
        tx,
        actor,
        status,
        uri=announce.id,
        created_at=min(announce.published or clock.now(), clock.now()),
        visibility=visibility,
    )
    if asked is not None:
        await tx.execute(consent_queries.BECAME, id=asked.id, new_result_id=made.id)
