"""Delete: a status or a whole account is gone. What answers at its address then is a `tombstone`."""

from collections.abc import Sequence
from typing import Any

from activitypub.builders.audience import addressed
from activitypub.vocabulary import PUBLIC
from fedcoop.accounts.types import Account


def delete_status(account: Account, uri: str, visibility: str, mentioned: Sequence[str]) -> dict[str, Any]:
    """A status is gone; told to those who could read it."""
    to, cc = addressed(visibility, account.followers_uri or f"{account.uri}/followers", mentioned)
    return {
        "id": f"{uri}#delete",
        "type": "Delete",
        "actor": account.uri,
        "to": to,
        "cc": cc,
        "object": tombstone(uri),
    }


def delete_account(account: Account) -> dict[str, Any]:
    """An account is gone, with all it wrote."""
    return {
        "id": f"{account.uri}#delete",
        "type": "Delete",
        "actor": account.uri,
        "to": [PUBLIC],
        "object": account.uri,
    }


def tombstone(uri: str) -> dict[str, Any]:
    """What stands where something was."""
    return {"id": uri, "type": "Tombstone"}
