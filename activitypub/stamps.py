"""Looking at stamps of consent where they live. Ours are served by `documents`."""

from __future__ import annotations

from activitypub import resolve
from activitypub.builders.stamps import Kind
from activitypub.federation import Federation
from activitypub.origins import same_origin
from activitypub.vocabulary import Authorization


async def binds(
    fed: Federation, kind: Kind, stamp: str, *, author: str, interacting: str, target: str
) -> bool:
    """Does `author` say at `stamp`, on their own server, that this very `interacting` may show `target`? Raises
    `FetchError`, `Ignored`."""
    if not stamp or not same_origin(stamp, author):
        return False
    thing, identity = await resolve.fetch(fed, stamp)
    return (
        isinstance(thing, Authorization)
        and thing.type == kind
        and identity == stamp
        and thing.attributed_to in (author, "")
        and thing.interacting_object == interacting
        and thing.interaction_target == target
    )
