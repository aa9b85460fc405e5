"""Follow: somebody elsewhere wants to follow a local account. Taking it back is `undo`."""

from activitypub.errors import Ignored
from activitypub.federation import Federation
from activitypub.inbox.once import once
from activitypub.vocabulary import Follow
from fedcoop import jobs
from fedcoop.accounts import access as account_access
from fedcoop.accounts.types import Account
from fedcoop.errors import NotAllowed
from fedcoop.jobs.types import Federate
from fedcoop.relationships import actions as relationship_actions


async def on_follow(fed: Federation, actor: Account, follow: Follow) -> None:
    """Follow at once, or leave a request where the account approves its followers. One who
    may not (a block, an account that has moved) is told so."""
    async with fed.db.write() as tx:
        await once(tx, follow)
        target = await account_access.by_uri(tx, follow.object_id)
        if target is None or not target.local or target.deleted_at is not None:
            raise Ignored("a follow of nobody here")
        try:
            await relationship_actions.follow(tx, actor, target, uri=follow.id)
        except NotAllowed:
            refusal = Federate(
                activity="reject_follow", account_id=target.id, object_id=actor.id, uri=follow.id
            )
            await jobs.add(tx, refusal)
