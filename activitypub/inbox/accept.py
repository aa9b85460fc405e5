"""Accept: somebody elsewhere says yes to a local account that asked to follow. No is `reject`."""

from activitypub import relays
from activitypub.errors import Ignored
from activitypub.federation import Federation
from activitypub.inbox import feature, interaction, quote
from activitypub.inbox.follow_named import follower_named
from activitypub.inbox.once import once
from activitypub.vocabulary import Accept
from fedcoop.accounts.types import Account
from fedcoop.relationships import actions as relationship_actions


async def on_accept(fed: Federation, actor: Account, accept: Accept) -> None:
    """The request becomes a follow. An Accept for a follow that was never sent changes nothing (A21)."""
    if quote.answers_quote(accept):
        await quote.on_accept(fed, actor, accept)
        return
    if feature.answers_feature(accept):
        await feature.on_accept(fed, actor, accept)
        return
    if await relays.answered(fed, actor, accept) or await interaction.answered(fed, actor, accept):
        return
    async with fed.db.write() as tx:
        await once(tx, accept)
        follower = await follower_named(tx, actor, accept)
        if follower is None:
            raise Ignored("an answer to nothing that we asked")
        await relationship_actions.accepted(tx, follower, actor)
