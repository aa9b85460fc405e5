"""Like: a favourite. Taking it back is `undo`."""

from typing import Any


def like(identity: str, actor: str, status: str, author: str) -> dict[str, Any]:
    """Tells the author that somebody favourites their status."""
    return {"id": identity, "type": "Like", "actor": actor, "object": status, "to": [author]}
