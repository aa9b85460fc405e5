"""Follow: somebody elsewhere wants to follow a local account. Taking it back is `undo`."""

from typing import Literal

from activitypub import relays
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
    may not (a block, an account that has moved) is told so. The server itself is followed by nobody: a relay of
    ours that does so in return is told yes, and has what it gets all the same; anybody else is told no."""
    async with fed.db.write() as tx:
        await once(tx, follow)
        target = await account_access.by_uri(tx, follow.object_id)
        if target is None or not target.local or target.deleted_at is not None:
            raise Ignored("a follow of nobody here")
        if target.kind == "application":
            known = await relays.is_relay(tx, actor.uri)
            await jobs.add(tx, _answer("accept_follow" if known else "reject_follow", target, actor, follow))
            return
        try:
            await relationship_actions.follow(tx, actor, target, uri=follow.id)
        except NotAllowed:
            await jobs.add(tx, _answer("reject_follow", target, actor, follow))


def _answer(
    word: Literal["accept_follow", "reject_follow"], target: Account, actor: Account, follow: Follow
) -> Federate:
    return Federate(activity=word, account_id=target.id, object_id=actor.id, uri=follow.id)
