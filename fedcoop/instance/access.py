"""Reading what is known of the instance as a whole. Who runs it is `fedcoop.config`."""

from fedcoop import clock
from fedcoop.db import Tx
from fedcoop.instance import queries
from fedcoop.instance.types import Numbers, Rule, Week

WEEK = 7 * clock.DAY
# The epoch was a Thursday; weeks begin on Monday.
FIRST_MONDAY = 4 * clock.DAY


async def rules(tx: Tx) -> list[Rule]:
    """The rules in force, in their order."""
    return await tx.all(queries.RULES)


async def numbers(tx: Tx) -> Numbers:
    """How large the instance is. Counts: open the transaction with `db.scan()`."""
    return Numbers(
        users=await tx.scalar(queries.COUNT_USERS),
        active_month=await tx.scalar(queries.COUNT_ACTIVE, since=clock.now() - 30 * clock.DAY),
        statuses=int(await tx.scalar(queries.COUNT_STATUSES)),
        domains=await tx.scalar(queries.COUNT_PEERS),
    )


async def peers(tx: Tx) -> list[str]:
    """Every server of which an account is known here. Long: open the transaction with `db.scan()`."""
    return await tx.scalars(queries.PEERS)


async def activity(tx: Tx, weeks: int = 12) -> list[Week]:
    """The last weeks, newest first. Counts: open the transaction with `db.scan()`."""
    this = (clock.now() - FIRST_MONDAY) // WEEK * WEEK + FIRST_MONDAY
    found = []
    for start in range(this, this - weeks * WEEK, -WEEK):
        span = {"first_id": start << 16, "end_id": (start + WEEK) << 16}
        found.append(
            Week(
                start=start,
                statuses=await tx.scalar(queries.STATUSES_BETWEEN, **span),
                authors=await tx.scalar(queries.AUTHORS_BETWEEN, **span),
                joined=await tx.scalar(queries.JOINED_BETWEEN, start=start, end=start + WEEK),
            )
        )
    return found
