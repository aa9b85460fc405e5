"""Reject: somebody elsewhere does not let a local account follow, or no longer. Yes is `accept`."""

from activitypub import relays
from activitypub.errors import Ignored
from activitypub.federation import Federation
from activitypub.inbox import feature, interaction, quote
from activitypub.inbox.follow_named import follower_named
from activitypub.inbox.once import once
from activitypub.vocabulary import Reject
from fedcoop.accounts.types import Account
from fedcoop.relationships import actions as relationship_actions


async def on_reject(fed: Federation, actor: Account, reject: Reject) -> None:
    """The request or the follow ends."""
    if quote.answers_quote(reject):
        await quote.on_reject(fed, actor, reject)
        return
    if feature.answers_feature(reject):
        await feature.on_reject(fed, actor, reject)
        return
    if await relays.answered(fed, actor, reject) or await interaction.answered(fed, actor, reject):
        return
    async with fed.db.write() as tx:
        await once(tx, reject)
        follower = await follower_named(tx, actor, reject)
        if follower is None:
            raise Ignored("an answer to nothing that we asked")
        await relationship_actions.rejected(tx, follower, actor)
