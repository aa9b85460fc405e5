"""Create: a new status. A changed one is `update`."""

from typing import Any

from activitypub.builders.note import audience, note
from activitypub.builders.types import Written
from fedcoop import clock


def create(written: Written) -> dict[str, Any]:
    """Publishes a status."""
    to, cc = audience(written)
    return {
        "id": f"{written.status.uri}/activity",
        "type": "Create",
        "actor": written.author.uri,
        "published": clock.iso(written.status.created_at),
        "to": to,
        "cc": cc,
        "object": note(written),
    }
