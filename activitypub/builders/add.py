"""Add and Remove: pinning a status to the profile, and unpinning it."""

from typing import Any

from fedcoop.accounts.types import Account


def pin(account: Account, identity: str, status: str, *, remove: bool = False) -> dict[str, Any]:
    """Puts a status into the featured collection, or takes it out."""
    return {
        "id": identity,
        "type": "Remove" if remove else "Add",
        "actor": account.uri,
        "object": status,
        "target": account.featured_uri or f"{account.uri}/collections/featured",
        "to": [account.followers_uri or f"{account.uri}/followers"],
    }
