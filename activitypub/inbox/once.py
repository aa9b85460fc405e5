"""Each activity counts once: its id is remembered in the transaction of its effect. Clearing up is `forget`."""

from activitypub import queries
from activitypub.errors import Ignored
from activitypub.vocabulary import Activity
from fedcoop import clock
from fedcoop.db import Tx

KEPT_MS = 30 * clock.DAY


async def once(tx: Tx, activity: Activity) -> None:
    """Raises `Ignored` when an activity of this id had its effect already. One without id may have it again."""
    if not activity.id:
        return
    new = await tx.execute(queries.REMEMBER, uri=activity.id, received_at=clock.now())
    if not new:
        raise Ignored("received before")


async def forget(tx: Tx) -> None:
    """Forget the ids of activities that nobody sends again."""
    await tx.execute(queries.FORGET_RECEIVED, before=clock.now() - KEPT_MS)
