"""Flag: reports an account, posts and collections elsewhere. What arrives is read in `activitypub.inbox.flag`."""

from typing import Any


def flag(identity: str, actor: str, objects: list[str], content: str) -> dict[str, Any]:
    """Of all that is reported the addresses; `actor` is the server's own, and nobody's name is in it."""
    return {"id": identity, "type": "Flag", "actor": actor, "object": objects, "content": content}
