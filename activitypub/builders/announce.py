"""Announce: a reblog. Taking it back is `undo`."""

from typing import Any

from activitypub.builders.audience import addressed
from activitypub.builders.interaction import stamped
from activitypub.builders.types import Written
from fedcoop import clock


def announce(written: Written) -> dict[str, Any]:
    """Shares `written.reblog_of` with the followers, and tells its author."""
    status, account = written.status, written.author
    authors = [written.reblog_author] if written.reblog_author else []
    followers = account.followers_uri or f"{account.uri}/followers"
    to, cc = addressed(status.visibility, followers, authors)
    document: dict[str, Any] = {
        "id": announce_id(status.uri),
        "type": "Announce",
        "actor": account.uri,
        "published": clock.iso(status.created_at),
        "to": to,
        "cc": cc,
        "object": written.reblog_of,
    }
    return document | stamped("reblog", written.stamp)


def announce_id(uri: str) -> str:
    """The id of the activity that made the reblog with this address."""
    return uri if uri.endswith("/activity") else f"{uri}/activity"
