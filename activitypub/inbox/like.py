"""Like and EmojiReact: somebody favourites a post of ours; reactions count as favourites (FEP-c0e0)."""

from activitypub.errors import Ignored
from activitypub.federation import Federation
from activitypub.inbox.once import once
from activitypub.vocabulary import EmojiReact, Like
from fedcoop.accounts.types import Account
from fedcoop.favourites import actions as favourite_actions
from fedcoop.statuses import access as status_access
from fedcoop.statuses import queries as status_queries


async def on_like(fed: Federation, actor: Account, like: Like | EmojiReact) -> None:
    """Only for posts of ours, and only for those who may see them."""
    async with fed.db.write() as tx:
        status = await tx.one(status_queries.BY_URI, uri=like.object_id)
        if status is None or not status.local:
            raise Ignored("a like of no post of ours")
        await once(tx, like)
        status = await status_access.visible_by_uri(tx, actor, status.uri)
        await favourite_actions.add(tx, actor, status, uri=like.id, reaction=bool(like.content))
