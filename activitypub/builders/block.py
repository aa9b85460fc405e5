"""Block: told to the other server so that it keeps the two apart as well. Taking it back is `undo`."""

from typing import Any


def block(identity: str, actor: str, target: str) -> dict[str, Any]:
    """Wants nothing to do with `target`."""
    return {"id": identity, "type": "Block", "actor": actor, "object": target, "to": [target]}
