"""Move: a member has another account from now on (FEP-7628). Reading those of others is `inbox.move`."""

from typing import Any

from activitypub.vocabulary import PUBLIC
from fedcoop import clock
from fedcoop.accounts.types import Account


def move(account: Account, target: Account) -> dict[str, Any]:
    """Asks the followers to follow `target`, which names this account as its alias. Everybody may know, as
    relays pass on nothing else."""
    return {
        "id": f"{account.uri}#moves/{clock.now()}",
        "type": "Move",
        "actor": account.uri,
        "object": account.uri,
        "target": target.uri,
        "to": [PUBLIC],
        "cc": [account.followers_uri or f"{account.uri}/followers"],
    }
