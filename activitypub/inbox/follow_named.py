"""Which of our follows an Accept or Reject means: named by its id, or embedded with actor and object."""

from activitypub.inbox import queries
from activitypub.vocabulary import Activity, Follow
from fedcoop.accounts import access as account_access
from fedcoop.accounts.types import Account
from fedcoop.db import Tx


async def follower_named(tx: Tx, answering: Account, answer: Activity) -> Account | None:
    """The local account whose follow (or request) of `answering` is meant; None where there is none."""
    if answer.object_id:
        found = await tx.scalar(queries.FOLLOWER_BY_URI, uri=answer.object_id, target_id=answering.id)
        if found is not None:
            return await account_access.find(tx, found)
    embedded = answer.object
    if isinstance(embedded, Follow) and embedded.object_id == answering.uri:
        follower = await account_access.by_uri(tx, embedded.actor)
        if follower is not None and follower.local:
            return follower
    return None
