"""Reject: no to a follower, at once or later (removing a follower). Yes is `accept`."""

from typing import Any

from activitypub.builders.follow import follow


def reject(identity: str, actor: str, follower: str, follow_id: str) -> dict[str, Any]:
    """Rejects the Follow of `follower`, embedded."""
    return {
        "id": identity,
        "type": "Reject",
        "actor": actor,
        "object": follow(follow_id, follower, actor),
        "to": [follower],
    }
