"""Follow: the wish to follow. The answers are `accept` and `reject`, taking it back is `undo`."""

from typing import Any


def follow(identity: str, actor: str, target: str) -> dict[str, Any]:
    """Asks `target` to send what they post."""
    return {"id": identity, "type": "Follow", "actor": actor, "object": target, "to": [target]}
