"""Delete: a post of the actor is gone, or the actor itself."""

from __future__ import annotations

from activitypub import keyring
from activitypub.errors import Ignored
from activitypub.federation import Federation
from activitypub.inbox import feature, interaction, quote
from activitypub.inbox.once import once
from activitypub.origins import same_origin
from activitypub.vocabulary import Delete
from fedcoop.accounts import access as account_access
from fedcoop.accounts import actions as account_actions
from fedcoop.accounts.types import Account
from fedcoop.statuses import remote


async def known_actor(fed: Federation, delete: Delete) -> Account:
    """The account of the actor, never fetched: what we do not know need not be deleted. Raises `Ignored`."""
    async with fed.db.read() as tx:
        found = await account_access.by_uri(tx, delete.actor)
    if found is None:
        raise Ignored("a Delete of somebody whom we do not know")
    return found


async def on_delete(fed: Federation, actor: Account, delete: Delete) -> None:
    """Remove what is the actor's own. A post that never came is remembered as deleted, if it shares the actor's
    origin, so that it is refused when it comes late."""
    uri = delete.object_id
    if not uri:
        raise Ignored("a Delete of nothing")
    if uri == actor.uri:
        await _account(fed, actor, delete)
        return
    if not same_origin(uri, actor.uri):
        raise Ignored("a Delete of something of another server")
    async with fed.db.write() as tx:
        await once(tx, delete)
        for taken_back in (quote.stamp_deleted, feature.stamp_deleted, interaction.stamp_deleted):
            if await taken_back(tx, actor, uri):
                return
        if not await remote.receive_delete(tx, actor, uri):
            raise Ignored("a Delete of a post of somebody else")


async def _account(fed: Federation, actor: Account, delete: Delete) -> None:
    """The account goes with all that it wrote: its owner signed that."""
    async with fed.db.write() as tx:
        await once(tx, delete)
        await account_actions.delete_remote(tx, actor)
    keyring.forget(fed, actor.uri, actor.public_key_id)
