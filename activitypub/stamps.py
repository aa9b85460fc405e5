"""Looking at stamps of consent where they live. Ours are served by `documents`."""

from __future__ import annotations

from activitypub import resolve
from activitypub.federation import Federation
from activitypub.origins import same_origin
from activitypub.vocabulary import Accept, Authorization


async def binds(
    fed: Federation,
    kind: str,
    stamp: str,
    *,
    author: str,
    interacting: str,
    target: str,
    accepts: bool = False,
) -> bool:
    """Does `author` say at `stamp`, on their own server, that this very `interacting` may do this to `target`?
    `accepts`: an Accept that names both says so too, as GoToSocial once had it. Raises `FetchError`, `Ignored`."""
    if not stamp or not same_origin(stamp, author):
        return False
    thing, identity = await resolve.fetch(fed, stamp)
    if accepts and isinstance(thing, Accept):
        said = (thing.actor, thing.object_id, thing.target)
        return identity == stamp and said == (author, interacting, target)
    return (
        isinstance(thing, Authorization)
        and thing.type == kind
        and identity == stamp
        and thing.attributed_to in (author, "")
        and thing.interacting_object == interacting
        and thing.interaction_target == target
    )
