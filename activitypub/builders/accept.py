"""Accept: yes to a follower. No is `reject`."""

from typing import Any

from activitypub.builders.follow import follow


def accept(identity: str, actor: str, follower: str, follow_id: str) -> dict[str, Any]:
    """Accepts the Follow of `follower`, embedded, since some servers do not remember their own."""
    return {
        "id": identity,
        "type": "Accept",
        "actor": actor,
        "object": follow(follow_id, follower, actor),
        "to": [follower],
    }
