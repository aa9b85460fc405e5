"""Add and Remove: pinned posts of a profile and moderators of groups; nothing of ours may be changed by them."""

from activitypub.errors import Ignored
from activitypub.federation import Federation
from activitypub.vocabulary import Add, Remove
from fedcoop.accounts.types import Account


async def on_add(_fed: Federation, actor: Account, add: Add | Remove) -> None:
    """Pins of others are read from their featured collection when somebody looks, so nothing is kept here;
    an Add to somebody else's collection is refused by name (A12)."""
    if add.target != actor.featured_uri:
        raise Ignored(f"{add.type} to a collection that is not the actor's own")
    raise Ignored("pins of others are not kept")
