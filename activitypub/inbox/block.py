"""Block: somebody elsewhere wants nothing to do with a local account. Taking it back is `undo`."""

from activitypub.errors import Ignored
from activitypub.federation import Federation
from activitypub.inbox.once import once
from activitypub.vocabulary import Block
from fedcoop.accounts import access as account_access
from fedcoop.accounts.types import Account
from fedcoop.relationships import actions as relationship_actions


async def on_block(fed: Federation, actor: Account, block: Block) -> None:
    """Keep the two apart, quietly: follows in both directions end."""
    async with fed.db.write() as tx:
        await once(tx, block)
        target = await account_access.by_uri(tx, block.object_id)
        if target is None or not target.local:
            raise Ignored("a Block of nobody here")
        await relationship_actions.block(tx, actor, target, uri=block.id)
