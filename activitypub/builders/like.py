"""Like: a favourite. Taking it back is `undo`."""

from typing import Any

from activitypub.builders.interaction import stamped


def like(identity: str, actor: str, status: str, author: str, stamp: str = "") -> dict[str, Any]:
    """Tells the author that somebody favourites their status, with the address of the consent that it needed."""
    document = {"id": identity, "type": "Like", "actor": actor, "object": status, "to": [author]}
    return document | stamped("favourite", stamp)
